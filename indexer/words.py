"""Splitting text into words, in the same way for every language and for documents and queries.

A *surface* is a stretch of text as it stands there; it gives the keys of one word or of none or
several: `L’Armée` → `armée`, `Vlasov's` → `vlasov`, `ﷺ` → four words at one place.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from .folding import FORMAT_CHARACTERS, casefold_key, fold

#: A run of more letters than this is cut into pieces: no language has such words, noise does.
MAX_WORD = 128
# So many surfaces are remembered, none of them longer than this: a megabyte of the words of any
# language, and 16 of the worst that a text can hold. A longer memory would save little time.
_REMEMBERED, _MEMORABLE = 2048, 24

#: Signs that stand for an apostrophe inside a word.
APOSTROPHES = "'’ʼ＇"
#: One surface. Marks count as letters, so that vocalised Arabic stays whole; single apostrophes
#: and format characters stand inside words; hyphens part words.
SURFACE = regex.compile(
    rf"\w{{1,{MAX_WORD}}}(?:[{FORMAT_CHARACTERS}{APOSTROPHES}]\w{{1,{MAX_WORD}}}){{0,4}}"
)
# Scripts without spaces between words: each sign with its marks counts as a word. They and the
# underscores cost the pattern above half its speed, so the few surfaces that hold one are cut here.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_TO_BE_CUT = regex.compile(rf"[\p{{Pc}}{_UNSPACED}]")
_PIECE = regex.compile(rf"[{_UNSPACED}]\p{{M}}*|[^\p{{Pc}}{_UNSPACED}]+")

# French leaves out the vowel of these before another one; the rest is the word to be found.
# The list is closed, so that o'brien and aujourd'hui stay whole.
_ELISIONS = frozenset(
    [
        "l",
        "d",
        "j",
        "m",
        "t",
        "s",
        "n",
        "c",
        "qu",
        "jusqu",
        "lorsqu",
        "puisqu",
        "quoiqu",
        "quelqu",
        "presqu",
    ]
)


def _keys_of_piece(piece: str) -> tuple[str, ...]:
    # One apostrophe, ʼ, is a letter to Unicode and so may stand at the ends.
    key = casefold_key(piece).strip("'")
    if "'" in key:
        head, _, tail = key.partition("'")
        if head in _ELISIONS and len(tail) > 1:
            key = tail
        if key.endswith("'s"):
            key = key[:-2]
    parts = key.split() if " " in key else (key,)
    # A sign that folds to nothing (marks alone) could never be asked for.
    return tuple(part for part in parts if fold(part))


def _pieces(surface: str) -> list[tuple[tuple[str, ...], int, int]]:
    """The keys of each piece of a surface, with the piece's start and end in the surface."""
    if not _TO_BE_CUT.search(surface):
        return [(_keys_of_piece(surface), 0, len(surface))]
    return [(_keys_of_piece(m.group()), m.start(), m.end()) for m in _PIECE.finditer(surface)]


def keys_of(surface: str) -> tuple[str, ...]:
    """The keys of the words of one surface, mostly one."""
    return tuple(key for keys, _, _ in _pieces(surface) for key in keys)


_remembered = lru_cache(maxsize=_REMEMBERED)(_pieces)


def _pieces_of(surface: str) -> list[tuple[tuple[str, ...], int, int]]:
    return _remembered(surface) if len(surface) <= _MEMORABLE else _pieces(surface)


def words(text: str) -> list[str]:
    """The keys of the words of a text, in order."""
    return [
        key
        for surface in SURFACE.findall(text)
        for keys, _, _ in _pieces_of(surface)
        for key in keys
    ]


def spans(text: str) -> list[tuple[str, int, int]]:
    """Each word's key with the start and end of where it stands, in code points of the text.

    The n-th item is the n-th of `words(text)`, so that positions and places tell each other.
    """
    return [
        (key, match.start() + start, match.start() + end)
        for match in SURFACE.finditer(text)
        for keys, start, end in _pieces_of(match.group())
        for key in keys
    ]
