"""A table of hashes and the words they are of, kept small.

Of each hash only the first bits are told: 48 of 64, 24 of 32, three in four. Of a large table the
first sixteen are not stored with the rows either: a row tells its *tail*, and for each beginning of
sixteen bits it is known where the rows that have it start. How many bits are told does not depend
on the size of a table, so that a word has the same keys in every segment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .arrayfile import Array, ArrayFile, ArrayWriter
from .hashing import UInt64Array
from .stretches import order_of, owners_of, places_of

_HEAD_BITS = 16
# From so many rows on leaving out the first bits saves more than their beginnings take.
_LARGE = 1 << 16
_AT_A_TIME = 1 << 18
# Rows in no order are put in order by so many of their first bits at a time.
_PART_BITS = 6
_PARTS, _PART_SHIFT = 1 << _PART_BITS, np.uint64(64 - _PART_BITS)


class HashTable(NamedTuple):
    """The rows of a table, in ascending order of what is told of their hashes.

    Attributes:
        starts: for each beginning of sixteen bits where its rows start, and behind them how many
            rows there are (uint32, 65,537); or 0 and how many there are, where tails are whole.
        tails: of a large table the bits behind the beginning (uint32 or uint8), else all that is
            told of the hash, its last bits 0 (uint64 or uint32).
        owners: the number of the word of each row: three bytes each, the least significant first
            (uint8), or where that is too few uint32.
        checks: a number that belongs to each row (uint64), or none.
    """

    starts: Array
    tails: Array
    owners: Array
    checks: Array

    @property
    def words(self) -> Array:
        """The number of the word of each row (uint32)."""
        if self.owners.itemsize > 1:
            return self.owners
        return _wide(self.owners.reshape(-1, _OWNER_BYTES))

    def words_of(self, rows: Array) -> Array:
        """The numbers of the words of some rows (uint32)."""
        if self.owners.itemsize > 1:
            return self.owners[rows]
        return _wide(self.owners.reshape(-1, _OWNER_BYTES)[rows])

    @property
    def hashes(self) -> UInt64Array:
        """What is told of the hash of each row, as the first of 64 bits."""
        return self.hashes_of(slice(None))

    def hashes_of(self, rows: Array | slice) -> UInt64Array:
        """The same of some rows."""
        hashes = self.tails[rows].astype(np.uint64)
        hashes <<= np.uint64(64 - 8 * self.tails.itemsize)
        if len(self.starts) == 2:
            return hashes
        heads = np.arange(1 << _HEAD_BITS, dtype=np.uint16)
        first = heads.repeat(np.diff(self.starts.astype(np.int64)))[rows].astype(np.uint64)
        first <<= np.uint64(64 - _HEAD_BITS)
        hashes >>= np.uint64(_HEAD_BITS)
        hashes |= first
        return hashes

    def rows(self, keys: UInt64Array) -> tuple[Array, Array]:
        """The rows that have any of some keys, and the place of the key of each.

        Args:
            keys: hashes of which the first bits count; of 32 bits those are the first of 64.
        """
        bits, size = np.uint64(8 * self.tails.itemsize), np.uint64(64)
        if len(self.starts) == 2:
            told = bits - bits // np.uint64(4)
            wanted = (keys >> (size - told) << (bits - told)).astype(self.tails.dtype)
            left, right = (self.tails.searchsorted(wanted, side) for side in ("left", "right"))
            return places_of(left, right), owners_of(left, right)
        heads = (keys >> np.uint64(64 - _HEAD_BITS)).astype(np.int64)
        wanted = (keys << np.uint64(_HEAD_BITS) >> (size - bits)).astype(self.tails.dtype)
        starts, ends = self.starts[heads].astype(np.int64), self.starts[heads + 1].astype(np.int64)
        if (ends < starts).any() or int(ends.max(initial=0)) > len(self.tails):
            raise IndexError(f"rows are not within a table of {len(self.tails):,}")
        rows, which = places_of(starts, ends), owners_of(starts, ends)
        own = self.tails[rows] == wanted[which]
        return rows[own], which[own]


_NO_CHECKS = np.zeros(0, np.uint64)
_OWNER_BYTES = 3


def _wide(owners: Array) -> Array:
    """Numbers of three bytes as uint32."""
    found = np.zeros((len(owners), 4), np.uint8)
    found[:, :_OWNER_BYTES] = owners
    return found.view("<u4").ravel()


def _narrow(words: Array) -> Array:
    """Numbers in three bytes each, if they fit."""
    if int(words.max(initial=0)) >= 1 << 8 * _OWNER_BYTES:
        return words
    each = np.ascontiguousarray(words, "<u4").view(np.uint8).reshape(-1, 4)
    return np.ascontiguousarray(each[:, :_OWNER_BYTES]).ravel()


def told(hashes: Array) -> Array:
    """Hashes with 0 for the bits that are not told."""
    bits = hashes.itemsize * 8 // 4
    return hashes >> hashes.dtype.type(bits) << hashes.dtype.type(bits)


def hash_table(hashes: Array, words: Array, checks: Array = _NO_CHECKS) -> HashTable:
    """The table of some rows.

    Args:
        hashes: in ascending order, at least of what is told of them (uint64 or uint32).
        words: the number of the word of each (uint32).
    """
    owners = _narrow(words)
    if len(hashes) < _LARGE:
        return HashTable(np.array([0, len(hashes)], np.uint32), told(hashes), owners, checks)
    heads = _Heads(hashes)
    for some in _portions(hashes):
        heads.take(some)
    return HashTable(heads.starts(), heads.tails, owners, checks)


def unordered_table(
    hashes: UInt64Array, words: Array, ids: Array, checks: Array = _NO_CHECKS
) -> HashTable:
    """The table of rows that are in no order; of equal ones the earlier comes first.

    A large one is put in order part by part, so that little besides the table itself is held.

    Args:
        hashes, checks: of the rows.
        words: a number for each row, of whose word `ids` has the number that the table tells.
    """
    count = len(hashes)
    if count < _LARGE:
        order = order_of(hashes)
        checks = checks[order] if len(checks) else checks
        return hash_table(hashes[order], ids[words[order]], checks)
    largest = max(int(ids[some].max()) for some in _portions(words))
    width = _OWNER_BYTES if largest < 1 << 8 * _OWNER_BYTES else 1
    owners = np.empty(count * width, np.uint8 if width > 1 else np.uint32)
    heads, checked = _Heads(hashes), np.empty_like(checks)
    part_of = np.empty(count, np.uint8)
    for some, found in zip(_portions(hashes), _portions(part_of), strict=True):
        found[:] = some >> _PART_SHIFT
    start = 0
    for part in range(_PARTS):
        own = np.flatnonzero(part_of == part)
        own = own[order_of(hashes[own])]
        heads.take(hashes[own])
        end = start + len(own)
        some = ids[words[own]]
        owners[start * width : end * width] = _narrow(some) if width > 1 else some
        if len(checks):
            checked[start:end] = checks[own]
        start = end
    return HashTable(heads.starts(), heads.tails, owners, checked)


class _Heads:
    """The hashes of a large table, taken in ascending order: their tails, and how many begin with
    each head."""

    def __init__(self, hashes: Array) -> None:
        self._size = hashes.itemsize * 8
        self.tails = np.empty(len(hashes), f"u{self._size // 8 * 3 // 4 - _HEAD_BITS // 8}")
        self._counts = np.zeros(1 << _HEAD_BITS, np.int64)
        self._count = 0

    def take(self, hashes: Array) -> None:
        """Takes the hashes that come next."""
        start, self._count = self._count, self._count + len(hashes)
        # What is too large for the type of the tails is left out: the first bits.
        self.tails[start : self._count] = hashes >> hashes.dtype.type(self._size // 4)
        heads = (hashes >> hashes.dtype.type(self._size - _HEAD_BITS)).astype(np.int64)
        self._counts += np.bincount(heads, minlength=len(self._counts))

    def starts(self) -> Array:
        """Where the rows of each head start, and behind them how many rows there are."""
        return np.append(0, self._counts.cumsum()).astype(np.uint32)


def _portions(values: Array) -> Iterator[Array]:
    for start in range(0, len(values), _AT_A_TIME):
        yield values[start : start + _AT_A_TIME]


def write_table(writer: ArrayWriter, name: str, table: HashTable) -> None:
    """Writes a table as arrays of one name."""
    for field, array in zip(HashTable._fields, table, strict=True):
        if field != "checks" or len(table.checks):
            writer.add(f"{name}.{field}", array)


def read_table(file: ArrayFile, name: str) -> HashTable:
    """The table of that name."""
    starts, tails, owners = (file[f"{name}.{field}"] for field in ("starts", "tails", "owners"))
    checked = f"{name}.checks" in file
    return HashTable(starts, tails, owners, file[f"{name}.checks"] if checked else _NO_CHECKS)
