"""Many strings as one array of code points, for work on all of them at once.

A distinct word as a Python string takes 60 to 90 bytes and a microsecond for each thing that is
done to it; as code points in one array it takes 4 bytes a letter, and numpy works on all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from .arrayfile import Array
from .growing import Growing
from .stretches import ascend, order_of, pieces, runs

#: So many strings at a time keep the memory of the work on their letters small and in the cache.
BATCH = 1 << 14
_ENCODING = "utf-32-le"
# Code points have 21 bits.
_CODE_POINTS = 0x110000


class Strings:
    """Strings as one array; never changed.

    Attributes:
        points: the code points of all strings, one after another (uint32).
        starts: where each string begins, and the end of the last (int64, one more than strings).
    """

    __slots__ = ("points", "starts")

    def __init__(self, points: Array, starts: Array) -> None:
        self.points = points
        self.starts = starts

    @classmethod
    def of(cls, strings: Sequence[str] | Strings) -> Strings:
        """The same strings as an array."""
        if isinstance(strings, Strings):
            return strings
        starts = edges(np.fromiter(map(len, strings), np.int64, len(strings)))
        encoded = "".join(strings).encode(_ENCODING, "surrogatepass")
        return cls(np.frombuffer(encoded, np.uint32), starts)

    @classmethod
    def joined(cls, parts: Sequence[Strings]) -> Strings:
        """All strings of several, one after another."""
        if len(parts) == 1:
            return parts[0]
        starts = np.zeros(sum(map(len, parts)) + 1, np.int64)
        first = end = 0
        for part in parts:
            starts[first : first + len(part.starts)] = part.starts + end
            first, end = first + len(part), end + len(part.points)
        nothing = np.zeros(0, np.uint32)
        return cls(np.concatenate([part.points for part in parts] or [nothing]), starts)

    @classmethod
    def pieces(cls, points: Array, starts: Array, ends: Array) -> Strings:
        """Stretches of an array of code points."""
        return cls(pieces(points, starts, ends), edges(ends - starts))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def list(self) -> list[str]:
        """The same strings as Python's own."""
        text = self.points.tobytes().decode(_ENCODING, "surrogatepass")
        return [text[start:end] for start, end in pairwise(self.starts.tolist())]

    @property
    def lengths(self) -> Array:
        """The number of code points of each string."""
        return np.diff(self.starts)

    def places(self) -> Array:
        """The place of each code point in its string."""
        return np.arange(len(self.points)) - self.starts[:-1].repeat(self.lengths)

    def owners(self) -> Array:
        """The number of the string that each code point is of (uint32)."""
        return np.arange(len(self), dtype=np.uint32).repeat(self.lengths)

    def differ(self, others: Strings) -> Array:
        """Which strings are not equal to those of the same number in another array (bool)."""
        different = self.lengths != others.lengths
        for first in range(0, len(self), BATCH):
            alike = first + np.flatnonzero(~different[first : first + BATCH])
            mine, theirs = self.take(alike), others.take(alike)
            different[alike] = mine.any(mine.points != theirs.points)
        return different

    def take(self, numbers: Array) -> Strings:
        """Some of the strings, in any order."""
        return Strings.pieces(self.points, self.starts[numbers], self.starts[numbers + 1])

    def between(self, first: int, end: int) -> Strings:
        """The strings from one number up to another, without copying a letter."""
        starts = self.starts[first : end + 1]
        return Strings(self.points[starts[0] : starts[-1]], starts - starts[0])

    def batches(self, size: int = BATCH) -> Iterator[tuple[int, Strings]]:
        """So many strings at a time, each time with the number of the first one."""
        for first in range(0, len(self), size):
            yield first, self.between(first, min(first + size, len(self)))

    def replaced(self, numbers: Array, others: Strings) -> Strings:
        """The strings with others in the place of some."""
        if not len(numbers):
            return self
        which = np.arange(len(self))
        which[numbers] = len(self) + np.arange(len(others))
        return Strings.joined([self, others]).take(which)

    def keep(self, kept: Array) -> Strings:
        """The strings with only those code points that are to be kept (bool for each)."""
        return Strings(self.points[kept], edges(kept)[self.starts])

    def any(self, flags: Array) -> Array:
        """Of which strings a code point is flagged (bool for each code point)."""
        before = edges(flags)[self.starts]
        return before[1:] > before[:-1]

    def first(self) -> Array:
        """The first code point of each string, 0 for empty ones."""
        return self.at(np.arange(len(self)), 0)

    def at(self, numbers: Array, place: int) -> Array:
        """The code point at one place of some strings, 0 where a string is too short."""
        places = self.starts[numbers] + place
        inside = places < self.starts[numbers + 1]
        points = np.zeros(len(numbers), np.uint32)
        points[inside] = self.points[places[inside]]
        return points

    def encoded(self) -> tuple[Array, Array]:
        """The strings in UTF-8, one after another, and where each begins (int64, one more).

        Raises UnicodeEncodeError for half a character (a lone surrogate).
        """
        sizes = np.ones(len(self.points), np.uint8)
        for first in (0x80, 0x800, 0x10000):
            sizes += self.points >= first
        text = self.points.tobytes().decode(_ENCODING, "surrogatepass")
        return np.frombuffer(text.encode(), np.uint8), edges(sizes)[self.starts]

    @classmethod
    def decoded(cls, blob: Array, lengths: Array) -> Strings:
        """Strings from their UTF-8 bytes, one after another, and the number of bytes of each.

        Raises UnicodeDecodeError for what is not UTF-8.
        """
        points = np.frombuffer(blob.tobytes().decode().encode(_ENCODING), np.uint32)
        # Every byte but the later ones of a letter begins one.
        return cls(points, edges(blob & 0xC0 != 0x80)[edges(lengths)])

    def alphabet(self) -> Array:
        """The different code points, ascending."""
        seen = np.zeros(_CODE_POINTS, bool)
        seen[self.points] = True
        return np.flatnonzero(seen)

    def order(self, before: Array | None = None) -> Array:
        """The numbers of the strings in the order of their code points, which is that of their
        UTF-8 bytes; of equal ones the earlier first, or the one that stands before in an order
        that is given."""
        rows = np.arange(len(self)) if before is None else before
        if not len(self.points):
            return rows
        letters = self.alphabet()
        # Letters as small numbers, so that many fit into one; 0 is what stands behind the end.
        number = np.zeros(_CODE_POINTS, np.uint16 if len(letters) < 1 << 16 else np.uint32)
        number[letters] = np.arange(1, len(letters) + 1)
        bits = max(1, len(letters).bit_length())
        keys = self._packed(rows, 0, number, bits)
        del rows  # of many strings, much memory
        order = order_of(keys)
        if before is not None:
            order = before[order]
        ascend(keys)  # as they stand in order, without a copy
        for piece in runs(keys):
            self._settle(order[piece], keys[piece], number, bits)
        return order

    def _settle(self, order: Array, keys: Array, number: Array, bits: int) -> None:
        """Puts strings in order that are so by their first letters.

        Args:
            keys: those letters of each, as `_packed` gives them.
        """
        places, ties = _undecided(keys[1:] == keys[:-1], keys, bits)
        offset = 0
        while len(places):
            offset += 64 // bits
            rows = order[places]
            keys = self._packed(rows, offset, number, bits)
            sort = np.lexsort((keys, ties))
            order[places] = rows[sort]
            keys, ties = keys[sort], ties[sort]
            same = (keys[1:] == keys[:-1]) & (ties[1:] == ties[:-1])
            open_, ties = _undecided(same, keys, bits)
            places = places[open_]

    def _packed(self, rows: Array, offset: int, number: Array, bits: int) -> Array:
        """The letters of some strings from a place on as one number each (uint64).

        Args:
            number: of each letter, below two to the power of `bits`; 0 stands behind the end.
        """
        keys = np.zeros(len(rows), np.uint64)
        for first in range(0, len(rows), BATCH):
            some, found = rows[first : first + BATCH], keys[first : first + BATCH]
            starts, ends = self.starts[some] + offset, self.starts[some + 1]
            for place in range(64 // bits):
                places = starts + place
                inside = places < ends
                letters = number[self.points[np.where(inside, places, 0)]]
                found <<= np.uint64(bits)
                found |= np.where(inside, letters, 0).astype(np.uint64)
        return keys


class GrowingStrings:
    """Strings that get more at their end."""

    def __init__(self) -> None:
        self._points, self._starts = Growing(np.uint32), Growing(np.int64)
        self._starts.extend([0])

    def extend(self, more: Strings) -> None:
        """Adds strings at the end."""
        self._starts.extend(more.starts[1:] + len(self._points))
        self._points.extend(more.points)

    @property
    def strings(self) -> Strings:
        """All of them; good until the next are added."""
        return Strings(self._points.array, self._starts.array)


def _undecided(same: Array, keys: Array, bits: int) -> tuple[Array, Array]:
    """Which of some strings in order are equal so far, with more of them to come: their places, and
    a number for each that those equal share.

    Args:
        same: of each but the first whether it is equal to the one before it.
        keys: the letters up to there, of so many bits.
    """
    open_ = np.append(same, False)
    open_[1:] |= same
    open_ &= keys & np.uint64((1 << bits) - 1) != 0
    places = np.flatnonzero(open_)
    return places, np.cumsum(np.append(True, ~same)[places])


def edges(lengths: Array) -> Array:
    """Sums of all lengths before each place; one longer."""
    edges = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=edges[1:])
    return edges
