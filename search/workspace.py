"""Arrays of all documents of a segment, to add up in, kept from one search to the next.

To make and clear them for every search would cost more than most searches take. They are clean
when they are borrowed, and whoever borrows them cleans the places that he used.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..indexer.arrayfile import Array

# Where more than one in so many documents was used, all are cleaned at once.
_FEW = 8
# So many workspaces of a segment wait for the next search, of up to 17 bytes a document and 9 MB;
# what more searches at once needed is given back.
_KEPT = 4
# So many numbers have room for a `Window` of search/kernels/chapter.h.
_WINDOW = 15 * 8192 + 1
# So many bytes are kept for what kernels list: alternatives of frequent words with all layers ask
# for 2 to 8 MB of 500,000 documents.
_ROOM = 8 << 20


class Workspace:
    """One array of each kind, made when it is first asked for."""

    def __init__(self, count: int) -> None:
        self._count = count

    @cached_property
    def scores(self) -> Array:
        """Scores (float32), 0 everywhere."""
        return np.zeros(self._count, np.float32)

    @cached_property
    def sums(self) -> Array:
        """Weighted frequencies (float64), 0 everywhere."""
        return np.zeros(self._count)

    @cached_property
    def marks(self) -> Array:
        """Marks, False everywhere."""
        return np.zeros(self._count, bool)

    @cached_property
    def bits(self) -> Array:
        """Room for a set of documents as bits (uint64), 0 everywhere; for compiled kernels."""
        return np.zeros(-(-self._count // 64), np.uint64)

    @cached_property
    def window(self) -> Array:
        """Room for what compiled kernels know of 65,536 documents, 0 everywhere; memory is taken up
        only where it was used."""
        return np.zeros(_WINDOW)

    @cached_property
    def room(self) -> Array:
        """Room for what compiled kernels list (uint8), whatever is in it; memory is taken up only
        where it was used."""
        return np.empty(_ROOM, np.uint8)

    @cached_property
    def rows(self) -> Array:
        """The place of each document in a list (int32), -1 everywhere."""
        return np.full(self._count, -1, np.int32)


class Workspaces:
    """The workspaces of one segment. Threads may borrow at the same time."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._free: list[Workspace] = []

    def borrowed(self) -> _Loan:
        """A clean workspace, for a `with` block. One in which something was raised is not used
        again."""
        return _Loan(self._free, self._count)


class _Loan:
    __slots__ = ("_count", "_free", "_space")

    def __init__(self, free: list[Workspace], count: int) -> None:
        self._free, self._count = free, count

    def __enter__(self) -> Workspace:
        try:
            self._space = self._free.pop()
        except IndexError:
            self._space = Workspace(self._count)
        return self._space

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and len(self._free) < _KEPT:
            self._free.append(self._space)


def clean(array: Array, docs: Array, value: float = 0) -> None:
    """Makes an array clean again that was written to at some documents only."""
    if len(docs) * _FEW > len(array):
        array.fill(value)
    else:
        array[docs] = value
