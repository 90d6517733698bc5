"""What Fihris knows of a language: the shape that each file in `languages/` fills in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


def no_rests(word: str) -> Sequence[str]:
    """For languages that write no particles onto their words."""
    return ()


def _no_root(word: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Language:
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
    """

    code: str
    name: str
    script: str
    version: str
    stop_words: frozenset[str]
    stems: Callable[[Sequence[str]], list[str]]
    rests: Callable[[str], Sequence[str]] = no_rests
    root: Callable[[str], str] = _no_root
