"""Synonyms that are given with a search: groups of words, in a plain text file.

A line is a group, in whatever languages: `army, troops, armée, جيش`. Commas or semicolons, Latin or
Arabic, stand between; empty lines and lines that begin with # say nothing.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import regex

from ..indexer.errors import InputError
from ..indexer.folding import fold
from ..indexer.words import words

#: What a file may hold, so that it is read in seconds into some hundred megabytes at most.
MAX_LINES = 1_000_000
MAX_WORDS = 500_000
MAX_LINE = 1 << 14
#: Of a group: each word of a query is resolved with all the others of its group.
MAX_GROUP = 50

_BETWEEN = regex.compile("[,;،؛]")


class Thesaurus:
    """Groups of words that may stand for one another.

    A word may be in several groups. It is a synonym of all their words, but they are none of each
    other's: what `bank` means does not make a river of money.

    Args:
        groups: keys of words (`indexer.words`).

    Attributes:
        phrases: how many terms of several words were passed over: they are not searched for.
        first_phrase: where the first of them stands.
        digest: tells one file from another.
    """

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self.phrases, self.first_phrase, self.digest = 0, "", ""
        self._groups: list[tuple[str, ...]] = []
        self._of_form: dict[str, list[int]] = {}
        for group in groups:
            self._add(group)

    def __bool__(self) -> bool:
        return bool(self._groups)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Thesaurus:
        """Reads a file in UTF-8. Raises InputError, naming file and line, when it cannot be read
        or is no thesaurus."""
        thesaurus, count, digest = cls(), 0, blake2b(digest_size=12)
        for where, line in _lines(Path(path)):
            terms = [term for part in _BETWEEN.split(line) if (term := part.strip())]
            if len(terms) < 2:
                raise InputError(
                    where, "has one term only", "a group is two or more with commas between"
                )
            if len(terms) > MAX_GROUP:
                raise InputError(
                    where, f"has {len(terms):,} terms; {MAX_GROUP} are allowed", "split the group"
                )
            count += len(terms)
            if count > MAX_WORDS:
                raise InputError(
                    where, f"is beyond the first {MAX_WORDS:,} terms", "leave groups out"
                )
            digest.update(line.encode() + b"\n")
            thesaurus._add([key for term in terms for key in thesaurus._word_of(term, where)])
        thesaurus.digest = digest.hexdigest()
        return thesaurus

    def related(self, forms: Collection[str], most: int) -> list[str]:
        """The words that share a group with any of some words, without these.

        Args:
            forms: folded words.
            most: how many at most, in the order of the groups.
        """
        numbers = {number for form in forms for number in self._of_form.get(form, ())}
        others = (word for number in sorted(numbers) for word in self._groups[number])
        return list(dict.fromkeys(word for word in others if fold(word) not in forms))[:most]

    def _word_of(self, term: str, where: str) -> list[str]:
        keys = words(term)
        if not keys:
            raise InputError(
                where, f"{term[:40]!r} holds no word", "write words with commas between"
            )
        if len(keys) == 1:
            return keys
        self.phrases += 1
        self.first_phrase = self.first_phrase or where
        return []

    def _add(self, group: Sequence[str]) -> None:
        kept = tuple(dict.fromkeys(group))
        if len(kept) > 1:
            for form in {fold(word) for word in kept}:
                self._of_form.setdefault(form, []).append(len(self._groups))
            self._groups.append(kept)


NO_SYNONYMS = Thesaurus()


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Where each line stands, and its text; without those that say nothing."""
    try:
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
    except OSError as error:
        raise InputError(
            str(path), f"cannot be read ({error.strerror})", "check the path"
        ) from None
