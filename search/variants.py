"""What a word of a query stands for: words of the index, each by the relation that weighs most."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from ..indexer.arrayfile import Array
from .weights import CORE, GRAIN, Layer


class Extent(Enum):
    """How many of the words that a query word stands for are meant."""

    ALL = 0
    MATCHING = 1
    EXACT = 2


@dataclass(slots=True)
class Variants:
    """The words of one segment that a query word stands for.

    First the word itself, then the others that make a document a match, then those that only rank;
    each of the three in ascending order.

    Attributes:
        ids: their ids (int64).
        weights: what each counts (float64, multiples of 1 / GRAIN).
        layers: how each is related (Layer).
        exact: so many are the word itself: one or none.
        matching: so many of the first make a document a match.
    """

    ids: Array
    weights: Array
    layers: Array
    exact: int
    matching: int

    def size(self, extent: Extent) -> int:
        """How many of the first words are meant."""
        if extent is Extent.ALL:
            return len(self.ids)
        return self.matching if extent is Extent.MATCHING else self.exact

    def first(self, count: int) -> Variants:
        """Only the first so many."""
        if count == len(self.ids):
            return self
        return Variants(
            self.ids[:count],
            self.weights[:count],
            self.layers[:count],
            min(self.exact, count),
            min(self.matching, count),
        )


def as_written(ids: Array) -> Variants:
    """Words that all count as the word itself."""
    count = len(ids)
    layers = np.zeros(count, np.int64)  # Layer.EXACT
    return Variants(ids.astype(np.int64), np.ones(count), layers, count, count)


@dataclass(slots=True)
class Resolved:
    """A query word and what it stands for.

    Attributes:
        text: the word's key.
        variants: for each segment of the snapshot.
        correction: the word taken in its place because nothing like it is there, or "".
    """

    text: str
    variants: list[Variants]
    correction: str = ""

    @property
    def found(self) -> bool:
        """Whether any word of the index makes a match."""
        return any(variants.matching for variants in self.variants)


# A candidate is one number: word id << 24 | (65,535 - weight × GRAIN) << 4 | layer. Sorted, the
# words come in order, and of one word's relations the one that weighs most comes first.
_ID_SHIFT, _WEIGHT_SHIFT, _MOST, _LAYER = 24, 4, 0xFFFF, 15


class Candidates:
    """Words being gathered, segment by segment."""

    def __init__(self, segments: int) -> None:
        self._of_segment: list[list[Array]] = [[] for _ in range(segments)]

    @property
    def none(self) -> bool:
        """Whether there is none yet."""
        return not any(self._of_segment)

    def add(self, segment: int, ids: Array, weight: float | Array, layer: Layer) -> None:
        if not len(ids):
            return
        if isinstance(weight, np.ndarray):
            rest = (_MOST - np.rint(weight * GRAIN).astype(np.int64)) << _WEIGHT_SHIFT | int(layer)
        else:
            rest = (_MOST - round(weight * GRAIN)) << _WEIGHT_SHIFT | int(layer)
        self._of_segment[segment].append(ids.astype(np.int64) << _ID_SHIFT | rest)

    def variants(self) -> list[Variants]:
        """For each segment its words, each once, by the relation that weighs most."""
        return [_best_relations(rows) for rows in self._of_segment]


def _best_relations(rows: list[Array]) -> Variants:
    if not rows:
        return _NO_VARIANTS
    keys = rows[0] if len(rows) == 1 else np.concatenate(rows)
    keys.sort()
    ids = keys >> _ID_SHIFT
    if len(ids) > 1:
        first = np.empty(len(ids), bool)
        first[0] = True
        np.not_equal(ids[1:], ids[:-1], out=first[1:])
        ids, keys = ids[first], keys[first]
    groups = _GROUPS[keys & _LAYER]
    if len(ids) > 1:
        order = groups.argsort(kind="stable")
        ids, keys, groups = ids[order], keys[order], groups[order]
    weights = (_MOST - (keys >> _WEIGHT_SHIFT & _MOST)) / GRAIN
    exact, matching = groups.searchsorted((1, 2)).tolist()
    return Variants(ids, weights, keys & _LAYER, exact, matching)


# The word itself, others that make a document a match, and the rest.
_GROUPS = np.array([0 if each == Layer.EXACT else 1 if each in CORE else 2 for each in Layer])
_NO_VARIANTS = Variants(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64), 0, 0)
