"""Tables of a lexicon that find words spelled alike: by shared 3-grams and by one letter left out.

Both are built from folded forms, for all words at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np

from .arrayfile import Array
from .forms import Forms
from .hashing import UInt64Array, mixed, running_sum, sums, terms
from .hashtable import HashTable, hash_table
from .stretches import ascend, distinct
from .strings import BATCH, Strings

#: Words of fewer letters are like too many others.
MIN_LETTERS = 4
_DELETION_NAMESPACE = 4
_BORDER = np.uint64(0x1FFFFF)
#: Words of so many different 3-grams share at least half of them with any word one edit away, and
#: are found by those (`search/corrections.py`). Others are in the table of deletions.
TOLD_BY_GRAMS = 8
#: A code point in the code of a 3-gram takes so many bits.
GRAM_BITS = 21
_GRAM_BITS = np.uint64(GRAM_BITS)
# Of fewer letters, the border sign among them, all 3-grams are numbered in 32 bits.
_FEW_LETTERS = 1600
# Strings, and values, looked at a time.
_STRINGS_AT_A_TIME = BATCH
_AT_A_TIME = 1 << 20


class GramTable(msgspec.Struct):
    """The words that hold each 3-gram.

    Attributes:
        codes: the different grams, ascending, as `grams_of` gives them.
        starts: where the words of each begin in `words`, and the end of the last (uint32).
        words: the numbers of the words, ascending for each gram (uint32).
        counts: for each number of a word how many grams it has, 255 for more (uint8).
    """

    codes: UInt64Array
    starts: Array
    words: Array
    counts: Array


def gram_table(strings: Strings | Forms, chosen: Array, ids: Array) -> GramTable:
    """The distinct 3-grams of strings, with one border sign before and after each. A string of n
    letters has at most n of them.

    Args:
        chosen: the numbers of those strings that are in the table.
        ids: for each string the number by which the table knows it; they are those below
            the number of strings.
    """
    letters = strings.alphabet()
    grams = _Grams(letters)
    # Grams as numbers of 32 bits, to be sorted together with the words.
    known = None
    if len(letters) >= _FEW_LETTERS:
        batches = _batches(strings, chosen)
        parts = [distinct(grams.numbers(batch)) for _, batch in batches]
        known = distinct(np.concatenate(parts or [_NOTHING]))

    def numbers(batch: Strings) -> UInt64Array:
        found = grams.numbers(batch)
        return found if known is None else np.searchsorted(known, found).astype(np.uint64)

    pairs = _without_repeats(_pairs(strings, chosen, ids, numbers))
    high, _ = _apart(pairs)
    new = np.append(True, high[1:] != high[:-1])[: len(high)]
    starts = np.append(np.flatnonzero(new), len(high)).astype(np.uint32)
    found = high[starts[:-1]]
    codes = grams.codes(found.astype(np.uint64) if known is None else known[found])
    del new, found, high
    words = _low_together(pairs)
    counts = np.zeros(len(strings), np.int64)
    for start in range(0, len(words), _AT_A_TIME):
        counts += np.bincount(words[start : start + _AT_A_TIME], minlength=len(strings))
    return GramTable(codes, starts, words, np.minimum(counts, 255).astype(np.uint8))


class _Grams:
    """3-grams as small numbers, in the order of their codes, when the letters are known."""

    def __init__(self, letters: Array) -> None:
        self._letters = np.append(letters.astype(np.uint64), _BORDER)
        self._base = np.uint64(len(self._letters))
        self._of_letter = np.zeros(_BORDER + np.uint64(1), np.uint32)
        self._of_letter[self._letters] = np.arange(len(self._letters))

    def numbers(self, strings: Strings) -> UInt64Array:
        """The number of the gram around each letter."""
        # One border sign between two strings is the end of one and the beginning of the next.
        where = np.arange(len(strings.points)) + strings.owners()
        padded = np.full(len(where) + len(strings) + 1, self._base - np.uint64(1))
        padded[where + 1] = self._of_letter[strings.points]
        found = (padded[:-2] * self._base + padded[1:-1]) * self._base + padded[2:]
        return found[where]

    def codes(self, numbers: UInt64Array) -> UInt64Array:
        """Three code points of 21 bits for each number."""
        codes = np.zeros(len(numbers), np.uint64)
        for place in range(3):
            letters = self._letters[(numbers % self._base).astype(np.int64)]
            codes |= letters << np.uint64(place) * _GRAM_BITS
            numbers = numbers // self._base
        return codes


def grams_of(string: str) -> list[int]:
    """The distinct 3-grams of one string, as in `GramTable.codes`, ascending."""
    return sorted(set(gram_codes(string)))


def gram_codes(string: str) -> list[int]:
    """The 3-grams around each letter of one string: three code points of GRAM_BITS bits each."""
    border = int(_BORDER)
    points = [border, *map(ord, string), border]
    bits = GRAM_BITS
    return [
        (a << bits | b) << bits | c for a, b, c in zip(points, points[1:], points[2:], strict=False)
    ]


def deletion_table(strings: Strings | Forms, chosen: Array, ids: Array) -> HashTable:
    """The strings that come from leaving one letter out of others: hashes as of `deletions`, and
    the words they come from.

    Args:
        chosen: the numbers of those strings that are in the table.
        ids: for each string the number by which the table knows it.
    """
    pairs = _pairs(strings, chosen, ids, lambda batch: deletions(batch)[0].astype(np.uint64))
    # Either of two equal letters in a row leaves the same string.
    return hash_table(*_apart(_without_repeats(pairs)))


def deletions(strings: Sequence[str] | Strings) -> tuple[Array, Array]:
    """The strings that come from leaving one letter out, hashed to 32 bits.

    Returns:
        Parallel arrays (uint32): the hash, the number of the string it comes from; in the order
        of the strings. Two strings one edit apart (a letter added, left out, replaced, or two
        neighbours swapped) share a hash, or one of them has the other's whole hash
        (`whole_hashes`).
    """
    text = Strings.of(strings)
    before = running_sum(terms(text))
    after = running_sum(terms(text, shift=-1))
    # What stands before the letter keeps its place, what stands behind it moves one place down.
    whole = after[text.starts[1:]] - before[text.starts[:-1]]
    found = whole.repeat(text.lengths) + before[:-1] - after[1:]
    return _short(found), text.owners()


def whole_hashes(strings: Sequence[str] | Strings) -> Array:
    """The hash of each whole string, comparable to those of `deletions`."""
    return _short(sums(Strings.of(strings)))


def _short(values: UInt64Array) -> Array:
    return (mixed(values, _DELETION_NAMESPACE) >> np.uint64(32)).astype(np.uint32)


# Two numbers of 32 bits in one: sorting those is many times faster than sorting by two keys.
_PAIR = np.dtype("<u8")
_NOTHING = np.zeros(0, np.uint64)


def _batches(strings: Strings | Forms, chosen: Array) -> Iterator[tuple[Array, Strings]]:
    """Some strings, so many at a time, with their numbers."""
    for start in range(0, len(chosen), _STRINGS_AT_A_TIME):
        numbers = chosen[start : start + _STRINGS_AT_A_TIME]
        yield numbers, strings.take(numbers)


def _pairs(
    strings: Strings | Forms, chosen: Array, ids: Array, found: Callable[[Strings], UInt64Array]
) -> Array:
    """What is found for each letter of some strings (below 2³²), paired with the id of its string,
    in ascending order."""
    pairs = np.empty(int(strings.lengths[chosen].sum()), _PAIR)
    end = 0
    for numbers, batch in _batches(strings, chosen):
        start, end = end, end + len(batch.points)
        pairs[start:end] = found(batch) << np.uint64(32) | ids[numbers].repeat(batch.lengths)
    ascend(pairs)
    return pairs


def _apart(pairs: Array) -> tuple[Array, Array]:
    """The high and the low half of each pair."""
    halves = pairs.view(np.dtype("<u4"))
    return halves[1::2], halves[::2]


def _low_together(pairs: Array) -> Array:
    """The low halves of pairs, moved together where they stand: the pairs are no more."""
    halves = pairs.view(np.dtype("<u4"))
    for start in range(0, len(pairs), _AT_A_TIME):
        part = halves[2 * start : 2 * (start + _AT_A_TIME) : 2].copy()
        halves[start : start + len(part)] = part
    return halves[: len(pairs)]


def _without_repeats(ordered: Array) -> Array:
    """The distinct values of an array in order, moved together where they stand."""
    count = 0
    for start in range(0, len(ordered), _AT_A_TIME):
        part = ordered[start : start + _AT_A_TIME]
        last = ordered[count - 1 : count] if count else ~part[:1]
        part = part[np.concatenate([last, part[:-1]]) != part]
        ordered[count : count + len(part)] = part
        count += len(part)
    return ordered[:count]
