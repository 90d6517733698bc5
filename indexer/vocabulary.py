"""Reading texts into numbers of words: all passages of many documents in one go, on arrays.

Characters are classified by a table, words are the stretches between separators, and each is told
by the sum of random values of its characters times powers of a random odd number, modulo 2⁶⁴: a
running sum over the whole text gives it for every word at once (Karp and Rabin, 1987). The few
stretches that such a table cannot judge (apostrophes, ligatures, scripts without spaces) go
through `words`, which this module agrees with for every text.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import cache, lru_cache

import msgspec
import numpy as np

from . import compiled
from .arrayfile import Array
from .characters import OTHER, PLAIN, SEPARATOR, SIGN, keys, kinds
from .hashing import UInt64Array, mixed, running_sum
from .numbering import Numbering
from .strings import GrowingStrings, Strings, edges
from .words import MAX_WORD, spans, words

# So many characters are worked on at a time; more no longer fit into a processor's own memory.
_AT_A_TIME = 1 << 17
# What `words` gave for so many stretches is remembered, unless they are long.
_REMEMBERED, _MEMORABLE = 100_000, 64
_BREAK = "\n"


class Read(msgspec.Struct, frozen=True):
    """Texts as words, one text after another.

    Attributes:
        words: the number of each word in the vocabulary (int64).
        offsets: where in its text the word begins, or the stretch that it comes from, in code
            points.
        counts: how many words each text has.
    """

    words: Array
    offsets: Array
    counts: Array


class Vocabulary:
    """The distinct words that were read, numbered in the order in which they were found.

    Args:
        first: distinct words that get the first numbers.
    """

    def __init__(self, first: Sequence[str] = ()) -> None:
        self._numbering = Numbering()
        self._words = GrowingStrings()
        self._remembered: dict[str, list[int]] = {}
        self.numbers_of(first)

    def __len__(self) -> int:
        return len(self._numbering)

    def words(self) -> Strings:
        """The words; good until more are read."""
        return self._words.strings

    def read(self, texts: Sequence[str]) -> Read:
        """The words of some texts, as `words` finds them in each."""
        parts = [self._read(part) for part in _portions(texts)]
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return Read(*(np.zeros(0, np.int64) for _ in range(3)))
        return Read(
            np.concatenate([part.words for part in parts]),
            np.concatenate([part.offsets for part in parts]),
            np.concatenate([part.counts for part in parts]),
        )

    def _read(self, texts: Sequence[str]) -> Read:
        text = _BREAK.join(["", *texts, ""])
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        begins = np.cumsum([1, *map(len, texts)], dtype=np.int64)
        begins += np.arange(len(begins))
        starts, ends, offsets, hashes, counts = _cut(points, begins)
        numbers = self._numbers(hashes, points, starts, ends)
        odd = np.flatnonzero(hashes == 0)
        if len(odd):
            places = zip(starts[odd].tolist(), ends[odd].tolist(), strict=True)
            found = self._odd([text[start:end] for start, end in places])
            sizes = [len(each) for each in found]
            if max(sizes) > 1 or not min(sizes):
                of_each = np.ones(len(starts), np.int64)
                of_each[odd] = sizes
                numbers, offsets = np.repeat(numbers, of_each), np.repeat(offsets, of_each)
                before = edges(of_each)[edges(counts)]
                counts = before[1:] - before[:-1]
            numbers[numbers < 0] = [number for each in found for number in each]
        return Read(numbers, offsets, counts)

    def _odd(self, stretches: list[str]) -> list[list[int]]:
        """The numbers of the words of stretches that `words` has to judge."""
        if len(self._remembered) > _REMEMBERED:
            self._remembered.clear()
        found = self._remembered
        new = [stretch for stretch in dict.fromkeys(stretches) if stretch not in found]
        if new:
            spelt = [words(stretch) for stretch in new]
            numbers = self.numbers_of([word for each in spelt for word in each]).tolist()
            end = 0
            for stretch, each in zip(new, spelt, strict=True):
                start, end = end, end + len(each)
                found[stretch] = numbers[start:end]
        given = [found[stretch] for stretch in stretches]
        for stretch in new:
            if len(stretch) > _MEMORABLE:
                del found[stretch]
        return given

    def numbers_of(self, spelt: Sequence[str] | Strings) -> Array:
        """The numbers of words, which get one if they are new."""
        text = Strings.of(spelt)
        starts, ends = text.starts[:-1], text.starts[1:]
        hashes = _hashes(_values_of(text.points), starts, ends)
        return self._numbers(hashes, text.points, starts, ends)

    def _numbers(self, hashes: UInt64Array, points: Array, starts: Array, ends: Array) -> Array:
        """The number of each word, by its hash (0 for none, which gets -1); words that are new get
        one, and are kept as they begin and end in the text."""
        numbers, new = self._numbering.number(hashes)
        if len(new):
            found = Strings.pieces(points, starts[new], ends[new])
            self._words.extend(Strings(_in_key(found.points), found.starts))
        return numbers


def places(text: str) -> list[tuple[int, int]]:
    """Where each word of a text begins and ends, in code points: what `words.spans` tells, without
    the words themselves."""
    between = f"{_BREAK}{text}{_BREAK}".encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(between, np.uint32)
    starts, ends, _, hashes, _ = _cut(points, np.array([1, len(points)]))
    found = list(zip((starts - 1).tolist(), (ends - 1).tolist(), strict=True))
    odd = np.flatnonzero(hashes == 0).tolist()
    for n in reversed(odd):
        start, end = found[n]
        found[n : n + 1] = [(start + a, start + b) for _, a, b in spans(text[start:end])]
    return found


def _portions(texts: Sequence[str]) -> list[Sequence[str]]:
    """The texts, a few at a time."""
    portions, first, size = [], 0, 1
    for number, text in enumerate(texts):
        if size + len(text) >= _AT_A_TIME and number > first:
            portions.append(texts[first:number])
            first, size = number, 1
        size += len(text) + 1
    if first < len(texts):
        portions.append(texts[first:])
    return portions


def _cut(points: Array, begins: Array) -> tuple[Array, Array, Array, UInt64Array, Array]:
    """Cuts texts into stretches between separators.

    Args:
        points: the characters of all texts, with a separator before each and behind the last.
        begins: where each text begins in them; last, where one behind the last would.

    Returns:
        Where each stretch begins and ends; where it begins in its text; its hash if it is one
        word of plain characters, with single vowel signs behind letters, else 0; how many
        stretches each text has.
    """
    if compiled.kernels:
        starts, ends, offsets = (np.empty(len(points) // 2, np.int64) for _ in range(3))
        hashes, counts = np.empty(len(starts), np.uint64), np.empty(len(begins) - 1, np.int64)
        found = slice(
            compiled.kernels.cut(
                points, begins, kinds(), _values(), _BASES, _LONGEST,
                starts, ends, offsets, hashes, counts,
            )
        )  # fmt: skip
        return starts[found], ends[found], offsets[found], hashes[found], counts
    told = kinds().take(points, mode="clip")
    inside = told != SEPARATOR
    borders = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = borders[::2], borders[1::2]
    plain = _plain(told, starts, ends)
    hashes = np.zeros(len(starts), np.uint64)
    values = _values().take(points, mode="clip")
    hashes[plain] = _hashes(values, starts[plain], ends[plain])
    counts = np.diff(np.searchsorted(starts, begins))
    return starts, ends, starts - begins[:-1].repeat(counts), hashes, counts


def _hashes(values: UInt64Array, starts: Array, ends: Array) -> UInt64Array:
    """The hash of each word, by where it begins and ends among random values of characters."""
    powers, inverses = _powers(max(len(values), _AT_A_TIME))
    total = running_sum(values * powers[: len(values)])
    # 0 stands for none.
    return ((total[ends] - total[starts]) * inverses[starts]) | np.uint64(1)


def _plain(told: Array, starts: Array, ends: Array) -> Array:
    """Which stretches are one word of plain characters, with single vowel signs behind letters."""
    plain = ends - starts <= MAX_WORD
    odd = np.flatnonzero(told == OTHER)
    signs = np.flatnonzero(told == SIGN)
    if len(signs):
        odd = np.concatenate([odd, signs[told[signs - 1] != PLAIN]])
    plain[np.searchsorted(starts, odd, "right") - 1] = False
    return plain


# Random, so that no one can write a text whose words are taken for one another.
_SEED = secrets.randbits(31)
_BASE = secrets.randbits(64) | 1
_BASES, _LONGEST = np.array([_BASE], np.uint64), np.array([MAX_WORD])


@lru_cache(maxsize=2)
def _powers(count: int) -> tuple[UInt64Array, UInt64Array]:
    """The powers of the base, and those of its inverse, modulo 2⁶⁴."""
    return _powers_of(_BASE, count), _powers_of(pow(_BASE, -1, 2**64), count)


def _powers_of(base: int, count: int) -> UInt64Array:
    factors = np.full(count, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


def _values_of(points: Array) -> UInt64Array:
    """A random number for each character of a key."""
    return mixed(points.astype(np.uint64), _SEED)


@cache
def _values() -> UInt64Array:
    """The random number of what each plain character becomes in a key, by its code point."""
    return _values_of(keys())


def _in_key(points: Array) -> Array:
    """What characters become in a key; those of a key stay as they are."""
    table = keys()
    return np.where(points < len(table), table.take(points, mode="clip"), points)
