"""Running a plan: the matches of each segment, their scores, and the best of all.

Works on whole arrays, never posting by posting. A query whose parts are alternatives adds scores
into an array of all documents; any other query finds its matches first and scores only these.
Scores are added in the order of the query in single precision, so that they do not depend on
which way was taken or how documents are spread over segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.stretches import distinct
from .best import Ranked, best_documents, best_of_all, best_of_few, in_order
from .found import Found
from .plan import AllOf, AnyOf, Leaf, Plan, Scored, Without, leaves
from .planner import plan_of
from .resolve import Resolver
from .snapshot import Snapshot
from .weights import Weights
from .workspace import Workspace, clean

# With more postings than this share of the documents all documents are looked at for the best,
# with fewer only those of the postings.
_DENSE = 0.3
# A list so many times longer than the documents sought in it is searched, not read.
_LONG = 16


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


def execute(
    snapshot: Snapshot,
    weights: Weights,
    query: Any,
    limit: int,
    resolver: Resolver | None = None,
) -> Ranking:
    """Runs a query tree (Whoosh's objects and `nodes`) and ranks the best `limit` documents.

    Args:
        resolver: of the same snapshot and weights, if there is one that knows words already.
    """
    plan = plan_of(snapshot, weights, query, resolver or Resolver(snapshot, weights))
    return run(snapshot, weights, plan, limit)


def run(snapshot: Snapshot, weights: Weights, plan: Plan, limit: int) -> Ranking:
    """Runs a plan and ranks the best `limit` documents."""
    search_part = _alternatives if _is_alternatives(plan) else _joined
    total = similar = 0
    best: list[Ranked] = []
    for number, part in enumerate(snapshot.parts):
        with part.workspaces.borrowed() as space:
            segment = _Segment(snapshot, weights, number, space)
            docs, scores, matched, alike = search_part(segment, plan, limit)
        best.extend(map(Ranked, repeat(number), docs.tolist(), scores.tolist()))
        total += matched
        similar += alike
    return Ranking(in_order(snapshot, best, limit), total, similar, plan)


def matching(snapshot: Snapshot, weights: Weights, plan: Plan) -> list[Array]:
    """For each segment the live documents that a plan matches, ascending: `total` of them."""
    found = []
    for number, part in enumerate(snapshot.parts):
        with part.workspaces.borrowed() as space:
            docs = _matches(plan, _Segment(snapshot, weights, number, space))
        found.append(docs if part.deleted is None else docs[part.live[docs]])
    return found


def scores_of(snapshot: Snapshot, weights: Weights, plan: Plan, number: int, docs: Array) -> Array:
    """The scores (float32) of some documents of a segment, ascending, that a plan matches."""
    scores = np.zeros(len(docs), np.float32)
    with snapshot.parts[number].workspaces.borrowed() as space:
        _add_plan(scores, docs, plan, _Segment(snapshot, weights, number, space))
    return scores


def _is_alternatives(plan: Plan) -> bool:
    """Whether every document that any leaf scores is a hit, with a score above 0."""
    if isinstance(plan, Leaf):
        return plan.main.constant is None and not plan.main.given
    return isinstance(plan, AnyOf) and all(map(_is_alternatives, plan.children))


class _Segment:
    """A segment while it is searched.

    Attributes:
        number: among the segments of the snapshot.
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


# Alternatives


def _alternatives(segment: _Segment, plan: Plan, limit: int) -> tuple[Array, Array, int, int]:
    """The best documents, their scores, and how many match and are alike."""
    number, part = segment.number, segment.part
    sought = [leaf for leaf in leaves(plan) if len(leaf.main.found[number].docs)]
    found = [leaf.main.found[number] for leaf in sought]
    if not sought:
        return np.zeros(0, np.int64), np.zeros(0, np.float32), 0, 0
    if len(sought) == 1 and not sought[0].extra and found[0].distinct:
        return _only(segment, sought[0].main, limit)
    scores = segment.space.scores
    for leaf in sought:
        for scored in leaf.scored:
            _add(scores, segment, scored)
    if part.deleted is not None:
        scores[part.gone] = 0
    docs = found[0].docs if len(found) == 1 else np.concatenate([each.docs for each in found])
    if len(docs) > _DENSE * part.count:
        best = best_of_all(scores, limit, part)
    else:
        best = best_documents(scores, docs, limit, part)
    values = scores.take(best)
    clean(scores, docs)
    return best, values, *_counts(segment, found)


def _only(segment: _Segment, scored: Scored, limit: int) -> tuple[Array, Array, int, int]:
    """The same where nothing has to be added up."""
    part, found = segment.part, scored.found[segment.number]
    docs, freqs = found.docs, found.freqs
    if part.deleted is not None:
        live = part.live.take(docs)
        docs, freqs = docs[live], freqs[live]
    scores = scored.scores(freqs, segment.norms(scored).take(docs))
    chosen = best_of_few(scores, docs, limit, part)
    matching = len(docs) if found.matching else 0
    return docs[chosen], scores[chosen], matching, len(docs) - matching


def _add(scores: Array, segment: _Segment, scored: Scored) -> None:
    """Adds the scores of a find to those of its documents."""
    found = scored.found[segment.number]
    docs = found.docs
    if not len(docs):
        return
    more = scored.scores(segment.sums(found), segment.norms(scored).take(docs))
    if found.distinct:
        np.add.at(scores, docs, more)
    else:
        # A document of several postings is given the same score by each of them, not added to.
        scores[docs] = scores.take(docs) + more


def _counts(segment: _Segment, found: Sequence[Found]) -> tuple[int, int]:
    """How many documents match, and how many are found without matching."""
    marks, gone = segment.space.marks, segment.part.gone
    for each in found:
        marks[each.matching_docs] = True
    marks[gone] = False
    matching = int(np.count_nonzero(marks))
    alike = [each for each in found if each.matching < len(each.docs)]
    for each in alike:
        marks[each.docs[each.matching :]] = True
    marks[gone] = False
    everything = int(np.count_nonzero(marks)) if alike else matching
    marks.fill(False)
    return matching, everything - matching


# Everything else


def _joined(segment: _Segment, plan: Plan, limit: int) -> tuple[Array, Array, int, int]:
    """The best documents, their scores, and how many match."""
    part = segment.part
    docs = _matches(plan, segment)
    if part.deleted is not None:
        docs = docs[part.live[docs]]
    scores = np.zeros(len(docs), np.float32)
    _add_plan(scores, docs, plan, segment)
    chosen = best_of_few(scores, docs, limit, part)
    return docs[chosen], scores[chosen], len(docs), 0


def _matches(plan: Plan, segment: _Segment) -> Array:
    """The matching documents of a segment, ascending, deleted ones included."""
    if isinstance(plan, Leaf):
        return plan.main.found[segment.number].matches
    if isinstance(plan, AllOf):
        return _in_all(plan.children, segment)
    if isinstance(plan, Without):
        kept = _matches(plan.kept, segment)
        return kept[~_among(kept, _matches(plan.excluded, segment), segment.space)]
    lists = [_matches(child, segment) for child in plan.children]
    if len(lists) == 1:
        return lists[0]
    return distinct(np.concatenate(lists)) if lists else np.zeros(0, np.int64)


def _in_all(plans: Sequence[Plan], segment: _Segment) -> Array:
    """The documents that match all of some plans, ascending."""
    lists: list[tuple[Array, bool]] = []
    for plan in plans:
        if isinstance(plan, Leaf):
            found = plan.main.found[segment.number]
            lists.append((found.matching_docs, found.distinct))
        else:
            lists.append((_matches(plan, segment), True))
    lists.sort(key=lambda each: len(each[0]))
    kept, is_distinct = lists[0]
    for docs, ascending in lists[1:]:
        if not len(kept):
            break
        if ascending and len(kept) * _LONG < len(docs):
            kept = kept[_found_in(docs, kept)]
        else:
            # What is left of the longer list, so that a list in order stays the one that is kept.
            kept, is_distinct = (
                (kept[_among(kept, docs, segment.space)], is_distinct)
                if is_distinct
                else (docs[_among(docs, kept, segment.space)], ascending)
            )
    return kept if is_distinct else distinct(kept)


def _among(docs: Array, others: Array, space: Workspace) -> Array:
    """Which of some documents are among others."""
    marks = space.marks
    marks[others] = True
    there = marks.take(docs)
    clean(marks, others, False)
    return there


def _found_in(ascending: Array, docs: Array) -> Array:
    """Which of some documents are among many in ascending order."""
    at = ascending.searchsorted(docs)
    at[at == len(ascending)] = 0
    return ascending[at] == docs


def _add_plan(scores: Array, docs: Array, plan: Plan, segment: _Segment) -> None:
    """Adds the scores that a plan gives to some documents (ascending), all of which match it or
    stand beside it in an AnyOf."""
    if not len(docs):
        return
    if isinstance(plan, Leaf):
        for scored in plan.scored:
            _add_to_few(scores, docs, scored, segment)
    elif isinstance(plan, Without):
        _add_plan(scores, docs, plan.kept, segment)
    else:
        for child in plan.children:
            if isinstance(plan, AnyOf) and isinstance(child, AllOf | Without):
                # Of what a document lacks in part, nothing counts.
                there = _among(docs, _matches(child, segment), segment.space)
                piece = np.zeros(int(there.sum()), np.float32)
                _add_plan(piece, docs[there], child, segment)
                scores[there] += piece
            else:
                _add_plan(scores, docs, child, segment)


def _add_to_few(scores: Array, docs: Array, scored: Scored, segment: _Segment) -> None:
    """Adds the scores of a find to those of some documents."""
    found = scored.found[segment.number]
    if not len(found.docs):
        return
    if docs is found.docs:
        scores += scored.scores(found.freqs, segment.norms(scored).take(docs))
        return
    if found.distinct and len(docs) * _LONG < len(found.docs):
        at = found.docs.searchsorted(docs)
        at[at == len(found.docs)] = 0
        rows = (found.docs[at] == docs).nonzero()[0]
        freqs = found.freqs_at(at[rows])
    else:
        place = segment.space.rows
        place[docs] = np.arange(len(docs))
        of_posting = place.take(found.docs)
        clean(place, docs, -1)
        here = (of_posting >= 0).nonzero()[0]
        if found.distinct:
            rows, freqs = of_posting[here], found.freqs_at(here)
        else:
            sums = np.bincount(of_posting[here], found.freqs_at(here), len(docs))
            rows = sums.nonzero()[0]
            freqs = sums[rows].astype(np.float32)
    if len(rows):
        scores[rows] += scored.scores(freqs, segment.norms(scored).take(docs[rows]))
