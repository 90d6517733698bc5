"""Running a plan: the matches of each segment, their scores, and the best of all.

Works on whole arrays, never posting by posting. A query whose parts are alternatives adds scores
into an array of all documents; any other query finds its matches first and scores only these.
Scores are added in the order of the query in single precision, so that they do not depend on
which way was taken or how documents are spread over segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ..indexer.arrayfile import Array
from .found import Found
from .plan import AllOf, AnyOf, Leaf, Plan, Planner, Scored, Without, leaves
from .positions import intersection
from .snapshot import Part, Snapshot
from .weights import Weights

_NO_DOCS = np.zeros(0, np.int64)
# Blocks of the accumulator whose best score is below that of the best k blocks are not looked at.
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Ranked:
    """One document of a ranking: its segment's number, its number there, its score."""

    part: int
    doc: int
    score: float


@dataclass(slots=True)
class Ranking:
    """The best documents of a query and how many there are.

    Attributes:
        hits: the best first; equal scores in the order of the documents' ids.
        total: documents that match.
        total_similar: documents that only hold words of the same root or of similar spelling.
        plan: what was searched.
    """

    hits: list[Ranked]
    total: int
    total_similar: int
    plan: Plan


def execute(snapshot: Snapshot, weights: Weights, query: Any, limit: int) -> Ranking:
    """Runs a query tree (Whoosh's objects and `nodes`) and ranks the best `limit` documents."""
    planner = Planner(snapshot, weights, lambda q: _by_whoosh(snapshot, weights, q))
    plan = planner.plan(query)
    total = similar = 0
    best: list[tuple[Array, Array]] = []
    for number, part in enumerate(snapshot.parts):
        docs, scores, matched, alike = _search_part(number, part, snapshot, weights, plan, limit)
        best.append((docs, scores))
        total += matched
        similar += alike
    return Ranking(_merged(snapshot, best, limit), total, similar, plan)


def _search_part(
    number: int, part: Part, snapshot: Snapshot, weights: Weights, plan: Plan, limit: int
) -> tuple[Array, Array, int, int]:
    """The best documents of a segment, their scores, and how many match and are alike."""
    if _alternatives(plan):
        scores = np.zeros(part.count, np.float32)
        for leaf in leaves(plan):
            for each in (leaf.main, *leaf.extra):
                scores[each.found[number].docs] += each.scores(number, part, snapshot, weights)
        if part.deleted is not None:
            scores[part.deleted] = 0
        matched, alike = _count_matches(number, part, plan, scores)
        docs = _best_places(scores, limit, part)
        return docs, scores[docs], matched, alike
    docs = _matches(plan, number, part)
    if part.deleted is not None:
        docs = docs[part.live[docs]]
    scores = np.zeros(len(docs), np.float32)
    _add_plan(scores, docs, plan, number, part, snapshot, weights)
    chosen = _best(scores, limit, _id_codes(part), docs)
    return docs[chosen], scores[chosen], len(docs), 0


def _alternatives(plan: Plan) -> bool:
    """Whether every document that any leaf scores is a hit, with a score above 0."""
    if isinstance(plan, Leaf):
        return plan.main.constant is None and not plan.main.given
    return isinstance(plan, AnyOf) and all(map(_alternatives, plan.children))


def _count_matches(number: int, part: Part, plan: Plan, scores: Array) -> tuple[int, int]:
    """How many documents match, and how many have a score without matching."""
    everything = int(np.count_nonzero(scores > 0))
    found = [leaf.main.found[number] for leaf in leaves(plan)]
    if all(each.core is None for each in found):
        return everything, 0
    matched = np.zeros(part.count, bool)
    for each in found:
        matched[each.matches] = True
    if part.deleted is not None:
        matched[part.deleted] = False
    count = int(np.count_nonzero(matched))
    return count, everything - count


def _matches(plan: Plan, number: int, part: Part) -> Array:
    """The matching documents of a segment, ascending, deleted ones included."""
    if isinstance(plan, Leaf):
        return plan.main.found[number].matches
    if isinstance(plan, AllOf):
        return intersection([_matches(child, number, part) for child in plan.children])
    if isinstance(plan, Without):
        kept = _matches(plan.kept, number, part)
        out = np.zeros(part.count, bool)
        out[_matches(plan.excluded, number, part)] = True
        return kept[~out[kept]]
    lists = [_matches(child, number, part) for child in plan.children]
    if len(lists) == 1:
        return lists[0]
    any_of = np.zeros(part.count, bool)
    for docs in lists:
        any_of[docs] = True
    return np.flatnonzero(any_of)


def _add_plan(
    scores: Array,
    docs: Array,
    plan: Plan,
    number: int,
    part: Part,
    snapshot: Snapshot,
    weights: Weights,
) -> None:
    """Adds the scores that a plan gives to some documents, all of which match it or stand beside
    it in an AnyOf."""
    if isinstance(plan, Leaf):
        for each in (plan.main, *plan.extra):
            _add_scores(scores, docs, each, number, part, snapshot, weights)
    elif isinstance(plan, Without):
        _add_plan(scores, docs, plan.kept, number, part, snapshot, weights)
    else:
        for child in plan.children:
            if isinstance(plan, AnyOf) and isinstance(child, AllOf | Without):
                # Of what a document lacks in part, nothing counts.
                matching = np.zeros(part.count, bool)
                matching[_matches(child, number, part)] = True
                there = matching[docs]
                piece = np.zeros(int(there.sum()), np.float32)
                _add_plan(piece, docs[there], child, number, part, snapshot, weights)
                scores[there] += piece
            else:
                _add_plan(scores, docs, child, number, part, snapshot, weights)


def _add_scores(
    scores: Array,
    docs: Array,
    scored: Scored,
    number: int,
    part: Part,
    snapshot: Snapshot,
    weights: Weights,
) -> None:
    """Adds a find's scores to those of the chosen documents."""
    found = scored.found[number]
    if not len(found.docs) or not len(docs):
        return
    if len(docs) * 8 < len(found.docs):
        at = np.searchsorted(found.docs, docs)
        at[at == len(found.docs)] = 0
        there = np.flatnonzero(found.docs[at] == docs)
        few = Found(found.docs[at[there]], found.freqs[at[there]])
        piece = Scored(scored.field, [few], scored.factor, scored.constant, scored.given)
        scores[there] += piece.scores(0, part, snapshot, weights)
    else:
        everywhere = np.zeros(part.count, np.float32)
        everywhere[found.docs] = scored.scores(number, part, snapshot, weights)
        scores += everywhere[docs]


def _id_codes(part: Part) -> Array:
    codes = part.files.values["id"].codes
    assert codes is not None
    return codes


def _best_places(scores: Array, limit: int, part: Part) -> Array:
    """The documents with the best scores above 0, ties by id; in no order."""
    threshold = np.float32(0)
    blocks = len(scores) // _BLOCK
    best = scores[:0]
    if blocks > limit > 0:
        best = scores[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
        # At least `limit` documents score as much as the limit-th best block.
        threshold = np.partition(best, blocks - limit)[blocks - limit]
    if threshold > 0:
        rows = np.flatnonzero(best >= threshold)
        places = (rows[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        docs = np.concatenate([places, np.arange(blocks * _BLOCK, len(scores))])
        docs = docs[scores[docs] >= threshold]
    else:
        docs = np.flatnonzero(scores > 0)
    return docs[_best(scores[docs], limit, _id_codes(part), docs)]


def _best(scores: Array, limit: int, codes: Array, docs: Array) -> Array:
    """The places of the best scores; among equal ones at the border the first ids."""
    if len(scores) <= limit:
        return np.arange(len(scores))
    if limit <= 0:
        return _NO_DOCS
    border = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    above = np.flatnonzero(scores > border)
    equal = np.flatnonzero(scores == border)
    wanted = limit - len(above)
    if len(equal) > wanted:
        order = codes[docs[equal]]
        equal = equal[np.argpartition(order, wanted - 1)[:wanted]]
    return np.concatenate([above, equal])


def _merged(snapshot: Snapshot, best: Sequence[tuple[Array, Array]], limit: int) -> list[Ranked]:
    """The best of all segments in order."""
    numbers = np.repeat(np.arange(len(best)), [len(docs) for docs, _ in best])
    if not len(numbers):
        return []
    docs = np.concatenate([docs for docs, _ in best])
    scores = np.concatenate([scores for _, scores in best])
    if len(scores) > limit > 0:
        border = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        kept = scores >= border
        numbers, docs, scores = numbers[kept], docs[kept], scores[kept]
    order = np.argsort(-scores, kind="stable").tolist()
    ranked = scores[order].tolist()
    if len(set(ranked)) < len(ranked):
        # Ids are looked up only where they are needed, to rank equal scores.
        ids = {n: snapshot.parts[numbers[n]].files.id_of(int(docs[n])) for n in order}
        order.sort(key=lambda n: (-float(scores[n]), ids[n]))
    return [Ranked(int(numbers[n]), int(docs[n]), float(scores[n])) for n in order[:limit]]


def _by_whoosh(snapshot: Snapshot, weights: Weights, query: Any) -> list[Found]:
    """The documents and scores of a query of an unknown kind, by Whoosh's own matchers."""
    from whoosh.reading import MultiReader, SegmentReader
    from whoosh.searching import Searcher

    from ..indexer.codec import Segment
    from ..indexer.schema import make_schema
    from .bm25 import BM25

    schema = make_schema()
    readers = [
        SegmentReader(None, schema, Segment(part.files.info, part.files, None))
        for part in snapshot.parts
    ]
    searcher: Any = Searcher(MultiReader(readers), weighting=cast(Any, BM25(weights.k1, weights.b)))
    found = []
    for leaf, _ in searcher.leaf_searchers():
        matcher = query.matcher(leaf, searcher.context())
        docs, scores = [], []
        while matcher.is_active():
            docs.append(matcher.id())
            scores.append(matcher.score())
            matcher.next()
        found.append(Found(np.array(docs, np.int64), np.array(scores, np.float32)))
    return found
