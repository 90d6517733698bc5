"""The words of a whole query are looked up in the postings together, once its tree is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..indexer.arrayfile import Array
from . import bm25, compiled
from .found import NOTHING, Found
from .plan import Scored
from .promised import PromisedWords
from .reading import look_up
from .snapshot import Part, Snapshot
from .variants import Extent, Variants
from .weights import Weights


class LookUps:
    """What a plan is made of, promised first and then filled in by `run` or left to a kernel."""

    def __init__(self, snapshot: Snapshot, weights: Weights) -> None:
        self.snapshot = snapshot
        self._k1 = weights.k1
        self._wanted: dict[str, list[tuple[Scored, Sequence[Variants], Extent]]] = {}
        self._all: list[Scored] = []

    def words(
        self, field: str, variants: Sequence[Variants], boost: float, extent: Extent = Extent.ALL
    ) -> Scored:
        """The documents of a set of words.

        Args:
            variants: the words in each segment, and
            extent: how many of them count.
        """
        scored = Scored(field, [], boost)
        self._wanted.setdefault(field, []).append((scored, variants, extent))
        self._all.append(scored)
        return scored

    def forget(self, promised: Sequence[Scored]) -> None:
        """What was promised finds nothing after all."""
        forgotten = set(map(id, promised))
        for field, wanted in self._wanted.items():
            self._wanted[field] = [each for each in wanted if id(each[0]) not in forgotten]
        for scored in promised:
            scored.found = [NOTHING] * len(self.snapshot.parts)

    def given(self, field: str, found: list[Found], idf: float, boost: float) -> Scored:
        """Finds that are there already, with their idf."""
        scored = Scored(field, found, boost, idf)
        self._all.append(scored)
        return scored

    def constant(self, docs: Callable[[Part], Array], score: float, boost: float = 1.0) -> Scored:
        """Documents that score all the same, or not at all."""
        found = []
        for part in self.snapshot.parts:
            # Each in the type that its way of searching takes as it is.
            these = docs(part).astype(np.uint32 if compiled.kernels else np.int64, copy=False)
            found.append(Found(these, np.ones(len(these), np.float32)))
        return Scored("text", found, boost, constant=score)

    def promise(self) -> None:
        """Leaves it to one compiled kernel to read the postings and to ask what each find is worth
        (`wordqueries`)."""
        for field, wanted in self._wanted.items():
            for scored, variants, extent in wanted:
                scored.found = PromisedWords(self.snapshot.parts, field, variants, extent)

    def run(self, deferred: bool) -> None:
        """Reads the postings and works out what each find is worth.

        Args:
            deferred: whether only few documents will be asked for, so that of words that make no
                match postings are read for these alone (`look_up`).
        """
        for field, wanted in self._wanted.items():
            of_parts = []
            for n, part in enumerate(self.snapshot.parts):
                sets = [(variants[n], variants[n].size(extent)) for _, variants, extent in wanted]
                of_parts.append(look_up(part, field, sets, deferred))
            for n, (scored, _, _) in enumerate(wanted):
                scored.found = [found[n] for found in of_parts]
                frequency = 0
                for each in scored.found:
                    frequency += each.frequency
                scored.idf = self.idf(frequency)
        for scored in self._all:
            scored.factor = scored.idf * (self._k1 + 1) * scored.boost

    def idf(self, frequency: int) -> float:
        """The idf of what stands in so many documents."""
        return bm25.idf(self.snapshot.documents, frequency)
