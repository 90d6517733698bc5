"""Running a plan: the matches of each segment, their scores, and the best of all.

Works on whole arrays, never posting by posting. What consists of words is run by one kernel, where
these are compiled (`wordqueries`). A query whose parts are alternatives adds scores into an array
of all documents; any other query finds its matches first and scores only these. Scores are added in
the order of the query in single precision, so that they do not depend on which way was taken or how
documents are spread over segments.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from .alternatives import alternatives
from .best import Ranked, in_order
from .joined import add_plan, joined, matches
from .plan import Plan, is_alternatives, is_partial
from .planner import plan_of
from .resolve import Resolver
from .searched import Searched
from .snapshot import Snapshot
from .weights import Weights
from .wordqueries import is_promised, rank_words


class Ranking(msgspec.Struct):
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

    @property
    def partial(self) -> bool:
        """Whether the query was too much to be answered whole: `total` documents match at least."""
        return is_partial(self.plan)


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
    if is_promised(plan):
        return Ranking(*rank_words(snapshot, weights, plan, limit), plan)
    search_part = alternatives if is_alternatives(plan) else joined
    total = similar = 0
    best: list[Ranked] = []
    for number, part in enumerate(snapshot.parts):
        with part.workspaces.borrowed() as space:
            segment = Searched(snapshot, weights, number, space)
            found, matched, alike = search_part(segment, plan, limit)
        best += found
        total += matched
        similar += alike
    if len(snapshot.parts) > 1:
        best = in_order(snapshot, best, limit)
    return Ranking(best, total, similar, plan)


def matching(snapshot: Snapshot, weights: Weights, plan: Plan) -> list[Array]:
    """For each segment the live documents that a plan matches, ascending: `total` of them."""
    found = []
    for number, part in enumerate(snapshot.parts):
        with part.workspaces.borrowed() as space:
            docs = matches(plan, Searched(snapshot, weights, number, space))
        docs = docs.astype(np.intp, copy=False)
        found.append(docs if part.deleted is None else docs[part.live.take(docs)])
    return found


def scores_of(snapshot: Snapshot, weights: Weights, plan: Plan, number: int, docs: Array) -> Array:
    """The scores (float32) of some documents of a segment, ascending, that a plan matches."""
    scores = np.zeros(len(docs), np.float32)
    with snapshot.parts[number].workspaces.borrowed() as space:
        add_plan(scores, docs, plan, Searched(snapshot, weights, number, space))
    return scores
