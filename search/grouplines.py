"""Thesauri in plain text: a line is a group of terms, in whatever languages.

`army, armed forces, armée, جيش`: commas or semicolons, Latin or Arabic, stand between; empty lines
and lines that begin with # say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import regex

from ..indexer.errors import InputError
from ..indexer.words import words

#: What a file may hold, so that it is read in seconds.
MAX_LINES = 1_000_000
MAX_LINE = 1 << 14
#: Terms of a group: each word of a query is resolved with all the others of its group.
MAX_GROUP = 50

_BETWEEN = regex.compile("[,;،؛]")


def groups(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Where each group stands, and its terms.

    Raises InputError, naming file and line, and OSError.
    """
    for where, line in _lines(path):
        terms = [term for part in _BETWEEN.split(line) if (term := part.strip())]
        if len(terms) < 2:
            raise InputError(
                where, "has one term only", "a group is two or more with commas between"
            )
        if len(terms) > MAX_GROUP:
            raise InputError(
                where, f"has {len(terms):,} terms; {MAX_GROUP} are allowed", "split the group"
            )
        for term in terms:
            if not words(term):
                raise InputError(
                    where, f"{term[:40]!r} holds no word", "write words with commas between"
                )
        yield where, terms


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Where each line stands, and its text; without those that say nothing."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            where = f"{path}:{number}"
            if number > MAX_LINES:
                raise InputError(where, f"is beyond the first {MAX_LINES:,} lines", "cut it")
            if len(line) > MAX_LINE:
                raise InputError(
                    where, f"the line is over {MAX_LINE // 1024} KiB", "a group is one line"
                )
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError:
                raise InputError(where, "is not UTF-8", "save the file as UTF-8") from None
            if text and not text.startswith("#"):
                yield where, text
