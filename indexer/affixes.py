"""Cutting affixes off many words at once.

A word is a stretch of an array of letters, and cutting moves its borders. Its first and its last
eight letters come as one whole number each, so that looking for an affix is one comparison for
all words.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec
import numpy as np

from . import compiled
from .arrayfile import Array
from .hashing import UInt64Array
from .strings import Strings

#: So many letters make a number.
WIDTH = 8


def low(letters: int) -> np.uint64:
    """What of a number of letters the first so many take up."""
    return np.uint64((1 << 8 * letters) - 1)


class Letters:
    """The letters of words of which affixes are cut off.

    Affixes have at most `WIDTH` letters, all of one block of 256 code points. Words are told by
    their borders in `points`, as they are after earlier cuts. Affixes are tried in the order of
    their list, and of those that fit the first one counts.

    Args:
        block: the first code point of the block, 0x0600 for Arabic.
    """

    def __init__(self, words: Strings, block: int) -> None:
        self.points = words.points
        self._block = block
        letters = words.points - np.uint32(block)
        # Letters of other blocks, and what is no letter, are like no letter of an affix.
        letters[letters > 0xFF] = 0
        border = np.zeros(WIDTH, np.uint8)
        padded = np.concatenate([border, letters.astype(np.uint8), border])
        # The eight letters from each place on, the first one in the lowest byte.
        self._numbers: UInt64Array = np.ndarray(
            len(padded) - WIDTH + 1, np.dtype("<u8"), padded.data, strides=(1,)
        )

    def heads(self, starts: Array) -> UInt64Array:
        """The eight letters from each start on, the first one in the lowest byte."""
        return self._numbers[starts + WIDTH]

    def begins(self, starts: Array, ends: Array, affix: str, least: int = 0) -> Array:
        """Which words begin with an affix and have at least so many letters more."""
        fits = self.heads(starts) & low(len(affix)) == number(affix, self._block)
        return fits & (ends - starts >= len(affix) + least)

    def beginning(self, starts: Array, ends: Array, affixes: tuple[str, ...], least: int) -> Array:
        """The length of the first affix that each word begins with and that leaves at least so
        many letters of it, or 0."""
        beginnings, _, sizes = _affixes(affixes, self._block)
        fits = first_fit(self.heads(starts), ends - starts, beginnings, sizes[:-1] + least)
        return sizes[fits]

    def ending(self, starts: Array, ends: Array, affixes: tuple[str, ...], least: int) -> Array:
        """The length of the first affix that each word ends with and that leaves at least so
        many letters of it, or 0."""
        _, endings, sizes = _affixes(affixes, self._block)
        return sizes[first_fit(self._numbers[ends], ends - starts, endings, sizes[:-1] + least)]


class Patterns(msgspec.Struct, frozen=True):
    """What some of the eight letters of a number may be: under each mask, each number (uint64)."""

    masks: UInt64Array
    numbers: UInt64Array


def number(affix: str, block: int) -> np.uint64:
    """An affix as a number like those of `heads`."""
    letters = bytes(ord(letter) - block for letter in affix)
    return np.uint64(int.from_bytes(letters, "little"))


@lru_cache(maxsize=64)
def _affixes(affixes: tuple[str, ...], block: int) -> tuple[Patterns, Patterns, Array]:
    """Affixes as patterns of the first and of the last letters of words, and their lengths with
    a 0 behind them, which is that of none."""
    numbers = np.array([number(affix, block) for affix in affixes], np.uint64)
    masks = np.array([low(len(affix)) for affix in affixes], np.uint64)
    sizes = np.array([*map(len, affixes), 0])
    shifts = (8 * (WIDTH - sizes[:-1])).astype(np.uint64)
    return Patterns(masks, numbers), Patterns(masks << shifts, numbers << shifts), sizes


def first_fit(letters: UInt64Array, lengths: Array, patterns: Patterns, least: Array) -> Array:
    """The place of the first pattern that each number of letters fits, or -1.

    Args:
        lengths: of the words; `least`: what each pattern asks of them.
    """
    if compiled.kernels:
        which = np.empty(len(letters), np.int64)
        compiled.kernels.fit(letters, lengths, patterns.masks, patterns.numbers, least, which)
        return which
    which = np.full(len(letters), -1)
    for place in reversed(range(len(least))):
        fits = letters & patterns.masks[place] == patterns.numbers[place]
        which[fits & (lengths >= least[place])] = place
    return which
