"""What a word of a query stands for: words of the index, each by the relation that weighs most."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.lexicons import Lexicons
from . import compiled
from .weights import CORE, GRAIN, Layer


class Extent(IntEnum):
    """How many of the words that a query word stands for are meant."""

    ALL = 0
    MATCHING = 1
    EXACT = 2


class Variants(NamedTuple):
    """The words of one segment that a query word stands for. (Compiled kernels take it as it is.)

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


def all_as_written(lexicons: Lexicons, numbers: Array) -> list[Variants]:
    """The same in each segment, for words given by their numbers among those of all (ascending)."""
    weights, layers = np.ones(len(numbers)), np.zeros(len(numbers), np.int64)
    found, at = list[Variants](), 0
    for ids in lexicons.split(numbers):
        begin, count = at, len(ids)
        at += count
        found.append(Variants(ids, weights[begin:at], layers[begin:at], count, count))
    return found


class Resolved(msgspec.Struct):
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


# A candidate is one number: the word's << 24 | (65,535 - weight × GRAIN) << 4 | layer. Sorted, the
# words come in order, and of one word's relations the one that weighs most comes first.
_ID_SHIFT, _WEIGHT_SHIFT, _MOST, _LAYER = 24, 4, 0xFFFF, 15


class Candidates:
    """Words being gathered, of all segments, for several words of a query.

    Each of these has numbers of its own for the words of the index: those that all lexicons have,
    and before them those of the words of the query that come before.
    """

    def __init__(self, lexicons: Lexicons, words: int = 1) -> None:
        self._words, self._all = words, int(lexicons.bases[-1])
        # They are few, for which numpy's own way takes longer.
        bases = lexicons.bases[:-1].tolist()
        firsts = [n * self._all + base for n in range(words) for base in bases]
        self._bases = np.array([*firsts, words * self._all])
        self._found = np.zeros(words, bool)
        # Numbers of words, and what stands behind all of them or behind each.
        self._rows: list[tuple[Array, int | Array]] = []

    def missing(self) -> list[bool]:
        """For which words of the query there is none yet."""
        return (~self._found).tolist()

    def add(
        self, numbers: Array, weight: float | Array, layer: Layer, word: int | Array = 0
    ) -> None:
        """Adds words by their numbers among those of all segments (int64).

        Args:
            word: the word of the query that all or each are for.
        """
        if not len(numbers):
            return
        whole: int | Array
        if isinstance(weight, np.ndarray):
            whole = np.rint(weight * GRAIN).astype(np.int64)
        else:
            whole = round(weight * GRAIN)
        self._found[word] = True
        numbers = numbers + word * self._all
        self._rows.append((numbers, (_MOST - whole) << _WEIGHT_SHIFT | int(layer)))

    def variants(self) -> list[list[Variants]]:
        """For each word of the query and each segment its words, each once, by the relation that
        weighs most."""
        rows = len(self._bases) - 1
        segments = rows // self._words
        if not self._rows:
            return [[_NO_VARIANTS] * segments for _ in range(self._words)]
        if compiled.kernels:
            columns = compiled.kernels.variants(self._rows, self._bases, _GROUPS)
            types = np.int64, np.float64, np.int64, np.int64
            ids, weights, layers, borders = map(np.frombuffer, columns, types)
        else:
            ids, weights, layers, borders = self._grouped(rows)
        edges, width = borders.tolist(), len(Extent)
        starts = edges[::width], edges[1::width], edges[2::width], edges[width::width]
        each = zip(*starts, strict=False)
        found = [
            Variants(
                ids[begin:end],
                weights[begin:end],
                layers[begin:end],
                exact - begin,
                matching - begin,
            )
            if begin < end
            else _NO_VARIANTS
            for begin, exact, matching, end in each
        ]
        return [found[first : first + segments] for first in range(0, rows, segments)]

    def _grouped(self, segments: int) -> tuple[Array, Array, Array, Array]:
        """Ids, weights and layers of the words, segment by segment and group by group, and where
        each group of each segment begins and the last ends."""
        keys = np.concatenate([numbers << _ID_SHIFT | rest for numbers, rest in self._rows])
        keys.sort()
        numbers = keys >> _ID_SHIFT
        keys = keys[np.append(True, numbers[1:] != numbers[:-1])]
        numbers, layers = keys >> _ID_SHIFT, keys & _LAYER
        segment = self._bases.searchsorted(numbers, "right") - 1
        groups = segment * len(Extent) + _GROUPS[layers]
        order = groups.argsort(kind="stable")
        ids = (numbers - self._bases[segment])[order]
        weights = ((_MOST - (keys >> _WEIGHT_SHIFT & _MOST)) / GRAIN)[order]
        borders = groups[order].searchsorted(np.arange(segments * len(Extent) + 1))
        return ids, weights, layers[order], borders


# The word itself, others that make a document a match, and the rest.
_GROUPS = np.array(
    [0 if each == Layer.EXACT else 1 if each in CORE else 2 for each in Layer], np.uint8
)
_NO_VARIANTS = Variants(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64), 0, 0)
