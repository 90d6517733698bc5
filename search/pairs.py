"""Words that stand side by side in the query and in a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from . import bm25, compiled
from .plan import Leaf, Plan, Scored, Without
from .positions import places
from .reading import look_up
from .resolve import Resolver
from .snapshot import Part, Snapshot
from .stopwords import neighbours
from .weights import Weights


class Pair(msgspec.Struct, frozen=True):
    """Two words that stand side by side in a query.

    Attributes:
        first, second: the leaves of the words.
        factor: what BM25 of the pair is multiplied by, but for its weight: that of the rarer word,
            since the pair is no more frequent.
        weight: of pairs, or of pairs with a stop word.
    """

    first: Leaf
    second: Leaf
    factor: float
    weight: float


def pairs(plan: Plan, weight: float) -> list[Pair]:
    """The words of a plan that stand side by side, pair by pair; none that it excludes, and none
    at all with weight 0."""
    return list(_pairs(plan, weight)) if weight else []


def stop_pairs(
    snapshot: Snapshot, weights: Weights, query: Any, words: Mapping[str, Leaf], resolver: Resolver
) -> list[Pair]:
    """The words of a query with the stop words beside them that were left out.

    Args:
        query: its tree, stop words included.
        words: by their keys those that were kept, with their leaves.
    """
    stop_words: dict[str, Leaf] = {}

    def leaf_of(key: str) -> Leaf:
        if key not in stop_words:
            resolved = resolver.resolve(key, layers=False)
            numbered = zip(snapshot.parts, resolved.variants, strict=True)
            found = [look_up(part, "text", [(each, len(each.ids))])[0] for part, each in numbered]
            stop_words[key] = Leaf(Scored("text", found), word=resolved)
        return stop_words[key]

    found = []
    for one, other in neighbours(query):
        if (one in words) == (other in words):
            continue
        factor = words[one if one in words else other].main.factor
        first, second = (words[key] if key in words else leaf_of(key) for key in (one, other))
        found.append(Pair(first, second, factor, weights.stop_pairs))
    return found


def _pairs(plan: Plan, weight: float) -> Iterator[Pair]:
    if isinstance(plan, Without):
        yield from _pairs(plan.kept, weight)
    elif not isinstance(plan, Leaf):
        for one, other in pairwise(plan.children):
            if _in_text(one) and _in_text(other):
                assert isinstance(one, Leaf)
                assert isinstance(other, Leaf)
                yield Pair(one, other, max(one.main.factor, other.main.factor), weight)
        for child in plan.children:
            yield from _pairs(child, weight)


def _in_text(plan: Plan) -> bool:
    return isinstance(plan, Leaf) and plan.word is not None and plan.main.field == "text"


def pair_scores(
    snapshot: Snapshot,
    number: int,
    weights: Weights,
    wanted: Sequence[Pair],
    docs: Array,
    where: Places,
) -> Iterator[tuple[Array, Array]]:
    """How often each pair stands in some documents of a segment, and its scores there.

    Args:
        number: the segment's.
        docs: the documents, ascending.
        where: the words stand in these documents.
    """
    norms = snapshot.norms(number, "text", weights)[docs]
    for pair in wanted:
        first, second = where[pair.first], where[pair.second]
        freqs = np.zeros(len(docs), np.float32)
        if compiled.kernels:
            compiled.kernels.pair_counts(first, second, docs, weights.pairs_gap, freqs)
        elif len(first) and len(second):
            at = np.searchsorted(first, second) - 1
            before = np.where(at >= 0, second - first[np.maximum(at, 0)], weights.pairs_gap + 1)
            rows = np.searchsorted(docs, second[before <= weights.pairs_gap] >> 32)
            freqs += np.bincount(rows, minlength=len(docs)).astype(np.float32)
        yield freqs, bm25.scores(freqs, norms, pair.weight * pair.factor)


class Places:
    """Where words stand in some documents of a segment (see `positions`), in the forms that make a
    match. Each word is looked up once.

    Args:
        number: the segment's.
        docs: the documents, ascending.
        most: of each word in each document only so many places count, the first ones.
    """

    def __init__(self, part: Part, number: int, docs: Array, most: int) -> None:
        self._part, self._number, self._docs, self._most = part, number, docs, most
        self._known: dict[int, Array] = {}

    def __getitem__(self, leaf: Leaf) -> Array:
        found = self._known.get(id(leaf))
        if found is None:
            words = leaf.main.found[self._number]
            found = places(self._part, "text", words, self._docs, self._most)
            self._known[id(leaf)] = found
        return found
