"""Words that stand side by side in the query and in a document bring it forward.

Only the best hits are looked at, so that the cost does not grow with the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from ..indexer.arrayfile import Array
from . import bm25
from .best import Ranked, in_order
from .execute import Ranking, run
from .plan import Leaf, Plan, Without
from .planner import plan_of
from .positions import places
from .resolve import Resolver
from .snapshot import Part, Snapshot
from .weights import Weights


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words that stand side by side in a query.

    Attributes:
        first, second: the leaves of the words.
        factor: what BM25 of the pair is multiplied by, but for the weight of pairs: that of the
            rarer word, since the pair is no more frequent.
    """

    first: Leaf
    second: Leaf
    factor: float


def rank(
    snapshot: Snapshot,
    weights: Weights,
    query: Any,
    limit: int,
    resolver: Resolver | None = None,
) -> Ranking:
    """Runs a query tree and ranks the best, neighbouring words counted.

    Args:
        limit: how many hits are wanted; where there are pairs it may give more.
        resolver: of the same snapshot and weights, if there is one that knows words already.
    """
    plan = plan_of(snapshot, weights, query, resolver or Resolver(snapshot, weights))
    # The best hits are ranked again among themselves, whichever of them are asked for.
    depth = max(limit, weights.pairs_depth) if weights.pairs and pairs(plan) else limit
    return bring_forward(snapshot, weights, run(snapshot, weights, plan, depth))


def bring_forward(snapshot: Snapshot, weights: Weights, ranking: Ranking) -> Ranking:
    """Ranks the best hits again with the score of the pairs of words that they hold.

    A pair counts like a word: BM25 of how often its second word follows the first, at most
    `pairs_gap` words later. The best `pairs_depth` hits are ranked among themselves; those behind
    them keep their places.
    """
    neighbours = pairs(ranking.plan)
    if not weights.pairs or not neighbours or not ranking.hits:
        return ranking
    head, tail = ranking.hits[: weights.pairs_depth], ranking.hits[weights.pairs_depth :]
    bonus = np.zeros(len(head), np.float32)
    for number in {hit.part for hit in head}:
        rows = [n for n, hit in enumerate(head) if hit.part == number]
        docs = np.array([head[n].doc for n in rows], np.int64)
        order = np.argsort(docs)
        scores = pair_scores(snapshot, number, weights, neighbours, docs[order])
        bonus[np.array(rows)[order]] = sum((each for _, each in scores), np.float32(0))
    ranked = [
        Ranked(part, doc, score + extra)
        for (part, doc, score), extra in zip(head, bonus.tolist(), strict=True)
    ]
    return replace(ranking, hits=in_order(snapshot, ranked, len(ranked)) + tail)


def pairs(plan: Plan) -> list[Pair]:
    """The words of a query that stand side by side, pair by pair; none that it excludes."""
    return list(_pairs(plan))


def _pairs(plan: Plan) -> Iterator[Pair]:
    if isinstance(plan, Without):
        yield from _pairs(plan.kept)
    elif not isinstance(plan, Leaf):
        for one, other in pairwise(plan.children):
            if _in_text(one) and _in_text(other):
                assert isinstance(one, Leaf)
                assert isinstance(other, Leaf)
                yield Pair(one, other, max(one.main.factor, other.main.factor))
        for child in plan.children:
            yield from _pairs(child)


def _in_text(plan: Plan) -> bool:
    return isinstance(plan, Leaf) and plan.word is not None and plan.main.field == "text"


def pair_scores(
    snapshot: Snapshot, number: int, weights: Weights, neighbours: Sequence[Pair], docs: Array
) -> Iterator[tuple[Array, Array]]:
    """How often each pair stands in some documents of a segment, and its scores there.

    Args:
        number: the segment's.
        docs: the documents, ascending.
    """
    part = snapshot.parts[number]
    norms = snapshot.norms(number, "text", weights)[docs]
    seen: dict[int, Array] = {}
    for pair in neighbours:
        first, second = (_places(part, number, w, docs, seen) for w in (pair.first, pair.second))
        freqs = np.zeros(len(docs), np.float32)
        if len(first) and len(second):
            at = np.searchsorted(first, second) - 1
            before = np.where(at >= 0, second - first[np.maximum(at, 0)], weights.pairs_gap + 1)
            rows = np.searchsorted(docs, second[before <= weights.pairs_gap] >> 32)
            freqs += np.bincount(rows, minlength=len(docs)).astype(np.float32)
        yield freqs, bm25.scores(freqs, norms, weights.pairs * pair.factor)


def _places(part: Part, number: int, leaf: Leaf, docs: Array, seen: dict[int, Array]) -> Array:
    if id(leaf) not in seen:
        seen[id(leaf)] = places(part, "text", leaf.main.found[number], docs)
    return seen[id(leaf)]
