"""What is left out of too much, by rules that know nothing of how documents are spread."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.hashing import UInt64Array


class Bound(NamedTuple):
    """Where lists of documents become too long.

    Attributes:
        size: shorter ones are read, longer ones are not.
        identity: of those of this size only the ones with a smaller identity are read.
    """

    size: int
    identity: int

    @classmethod
    def of(cls, sizes: Array, identities: UInt64Array, most: int) -> Bound | None:
        """The bound up to which lists have `most` documents together; None when all have."""
        if int(sizes.sum()) <= most:
            return None
        ordered = np.sort(sizes)
        sums = ordered.cumsum()
        size = int(ordered[sums.searchsorted(most, "right")])
        shorter = int(ordered.searchsorted(size))
        left = most - (int(sums[shorter - 1]) if shorter else 0)
        return cls(size, int(np.sort(identities[sizes == size])[left // size]))

    def within(self, sizes: Array, identities: UInt64Array) -> Array:
        """Which lists are read."""
        tied = (sizes == self.size) & (identities < np.uint64(self.identity))
        return (sizes < self.size) | tied


def share(needs: list[int], most: int) -> int | None:
    """How much each may have, so that together they have `most` and those that want little have
    all of it; None when all have what they want."""
    if sum(needs) <= most:
        return None
    for waiting, need in zip(range(len(needs), 0, -1), sorted(needs), strict=True):
        if need > most // waiting:
            return most // waiting
        most -= need
    return None
