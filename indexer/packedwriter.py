"""Writing packed numbers (`packed.py`), whose width is chosen once all are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from .arrayfile import Array, ArrayStream, ArrayWriter
from .packed import ones, parted

# Numbers packed at a time; a multiple of eight.
_AT_A_TIME = 1 << 16


class PackedStream:
    """Packed numbers that come bit by bit; kept in an unnamed file until their width is known.

    Args:
        widths: what may be chosen, ascending.
    """

    def __init__(self, writer: ArrayWriter, name: str, widths: Sequence[int]) -> None:
        self._writer, self._name, self._widths = writer, name, widths
        self._numbers = writer.scratch()
        self._largest = 0
        # Of each width, how many numbers are not below that of all its bits.
        self._beyond = [0] * len(widths)

    def append(self, numbers: Array) -> None:
        """Adds a part at the end: whole numbers from 0 on."""
        largest = int(numbers.max(initial=0))
        self._largest = max(self._largest, largest)
        for n, width in enumerate(self._widths):
            if largest >= ones(width):
                self._beyond[n] += int(np.count_nonzero(numbers >= ones(width)))
        self._numbers.append(numbers)

    def close(self) -> None:
        """Writes all of it, with the width that takes the fewest bytes."""
        width, count = self._width(), self._numbers.length
        low, _ = parted(width)
        exceptions = self._exceptions(width)
        high, places, values = (self._writer.stream(f"{self._name}{end}", kind) for end, kind in (
            (".high", np.uint8),
            (".places", self._place_type() if exceptions else np.uint8),
            (".values", np.uint8),
        ))  # fmt: skip
        self._writer.begin(self._name, np.dtype(np.uint16 if low == 16 else np.uint8))
        for lows in self._lows(width, high, places, values):
            self._writer.extend(lows)
        self._writer.add(f"{self._name}.shape", np.array([width, count], np.uint64))
        self._numbers.close()

    def _width(self) -> int:
        # Of those that take the same, the one of the fewest exceptions is the soonest read.
        return min(self._widths, key=lambda width: (self._size(width), self._exceptions(width)))

    def _exceptions(self, width: int) -> int:
        return self._beyond[self._widths.index(width)] if self._largest >> width else 0

    def _size(self, width: int) -> int:
        """Bytes that the numbers take with a width."""
        low, high = parted(width)
        count = self._numbers.length
        each = np.dtype(self._place_type()).itemsize + self._numbers.dtype.itemsize
        return count * low // 8 + (count * high + 7) // 8 + self._exceptions(width) * each

    def _place_type(self) -> type[np.unsignedinteger]:
        return np.min_scalar_type(max(self._numbers.length - 1, 0)).type

    def _lows(
        self, width: int, high: ArrayStream, places: ArrayStream, values: ArrayStream
    ) -> Iterator[Array]:
        """The low bits of all numbers; what else there is of them is added to the streams."""
        low, bits = parted(width)
        exceptional = self._exceptions(width)
        done = 0
        for numbers in _in_eights(self._numbers.parts()):
            codes = numbers
            if exceptional:
                found = np.flatnonzero(numbers >= ones(width))
                places.append(found + done)
                values.append(numbers[found])
                codes = np.minimum(numbers, numbers.dtype.type(ones(width)))
            high.append(_packed_bits(codes >> low, bits))
            done += len(numbers)
            yield codes if low else codes[:0]


class WholeStream:
    """Packed numbers without exceptions that come bit by bit. The low bits go to the file as they
    come, so that nothing else may be written to it until all are there.

    Args:
        widths: what may be chosen, ascending, all with 16 low bits; the last must be enough.
    """

    def __init__(self, writer: ArrayWriter, name: str, widths: Sequence[int]) -> None:
        self._writer, self._name, self._widths = writer, name, widths
        self._high = writer.scratch()
        self._largest = 0
        writer.begin(name, np.dtype(np.uint16))

    def append(self, numbers: Array) -> None:
        """Adds a part at the end: whole numbers from 0 on."""
        largest = int(numbers.max(initial=0))
        self._largest = max(self._largest, largest)
        self._writer.extend(numbers)
        high = np.zeros(len(numbers), np.uint16)
        if largest >> 16:
            np.right_shift(numbers, 16, out=high, casting="unsafe")
        self._high.append(high)

    def close(self) -> None:
        """Writes what is left, with the least width that is enough."""
        width = next(width for width in self._widths if not self._largest >> width)
        high, _, _ = (
            self._writer.stream(f"{self._name}{end}") for end in (".high", ".places", ".values")
        )
        for numbers in _in_eights(self._high.parts()):
            high.append(_packed_bits(numbers, width - 16))
        self._writer.add(f"{self._name}.shape", np.array([width, self._high.length], np.uint64))
        self._high.close()


def _in_eights(parts: Iterable[Array]) -> Iterator[Array]:
    """The same numbers in small parts whose high bits fill whole bytes, but those of the last."""
    rest = np.zeros(0, np.uint8)
    for part in parts:
        part = np.concatenate([rest, part]) if len(rest) else part
        whole = len(part) & ~7
        rest = part[whole:]
        for start in range(0, whole, _AT_A_TIME):
            yield part[start : min(start + _AT_A_TIME, whole)]
    yield rest


def _packed_bits(numbers: Array, bits: int) -> Array:
    """Numbers of so many bits (0, 1, 2, 4, 8 or 16) one after another as bytes."""
    if not bits:
        return np.zeros(0, np.uint8)
    if bits == 1:
        return np.packbits(numbers.astype(np.uint8), bitorder="little")
    if bits == 16:
        return numbers.astype("<u2").view(np.uint8)
    of_byte = 8 // bits
    columns = np.zeros((-(-len(numbers) // of_byte), of_byte), np.uint8)
    columns.ravel()[: len(numbers)] = numbers
    packed = columns[:, 0].copy()
    for n in range(1, of_byte):
        packed |= columns[:, n] << n * bits
    return packed
