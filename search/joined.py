"""Queries that ask for several things at once: the matches are found first, then only they are
scored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.stretches import among, distinct, locate
from . import compiled
from .alternatives import alternatives
from .best import Ranked, best_of_few, ranked
from .plan import AllOf, AnyOf, Leaf, Plan, Restricted, Scored, Without, restricted
from .searched import Searched
from .workspace import Workspace, clean

# A list so many times longer than the documents sought in it is searched, not read.
_LONG = 16
# The compiled kernels intersect so many lists at a time.
_AT_A_TIME = 8


def joined(segment: Searched, plan: Plan, limit: int) -> tuple[list[Ranked], int, int]:
    """The best documents, in order, how many match, and 0."""
    part = segment.part
    if compiled.kernels:
        if alone := restricted(plan):
            return _restricted(segment, alone, limit)
        if isinstance(plan, AllOf) and all(map(_is_plain, plan.children)):
            return _of_leaves(segment, plan, limit)
    docs = matches(plan, segment)
    if compiled.kernels:
        docs = docs.astype(np.uint32, copy=False)
        scores = np.zeros(len(docs), np.float32)
        add_plan(scores, docs, plan, segment)
        best, count = compiled.kernels.rank_few(
            scores, docs, segment.codes, part.deleted, segment.number, limit, Ranked
        )
        return best, count, 0
    if part.deleted is not None:
        docs = docs[part.live[docs]]
    scores = np.zeros(len(docs), np.float32)
    add_plan(scores, docs, plan, segment)
    chosen = best_of_few(scores, docs, limit, part)
    best = ranked(segment.number, part, docs[chosen], scores[chosen], limit)
    return best, len(docs), 0


def _is_plain(plan: Plan) -> bool:
    """Whether a plan finds words or only selects documents."""
    return isinstance(plan, Leaf) and not plan.main.given and not plan.main.constant


def _of_leaves(segment: Searched, plan: AllOf, limit: int) -> tuple[list[Ranked], int, int]:
    """The same of what asks for words and conditions alone, by one compiled kernel."""
    assert compiled.kernels
    lists, finds = [], []
    for leaf in plan.children:
        assert isinstance(leaf, Leaf)
        lists.append(leaf.main.found[segment.number].matches.astype(np.uint32, copy=False))
        if leaf.main.constant is None:
            finds += segment.finds(leaf)
    best, count = compiled.kernels.rank_all(
        lists, finds, segment.codes, segment.part.deleted, segment.number, limit, Ranked
    )
    return best, count, 0


def _restricted(segment: Searched, plan: Restricted, limit: int) -> tuple[list[Ranked], int, int]:
    """The same of alternatives of which only some documents count."""
    marks = segment.space.marks
    if plan.conditions:
        docs = _in_all(plan.conditions, segment)
        for each in plan.excluded:
            docs = docs[~_among(docs, matches(each, segment), segment.space)]
    else:
        without = [matches(each, segment) for each in plan.excluded]
        docs = np.concatenate(without) if without else np.zeros(0, np.int64)
    # numpy looks up by its own kind of integers several times faster than by others.
    docs = docs.astype(np.intp, copy=False)
    marks[docs] = True
    found = alternatives(segment, plan.plan, limit, marks, bool(plan.conditions))
    clean(marks, docs, False)
    return found


def matches(plan: Plan, segment: Searched) -> Array:
    """The matching documents of a segment, ascending, deleted ones included."""
    if isinstance(plan, Leaf):
        return plan.main.found[segment.number].matches
    if id(plan) not in segment.matched:
        segment.matched[id(plan)] = _matches(plan, segment)
    return segment.matched[id(plan)]


def _matches(plan: AnyOf | AllOf | Without, segment: Searched) -> Array:
    if isinstance(plan, AllOf):
        return _in_all(plan.children, segment)
    if isinstance(plan, Without):
        kept = matches(plan.kept, segment)
        return kept[~_among(kept, matches(plan.excluded, segment), segment.space)]
    lists = [matches(child, segment) for child in plan.children]
    if len(lists) == 1:
        return lists[0]
    if sum(map(len, lists)) < segment.part.count:
        return distinct(np.concatenate(lists)) if lists else np.zeros(0, np.int64)
    # So many need more time and memory to be sorted than all documents to be looked at.
    marks = segment.space.marks
    for docs in lists:
        marks[docs] = True
    found = np.flatnonzero(marks)
    marks.fill(False)
    return found


def _in_all(plans: Sequence[Plan], segment: Searched) -> Array:
    """The documents that match all of some plans, ascending."""
    if compiled.kernels:
        found = [matches(plan, segment).astype(np.uint32, copy=False) for plan in plans]
        while len(found) > 1:
            some, found = found[:_AT_A_TIME], found[_AT_A_TIME:]
            found.append(np.frombuffer(compiled.kernels.intersect(*some), np.uint32))
        return found[0]
    lists: list[tuple[Array, bool]] = []
    for plan in plans:
        if isinstance(plan, Leaf):
            found = plan.main.found[segment.number]
            lists.append((found.matching_docs, found.distinct))
        else:
            lists.append((matches(plan, segment), True))
    lists.sort(key=lambda each: len(each[0]))
    kept, is_distinct = lists[0]
    for docs, ascending in lists[1:]:
        if not len(kept):
            break
        if ascending and len(kept) * _LONG < len(docs):
            kept = kept[among(kept, docs)]
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


def add_plan(scores: Array, docs: Array, plan: Plan, segment: Searched) -> None:
    """Adds the scores that a plan gives to some documents (ascending), all of which match it or
    stand beside it in an AnyOf."""
    if not len(docs):
        return
    if isinstance(plan, Leaf):
        if compiled.kernels and plan.main.constant is None and not plan.main.given:
            docs = docs.astype(np.uint32, copy=False)
            compiled.kernels.add_scores(segment.finds(plan), scores, docs, segment.part.count)
            return
        for scored in plan.scored:
            _add_to_few(scores, docs, scored, segment)
    elif isinstance(plan, Without):
        add_plan(scores, docs, plan.kept, segment)
    else:
        for child in plan.children:
            if isinstance(plan, AnyOf) and isinstance(child, AllOf | Without):
                # Of what a document lacks in part, nothing counts.
                there = _among(docs, matches(child, segment), segment.space)
                piece = np.zeros(int(there.sum()), np.float32)
                add_plan(piece, docs[there], child, segment)
                scores[there] += piece
            else:
                add_plan(scores, docs, child, segment)


def _add_to_few(scores: Array, docs: Array, scored: Scored, segment: Searched) -> None:
    """Adds the scores of a find to those of some documents."""
    found = scored.found[segment.number]
    if not len(found.docs):
        return
    if docs is found.docs:
        if scored.constant is None:
            scores += scored.scores(found.freqs, segment.norms(scored).take(docs))
        else:
            scores += np.float32(scored.constant * scored.boost)
        return
    if found.distinct and len(docs) * _LONG < len(found.docs):
        at, rows = locate(found.docs, docs)
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
