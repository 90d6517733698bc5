"""A segment while it is searched."""

from __future__ import annotations

import numpy as np

from ..indexer.arrayfile import Array
from .found import Find, Found
from .plan import Leaf, Scored
from .snapshot import Snapshot
from .weights import Weights
from .workspace import Workspace, clean


class Searched:
    """A segment of a snapshot with all that scoring its documents needs.

    Attributes:
        number: among the segments of the snapshot.
        part: the segment.
        space: borrowed for the search.
        matched: the documents that parts of the plan match, by the identity of the part, so that
            those of a part deep down are not found once more on every level above it.
    """

    def __init__(self, snapshot: Snapshot, weights: Weights, number: int, space: Workspace) -> None:
        self.number, self.part, self.space = number, snapshot.parts[number], space
        self._snapshot, self._weights = snapshot, weights
        self._norms: dict[str, Array] = {}
        self.matched: dict[int, Array] = {}

    def norms(self, scored: Scored) -> Array:
        """`bm25.norms` of all documents, for the field of a find."""
        field = scored.field
        known = self._norms.get(field)
        if known is None:
            known = self._norms[field] = self._snapshot.norms(self.number, field, self._weights)
        return known

    def sums(self, found: Found, docs: Array) -> Array:
        """The frequencies of some documents of a find, each added up over all words (float32).

        Args:
            docs: those of all postings, or all different ones.
        """
        if found.distinct:
            return found.freqs
        sums = self.space.sums
        np.add.at(sums, found.docs, found.freqs)
        added = sums.take(docs).astype(np.float32)
        clean(sums, found.docs)
        return added

    def finds(self, leaf: Leaf) -> list[Find]:
        """What scores a leaf, as the compiled kernels take it; the first is the leaf's own."""
        finds = []
        for scored in leaf.scored:
            found = scored.found[self.number]
            if not found.empty:
                finds.append(found.find(self.norms(scored), scored.factor))
        return finds

    @property
    def codes(self) -> Array:
        """For each document the place of its id among all ids, by which equal scores are ranked."""
        codes = self.part.files.values["id"].codes
        assert codes is not None
        return codes
