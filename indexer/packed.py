"""Whole numbers on disk that take up fewer bits than their type.

A packed array of n numbers with w bits each is five arrays of an `ArrayFile`:

`name`: the low bits of each number: none where w is below 8, 8 bits where it is below 16, else 16;
`name.high`: the other bits of each (0, 1, 2, 4, 8 or 16), one number after another from the least
    significant bit of each byte on, of two bytes the lower first; what is left of the last is 0;
`name.shape`: w and n;
`name.places`, `name.values`: where *exceptions* stand, ascending, and what they are: the numbers of
    more bits than w. If there are any, so is what has w bits and all of them 1, since this is what
    stands for an exception.

The low bits are read as an array of their own, the high ones by shifting, and exceptions, which are
few, are looked up. The compiled kernels read the same arrays (`kernels/packed.h`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import starmap
from typing import overload

import numpy as np

from . import compiled
from .arrayfile import Array, ArrayFile
from .stretches import owners_of, places_of

#: The types of `Packed.arrays`, by which kernels know them.
TYPES = "u* u1 u8 u* u*"
# The five arrays, by the end of their names.
_ENDINGS = "", ".high", ".shape", ".places", ".values"
_PLACES = 3
_HIGH_BITS = 0, 1, 2, 4, 8, 16
_MOST_BITS = 32
# More numbers than any file holds; their bits can still be counted.
_TOO_MANY = 1 << 58
# Stretches of so many numbers are soonest read one by one.
_LONG = 64
_NOTHING, _NONE = np.zeros(0, np.int64), np.zeros(0, np.uint32)
# Of each byte both halves, the lower one first.
_HALVES = np.array([byte & 15 | byte >> 4 << 8 for byte in range(256)], "<u2")


def parted(width: int) -> tuple[int, int]:
    """How many low and how many high bits so many are."""
    low = 0 if width < 8 else 8 if width < 16 else 16
    return low, width - low


def ones(width: int) -> int:
    """The number whose bits are so many ones."""
    return (1 << width) - 1


def _unpacked_bits(data: Array, bits: int) -> Array:
    """The numbers of so many bits (1, 2, 4, 8 or 16) that bytes hold."""
    if bits == 1:
        return np.unpackbits(data, bitorder="little")
    if bits >= 8:
        return data.view(f"<u{bits // 8}")
    if bits == 4:
        return _HALVES.take(data).view(np.uint8)
    of_byte = 8 // bits
    numbers = np.empty((len(data), of_byte), np.uint8)
    for n in range(of_byte):
        numbers[:, n] = data >> n * bits
    numbers &= ones(bits)
    return numbers.ravel()


class Packed:
    """The packed numbers of a file, mapped: read like an array of one dimension, and copied.

    Attributes:
        arrays: low bits, high bits, shape, places and values of exceptions, as the kernels take
            them.
        high_bits: how many of each number are in the second array.
        ones: what all bits of the width are together: with exceptions, no number below it is one.
        dtype: of what is read: uint8 if all numbers fit there, else uint32, or else uint64.
    """

    def __init__(self, file: ArrayFile, name: str) -> None:
        """Raises IndexDamaged where the arrays do not fit each other."""
        low, high, shape, places, values = (file[f"{name}{ending}"] for ending in _ENDINGS)
        self.arrays = low, high, shape, places, values
        self._width, self._length = shape.tolist() if len(shape) == 2 else (0, 0)
        if not 0 < self._width <= _MOST_BITS:
            self._width = 0
        self._low_bits, self.high_bits = parted(self._width)
        self.ones = ones(self._width)
        if (
            any(array.dtype.kind != "u" for array in self.arrays)
            or not self._width
            or self.high_bits not in _HIGH_BITS
            or self._length > _TOO_MANY
            or len(low) != (self._length if self._low_bits else 0)
            or (self._low_bits and 8 * low.itemsize != self._low_bits)
            or len(high) != (self._length * self.high_bits + 7) // 8
            or high.itemsize != 1
            or shape.itemsize != 8
            or len(places) != len(values)
        ):
            raise file.damaged(f"has packed numbers {name!r} that do not fit together")
        # Python reads single items of these several times sooner than those of arrays.
        self._high, self._places = high.data, places.data
        bits = max(self._width, 8 * values.itemsize if len(values) else 0)
        self.dtype = np.dtype(np.uint8 if bits <= 8 else np.uint32 if bits <= 32 else np.uint64)

    def __len__(self) -> int:
        return self._length

    @property
    def nbytes(self) -> int:
        """Bytes that they take up in the file."""
        return sum(array.nbytes for array in self.arrays)

    @overload
    def __getitem__(self, index: int | np.integer) -> int: ...
    @overload
    def __getitem__(self, index: slice | Array) -> Array: ...
    def __getitem__(self, index: int | np.integer | slice | Array) -> int | Array:
        if isinstance(index, slice):
            start, end, step = index.indices(self._length)
            if step != 1:
                return self.take(np.arange(start, end, step))
            return self._between(start, max(start, end))
        if isinstance(index, np.ndarray):
            return self.take(index)
        return self.take(np.array([index])).item()

    def take(self, places: Array) -> Array:
        """The numbers of some places. Raises IndexError for one below 0 or not there."""
        places = np.ascontiguousarray(places, np.int64)
        if compiled.kernels:
            numbers = np.empty(len(places), self.dtype)
            compiled.kernels.pick(*self.arrays, places, numbers)
            return numbers
        if len(places) and int(places.view(np.uint64).max()) >= self._length:
            raise IndexError(f"a place is not within {self._length:,} packed numbers")
        low, high, *_ = self.arrays
        bits = self.high_bits
        if bits >= 8:
            rest = _unpacked_bits(high, bits).take(places)
        elif bits:
            at = places * bits
            rest = high.take(at >> 3)
            at &= 7
            rest >>= at.astype(np.uint8)
            rest &= ones(bits)
        else:
            rest = None
        numbers = self._joined(low.take(places) if self._low_bits else None, rest)
        if len(self._places):
            exceptional = (numbers == self.ones).nonzero()[0]
            if len(exceptional):
                numbers[exceptional] = self._exceptions(places[exceptional])
        return numbers

    def stretches(self, starts: Array, ends: Array) -> tuple[Array, Array]:
        """The numbers of several stretches one after another, and which stretch each is of.

        Raises IndexError when a stretch is not one of the numbers.
        """
        self._check(starts, ends)
        if compiled.kernels and len(starts) != 1:
            which = np.empty(int(ends.sum()) - int(starts.sum()), np.int64)
            return self._unpacked(starts, ends, len(which), which), which
        return self._pieces(starts, ends), owners_of(starts, ends)

    def pieces(self, starts: Array, ends: Array) -> Array:
        """The numbers of several stretches one after another; raises IndexError as well."""
        self._check(starts, ends)
        return self._pieces(starts, ends)

    def _pieces(self, starts: Array, ends: Array) -> Array:
        count = int(ends.sum()) - int(starts.sum())
        if compiled.kernels:
            return self._unpacked(starts, ends, count, _NOTHING)
        if count < _LONG * len(starts):
            return self.take(places_of(starts, ends))
        stretches = zip(starts.tolist(), ends.tolist(), strict=True)
        return np.concatenate([np.zeros(0, self.dtype), *starmap(self._between, stretches)])

    def lay(
        self, starts: Array, ends: Array, places: Array, out: Array, known: Array = _NONE
    ) -> None:
        """Writes the numbers of several stretches to an array, each stretch to a place there.

        Args:
            known: what is written instead of each number (uint32); none: the numbers themselves.

        Raises IndexError as `stretches` does.
        """
        if compiled.kernels:
            compiled.kernels.lay(*self.arrays, starts, ends, places, known, out)
            return
        numbers = self.pieces(starts, ends)
        out[places_of(places, places + (ends - starts))] = known[numbers] if len(known) else numbers

    def ascending(self, start: int, end: int) -> Array:
        """The numbers from one place up to another (int64), which ascend and are no exceptions."""
        if compiled.kernels:
            return self._between(start, end).astype(np.int64)
        numbers = self.arrays[0][start:end].astype(np.int64)
        for first, stop, base in self.chapters(start, end):
            if base:
                numbers[first - start : stop - start] += base
        return numbers

    def chapters(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The parts of a stretch of ascending numbers that have their high bits in common: where
        each begins and ends, and what these bits alone are worth."""
        while start < end:
            high, stop = self._high_at(start), end
            if self.high_bits == 1:
                # All that are 0 come before all that are 1.
                stop = end if high else end - self._ones_between(start, end)
            elif self._high_at(end - 1) != high:
                # One at least, whatever stands in an altered file.
                stop = start + 1 + bisect_right(range(start + 1, end), high, key=self._high_at)
            yield start, stop, high << self._low_bits
            start = stop

    def _ones_between(self, start: int, end: int) -> int:
        """How many high bits of one place up to another are 1, where each number has one."""
        first = start >> 3
        bits = int.from_bytes(self._high[first : (end + 7) >> 3], "little") >> (start & 7)
        return (bits & ones(end - start)).bit_count()

    def _high_at(self, place: int) -> int:
        bits = self.high_bits
        if bits == 16:
            return self._high[2 * place] | self._high[2 * place + 1] << 8
        at = place * bits
        return self._high[at >> 3] >> (at & 7) & ones(bits) if bits else 0

    def _check(self, starts: Array, ends: Array) -> None:
        if len(starts) and (
            int(starts.min()) < 0 or int(ends.max()) > self._length or (ends < starts).any()
        ):
            raise IndexError(f"a stretch is not within {self._length:,} packed numbers")

    def _unpacked(self, starts: Array, ends: Array, count: int, which: Array) -> Array:
        """`stretches` by a compiled kernel."""
        assert compiled.kernels
        numbers = np.empty(count, self.dtype)
        compiled.kernels.unpack(*self.arrays, starts, ends, numbers, which)
        return numbers

    def _between(self, start: int, end: int) -> Array:
        """The numbers from one place up to another."""
        if compiled.kernels:
            borders = np.array((start, end))
            return self._unpacked(borders[:1], borders[1:], end - start, _NOTHING)
        low, high, *_ = self.arrays
        rest, bits = None, self.high_bits
        if bits:
            first = start * bits // 8
            rest = _unpacked_bits(high[first : (end * bits + 7) // 8], bits)
            before = start - first * 8 // bits
            rest = rest[before : before + end - start]
        numbers = self._joined(low[start:end] if self._low_bits else None, rest)
        # Sooner than to look for what stands for an exception.
        begin = bisect_left(self._places, start)
        if begin < len(self._places) and self._places[begin] < end:
            some = slice(begin, bisect_left(self._places, end))
            _, _, _, places, values = self.arrays
            at = places[some].astype(np.int64) - start
            right = numbers[at] == self.ones
            numbers[at[right]] = values[some][right]
        return numbers

    def _joined(self, low: Array | None, high: Array | None) -> Array:
        """Numbers of their low and their high bits, or what stands for exceptions; a new array."""
        if low is None:
            assert high is not None  # and was made for this
            return high.astype(self.dtype, copy=False)
        numbers = low.astype(self.dtype)
        if high is not None:
            shifted = high.astype(self.dtype)
            shifted <<= self._low_bits
            numbers |= shifted
        return numbers

    def _exceptions(self, wanted: Array) -> Array:
        """What stands at some places of exceptions; what stands for one, where there is none."""
        places, values = self.arrays[_PLACES:]
        at = places.searchsorted(wanted.astype(places.dtype))
        at[at == len(places)] = 0
        return np.where(places[at] == wanted, values[at], self.ones).astype(self.dtype)
