"""What Fihris knows of a language: the shape that each file in `languages/` fills in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from .arrayfile import Array
from .strings import Strings


def no_rests(word: str) -> Sequence[str]:
    """For languages that write no particles onto their words."""
    return ()


def no_root(word: str) -> str:
    """For languages that do not build words from roots of consonants."""
    return ""


class ArrayForms(msgspec.Struct, frozen=True):
    """The functions of a language for many words at once, for one whose functions are written in
    Python and would take most of the time of indexing.

    Attributes:
        stems: the stem of each word.
        rests: the rests of all words, and the number of the word that each is of, ascending.
        roots: the root of each word, "" for none.
    """

    stems: Callable[[Strings], Strings]
    rests: Callable[[Strings], tuple[Strings, Array]]
    roots: Callable[[Strings], Strings]


class Language(msgspec.Struct, frozen=True):
    """One language. All its functions are free of context: they see one word and nothing else.

    Attributes:
        code: ISO 639-1.
        name: the language's name in itself.
        script: the Unicode script it is written in, as in `regex`'s \\p{…}: Arabic, Latin.
        version: changes with every change of the functions below; an index remembers it.
        stop_words: words that carry little meaning, in folded form.
        stems: the stem of each word; takes keys or folded forms, gives a list of equal length.
            Words with the same stem are forms of one another.
        rests: for a folded word, what may be left of it once prefixed particles (and, with, to)
            are cut off, the longest first. Which of them is right is decided in the lexicon: a
            rest counts only when it is a word there.
        root: for a folded word, its root, or "".
        arrays: the same functions for many words at once, where a language has them.
    """

    code: str
    name: str
    script: str
    version: str
    stop_words: frozenset[str]
    stems: Callable[[Sequence[str]], list[str]]
    rests: Callable[[str], Sequence[str]] = no_rests
    root: Callable[[str], str] = no_root
    arrays: ArrayForms | None = None

    def stems_of(self, words: Strings, listed: Sequence[str] | None = None) -> Strings:
        """`stems` of words as an array; `listed` are the same words where they are at hand."""
        if self.arrays:
            return self.arrays.stems(words)
        return Strings.of(self.stems(words.list() if listed is None else listed))

    def rests_of(self, words: Strings) -> tuple[Strings, Array]:
        """The `rests` of all words, and the number of the word that each is of, ascending."""
        if self.arrays:
            return self.arrays.rests(words)
        if self.rests is no_rests:
            return Strings.of([]), np.zeros(0, np.int64)
        found = [self.rests(word) for word in words.list()]
        owners = np.arange(len(words)).repeat(np.fromiter(map(len, found), np.int64, len(words)))
        return Strings.of([rest for each in found for rest in each]), owners

    def roots_of(self, words: Strings) -> tuple[Strings, Array]:
        """The roots of the words that have one, and their numbers, ascending."""
        if self.arrays:
            roots = self.arrays.roots(words)
        elif self.root is no_root:
            return Strings.of([]), np.zeros(0, np.int64)
        else:
            roots = Strings.of(list(map(self.root, words.list())))
        rooted = np.flatnonzero(roots.lengths)
        return roots.take(rooted), rooted
