"""Tables of a lexicon that find words spelled alike: by shared 3-grams and by one letter left out.

Both are built from folded forms, for all words at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .hashing import CodePoints, UInt64Array, mixed, running_sum
from .stretches import distinct

#: Words of fewer letters are like too many others.
MIN_LETTERS = 4
_DELETION_NAMESPACE = 4
_BORDER = np.uint64(0x1FFFFF)
_GRAM_BITS = np.uint64(21)


def grams(strings: Sequence[str]) -> tuple[UInt64Array, np.ndarray]:
    """The distinct 3-grams of each string, with one border sign before and after it.

    Returns:
        Parallel arrays: the gram (three code points of 21 bits), the number of its string; in
        ascending order of string, then gram. A string of n letters has at most n grams.
    """
    text = CodePoints(strings)
    lengths, count = text.lengths, len(strings)
    # Every string with a border sign on both sides, one after another.
    starts = text.starts[:-1] + 2 * np.arange(count)
    padded = np.full(len(text.points) + 2 * count, _BORDER, np.uint64)
    padded[np.arange(len(text.points)) + 2 * np.repeat(np.arange(count), lengths) + 1] = text.points
    first = np.repeat(starts, lengths) + text.places
    if not len(first):
        return np.zeros(0, np.uint64), np.zeros(0, np.uint32)
    codes = (padded[first] << _GRAM_BITS | padded[first + 1]) << _GRAM_BITS | padded[first + 2]
    owners = np.repeat(np.arange(count, dtype=np.uint32), lengths)
    known = distinct(codes)
    pairs = owners.astype(np.uint64) << np.uint64(32) | np.searchsorted(known, codes).astype(
        np.uint64
    )
    pairs = distinct(pairs)
    return (
        known[(pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)],
        (pairs >> np.uint64(32)).astype(np.uint32),
    )


def grams_of(string: str) -> list[int]:
    """The distinct 3-grams of one string, as `grams` gives them, ascending."""
    border = int(_BORDER)
    points = [border, *map(ord, string), border]
    bits = int(_GRAM_BITS)
    codes = {
        (a << bits | b) << bits | c for a, b, c in zip(points, points[1:], points[2:], strict=False)
    }
    return sorted(codes)


def deletions(strings: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The strings that come from leaving one letter out, hashed to 32 bits.

    Returns:
        Parallel arrays (uint32): the hash, the number of the string it comes from; in the order
        of the strings. Two strings one edit apart (a letter added, left out, replaced, or two
        neighbours swapped) share a hash, or one of them has the other's whole hash
        (`whole_hashes`).
    """
    text = CodePoints(strings)
    before = running_sum(text.terms())
    after = running_sum(text.terms(shift=-1))
    here = np.arange(len(text.points))
    first = np.repeat(text.starts[:-1], text.lengths)
    last = np.repeat(text.starts[1:], text.lengths)
    # What stands before the letter keeps its place, what stands behind it moves one place down.
    sums = before[here] - before[first] + after[last] - after[here + 1]
    owners = np.repeat(np.arange(len(strings), dtype=np.uint32), text.lengths)
    return _short(sums), owners


def whole_hashes(strings: Sequence[str]) -> np.ndarray:
    """The hash of each whole string, comparable to those of `deletions`."""
    return _short(CodePoints(strings).sums())


def _short(sums: UInt64Array) -> np.ndarray:
    return (mixed(sums, _DELETION_NAMESPACE) >> np.uint64(32)).astype(np.uint32)
