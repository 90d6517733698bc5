"""Words that stand side by side in the query and in a document bring it forward.

Only the best hits are looked at, so that the cost does not grow with the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ..indexer.arrayfile import Array
from . import bm25
from .execute import Ranked, Ranking
from .plan import AnyOf, Leaf, Plan
from .positions import places
from .resolve import Resolved
from .snapshot import Part, Snapshot
from .weights import Weights


def bring_forward(snapshot: Snapshot, weights: Weights, ranking: Ranking) -> Ranking:
    """Ranks the best hits again with the score of the pairs of words that they hold.

    A pair counts like a word: BM25 of how often its second word follows the first, at most
    `pairs_gap` words later; its idf is that of the rarer word, since the pair is no more frequent.
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
        sums = _scores(snapshot, number, weights, neighbours, docs[order])
        bonus[np.array(rows)[order]] = sums
    ranked = [
        Ranked(hit.part, hit.doc, hit.score + float(extra))
        for hit, extra in zip(head, bonus, strict=True)
    ]
    ids = {hit: snapshot.parts[hit.part].files.id_of(hit.doc) for hit in ranked}
    ranked.sort(key=lambda hit: (-hit.score, ids[hit]))
    return replace(ranking, hits=ranked + tail)


def pairs(plan: Plan) -> list[tuple[Leaf, Leaf]]:
    """The words of a query that stand side by side as alternatives, pair by pair."""
    if not isinstance(plan, AnyOf):
        return []
    found = []
    for one, other in pairwise(plan.children):
        if isinstance(one, Leaf) and isinstance(other, Leaf) and one.word and other.word:
            found.append((one, other))
    return found


def _scores(
    snapshot: Snapshot,
    number: int,
    weights: Weights,
    neighbours: Sequence[tuple[Leaf, Leaf]],
    docs: Array,
) -> Array:
    """The sum of the pairs' scores in some documents of a segment (ascending)."""
    part = snapshot.parts[number]
    norms = part.norms("text", snapshot.averages["text"], weights.k1, weights.b)[docs]
    sums = np.zeros(len(docs), np.float32)
    seen: dict[int, Array] = {}
    for one, other in neighbours:
        first, second = (_places(part, number, leaf, docs, seen) for leaf in (one, other))
        if not len(first) or not len(second):
            continue
        at = np.searchsorted(first, second) - 1
        before = np.where(at >= 0, second - first[np.maximum(at, 0)], weights.pairs_gap + 1)
        rows = np.searchsorted(docs, second[before <= weights.pairs_gap] >> 32)
        freqs = np.bincount(rows, minlength=len(docs)).astype(np.float32)
        factor = weights.pairs * max(one.main.factor, other.main.factor)
        sums += bm25.scores(freqs, norms, factor)
    return sums


def _places(part: Part, number: int, leaf: Leaf, docs: Array, seen: dict[int, Array]) -> Array:
    word: Resolved | None = leaf.word
    assert word is not None
    if id(word) not in seen:
        variants = word.variants[number]
        seen[id(word)] = places(part, "text", variants.ids[variants.core], docs)
    return seen[id(word)]
