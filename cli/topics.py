"""Many queries from a file, and a run in TREC's format: for measuring the ranking."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import BinaryIO

from click.exceptions import Exit

from ..indexer.errors import InputError
from ..search import Searcher, Thesaurus
from . import output
from .command import nothing_found
from .progress import Lines, Meter, meter
from .search import NOTES

_SPACES = re.compile(r"\s+")
_MAX_LINE = 1 << 20


def search_topics(
    folder: str, file: str, limit: int, name: str, thesaurus: Thesaurus | None = None
) -> None:
    """Prints `qid Q0 docid rank score name` for the best hits of each query.

    Lines that are not a number, a tab and a query are named on standard error, and queries that
    are read or answered in part; the rest goes on. How far it has come is told there as well.

    Args:
        folder: of the index.
        file: its path; "-" is standard input.
        limit: hits of each query.
        name: of the run, without spaces.
        thesaurus: synonyms.

    Raises:
        FihrisError: the index cannot be opened, or the file cannot be read.
        Exit: 2 when a line was left out, 1 when no query found anything.
    """
    if not name or _SPACES.search(name):
        raise InputError("--run", "the name of a run holds no spaces", "write it in one word")
    searcher = Searcher(folder, thesaurus=thesaurus)
    found = failed = False
    with _opened(file) as (topics, size), _progress() as progress:
        for count, topic in enumerate(parsed(topics, _name(file)), 1):
            if isinstance(topic, InputError):
                progress.say(f"fihris: {topic}")
                failed = True
                continue
            number, query = topic
            ranked = searcher.rank(query, limit)
            for note in ranked.notes:
                progress.say(f"fihris: query {number}: {NOTES.get(note, note)}")
            if ranked.partial:
                progress.say(f"fihris: query {number}: too much to be looked for everywhere, "
                             "some documents may be missing")  # fmt: skip
            for rank, (document, score) in enumerate(ranked, 1):
                output.line(f"{number} Q0 {column(document)} {rank} {score:.6f} {name}")
                found = True
            progress.update(topics.tell() if size else 0, size, count)
    if failed:
        raise Exit(2)
    if not found:
        nothing_found()


def column(document_id: str) -> str:
    """The id as one column: spaces and control characters are written as %XX of their UTF-8."""
    return re.sub(
        r"[\s\0-\x1f\x7f-\x9f]",
        lambda space: "".join(f"%{byte:02X}" for byte in space[0].encode()),
        document_id,
    )


def _name(file: str) -> str:
    return "standard input" if file == "-" else file


@contextmanager
def _opened(file: str) -> Iterator[tuple[BinaryIO, int]]:
    """The file and how many bytes it has, 0 where that is not known."""
    if file == "-":
        yield sys.stdin.buffer, 0
        return
    try:
        opened = open(file, "rb")  # noqa: PTH123, SIM115
    except OSError as error:
        raise _unreadable(file, error) from None
    with opened:
        # What can be searched for its place has an end.
        yield opened, os.fstat(opened.fileno()).st_size if opened.seekable() else 0


def _progress() -> AbstractContextManager[Meter]:
    # Beside the run itself on a terminal a bar would be in the way.
    if output.is_terminal(sys.stdout):
        return nullcontext(Lines("searching", "queries"))
    return meter("searching", "queries")


def _unreadable(file: str, error: OSError) -> InputError:
    return InputError(file, f"cannot be read ({error.strerror})", "check the path")


def parsed(file: BinaryIO, where: str) -> Iterator[tuple[str, str] | InputError]:
    """The number and the query of each line, or what is wrong with the line; empty lines are
    passed over."""
    seen: dict[str, int] = {}
    for line_number, line in enumerate(_lines(file, where), 1):
        at = f"{where}:{line_number}"
        if len(line) > _MAX_LINE:
            yield InputError(at, "the line is over 1 MiB", "shorten the query")
            continue
        try:
            text = line.decode("utf-8-sig" if line_number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            yield InputError(at, "is not UTF-8", "save the file as UTF-8")
            continue
        if not text.strip():
            continue
        number, tab, rest = text.partition("\t")
        if not tab or not number or _SPACES.search(number) or not rest.partition("\t")[0].strip():
            yield InputError(at, "is not a number, a tab and a query", "write 12<tab>the query")
        elif number in seen:
            yield InputError(at, f"the number {number} stands in line {seen[number]} already")
        else:
            seen[number] = line_number
            yield number, rest.partition("\t")[0]


def _lines(file: BinaryIO, where: str) -> Iterator[bytes]:
    try:
        yield from file
    except OSError as error:
        raise _unreadable(where, error) from None
