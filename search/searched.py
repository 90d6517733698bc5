"""A segment while it is searched."""

from __future__ import annotations

import numpy as np

from ..indexer.arrayfile import Array
from .found import Found
from .plan import Scored
from .snapshot import Snapshot
from .weights import Weights
from .workspace import Workspace, clean

Find = tuple[Array, Array, Array, int, float, float]


class Searched:
    """A segment of a snapshot with all that scoring its documents needs.

    Attributes:
        number: among the segments of the snapshot.
        part: the segment.
        space: borrowed for the search.
    """

    def __init__(self, snapshot: Snapshot, weights: Weights, number: int, space: Workspace) -> None:
        self.number, self.part, self.space = number, snapshot.parts[number], space
        self._snapshot, self._weights = snapshot, weights

    def norms(self, scored: Scored) -> Array:
        """`bm25.norms` of all documents, for the field of a find."""
        return self._snapshot.norms(self.number, scored.field, self._weights)

    def sums(self, found: Found) -> Array:
        """For each posting the frequency of its document, added up over all words (float32)."""
        if found.distinct:
            return found.freqs
        sums, docs = self.space.sums, found.docs
        np.add.at(sums, docs, found.freqs)
        added = sums.take(docs).astype(np.float32)
        clean(sums, docs)
        return added

    def find(self, scored: Scored) -> Find:
        """A find as the compiled kernels take it."""
        return scored.found[self.number].find(self.norms(scored), scored.factor)

    @property
    def codes(self) -> Array:
        """For each document the place of its id among all ids, by which equal scores are ranked."""
        codes = self.part.files.values["id"].codes
        assert codes is not None
        return codes
