"""Cutting affixes off many words at once.

A word is a stretch of an array of letters, and cutting moves its borders. Its first and its last
eight letters come as one whole number each, so that looking for an affix is one comparison for
all words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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

    def number(self, affix: str) -> np.uint64:
        """An affix as a number like those of `heads`."""
        letters = bytes(ord(letter) - self._block for letter in affix)
        return np.uint64(int.from_bytes(letters, "little"))

    def heads(self, starts: Array) -> UInt64Array:
        """The eight letters from each start on, the first one in the lowest byte."""
        return self._numbers[starts + WIDTH]

    def begins(self, starts: Array, ends: Array, affix: str, least: int = 0) -> Array:
        """Which words begin with an affix and have at least so many letters more."""
        fits = self.heads(starts) & low(len(affix)) == self.number(affix)
        return fits & (ends - starts >= len(affix) + least)

    def beginning(self, starts: Array, ends: Array, affixes: Sequence[str], least: int) -> Array:
        """The length of the first affix that each word begins with and that leaves at least so
        many letters of it, or 0."""
        heads, lengths = self.heads(starts), ends - starts
        found = np.zeros(len(starts), np.int64)
        for affix in reversed(affixes):
            fits = heads & low(len(affix)) == self.number(affix)
            found[fits & (lengths >= len(affix) + least)] = len(affix)
        return found

    def ending(self, starts: Array, ends: Array, affixes: Sequence[str], least: int) -> Array:
        """The length of the first affix that each word ends with and that leaves at least so
        many letters of it, or 0."""
        tails, lengths = self._numbers[ends], ends - starts
        found = np.zeros(len(starts), np.int64)
        for affix in reversed(affixes):
            fits = tails >> np.uint64(8 * (WIDTH - len(affix))) == self.number(affix)
            found[fits & (lengths >= len(affix) + least)] = len(affix)
        return found
