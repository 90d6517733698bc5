"""Many queries from a file, and a run in TREC's format: for measuring the ranking."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import BinaryIO

from click.exceptions import Exit

from ..indexer.errors import InputError
from ..search import Searcher, Thesaurus
from . import output
from .command import nothing_found

_SPACES = re.compile(r"\s+")
_MAX_LINE = 1 << 20


def search_topics(
    folder: str, file: str, limit: int, name: str, thesaurus: Thesaurus | None = None
) -> None:
    """Prints `qid Q0 docid rank score name` for the best hits of each query.

    Lines that are not a number, a tab and a query are named on standard error; the rest goes on.

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
    for topic in _topics(file):
        if isinstance(topic, InputError):
            output.note(f"fihris: {topic}")
            failed = True
            continue
        number, query = topic
        for rank, (document, score) in enumerate(searcher.rank(query, limit)[:limit], 1):
            output.line(f"{number} Q0 {column(document)} {rank} {score:.6f} {name}")
            found = True
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


def _topics(file: str) -> Iterator[tuple[str, str] | InputError]:
    if file == "-":
        yield from parsed(sys.stdin.buffer, "standard input")
        return
    try:
        with open(file, "rb") as opened:  # noqa: PTH123
            yield from parsed(opened, file)
    except OSError as error:
        raise InputError(file, f"cannot be read ({error.strerror})", "check the path") from None


def parsed(file: BinaryIO, where: str) -> Iterator[tuple[str, str] | InputError]:
    """The number and the query of each line, or what is wrong with the line; empty lines are
    passed over."""
    seen: dict[str, int] = {}
    for line_number, line in enumerate(file, 1):
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
