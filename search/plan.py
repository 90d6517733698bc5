"""What a query comes down to: what was found for it in each segment, and what each find is worth.

`planner` makes plans from trees of Whoosh's query objects and our own leaves (`nodes`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from . import bm25
from .found import Found
from .results import Match
from .variants import Resolved

#: Where something stands in a segment: places (of `positions`), ascending, and the number of words
#: from each on.
Span = tuple[Array, Array]


class Scored(msgspec.Struct):
    """Finds that add to a score: BM25 of their frequencies.

    Attributes:
        field: the field whose lengths count.
        found: for each segment.
        boost: times the score.
        idf: of what was found; without effect where the finds are `constant` or `given`.
        factor: idf × (k1 + 1) × boost, once all is known.
        constant: each find adds just this much, times the boost, when it is not None.
        given: the frequencies are the scores themselves.
    """

    field: str
    found: Sequence[Found]
    boost: float = 1.0
    idf: float = 0.0
    factor: float = 0.0
    constant: float | None = None
    given: bool = False

    def scores(self, freqs: Array, norms: Array) -> Array:
        """The scores of some finds (float32).

        Args:
            freqs: how often each document holds it (float32).
            norms: `bm25.norms` of their documents.
        """
        if self.constant is not None:
            return np.full(len(freqs), self.constant * self.boost, np.float32)
        if self.given:
            return freqs * np.float32(self.boost)
        return bm25.scores(freqs, norms, self.factor)


class Leaf(msgspec.Struct):
    """Documents that hold something.

    Attributes:
        main: what is sought; its matches are the leaf's.
        extra: what else adds to the score of the same documents.
        word: what it is, where it is a word or a pattern.
        parts: the words of a phrase, or near each other, each with the places in each segment of
            the phrase, or of the operand of NEAR, that it belongs to.
        spans: where it stands in each segment, where it is a phrase or words near each other: of
            each of these.
        synonyms: of what was asked for in other terms, each with its places in each segment.
        partial: whether it was too much to be looked for everywhere (see `budget`).
    """

    main: Scored
    extra: list[Scored] = msgspec.field(default_factory=list)
    word: Resolved | None = None
    parts: list[tuple[Resolved, Sequence[Array]]] = msgspec.field(default_factory=list)
    spans: Sequence[list[Span]] | None = None
    synonyms: list[tuple[Match, list[Array]]] = msgspec.field(default_factory=list)
    partial: bool = False

    @property
    def scored(self) -> tuple[Scored, ...]:
        """All that adds to a score, in this order."""
        return (self.main, *self.extra)


def span_of(starts: Array, words: int) -> Span:
    """Places of as many words each."""
    return starts, np.broadcast_to(np.int64(words), starts.shape)


class AnyOf(msgspec.Struct):
    """Documents of any of some plans."""

    children: list[Plan]


class AllOf(msgspec.Struct):
    """Documents of all of some plans."""

    children: list[Plan]


class Without(msgspec.Struct):
    """Documents of a plan that are not in another."""

    kept: Plan
    excluded: Plan


Plan = Leaf | AnyOf | AllOf | Without


def is_alternatives(plan: Plan) -> bool:
    """Whether every document that any leaf scores is a hit, with a score above 0."""
    if isinstance(plan, Leaf):
        return plan.main.constant is None and not plan.main.given
    return isinstance(plan, AnyOf) and all(map(is_alternatives, plan.children))


class Restricted(msgspec.Struct):
    """Alternatives of which only some documents count.

    Attributes:
        plan: the alternatives.
        conditions: plans that must all match; none of them scores.
        excluded: plans that must not match.
    """

    plan: Plan
    conditions: list[Plan]
    excluded: list[Plan]


def restricted(plan: Plan) -> Restricted | None:
    """A plan as alternatives and what they are restricted by; None where it is not of that kind."""
    if is_alternatives(plan):
        return Restricted(plan, [], [])
    if isinstance(plan, Without):
        found = restricted(plan.kept)
        if found:
            found.excluded.append(plan.excluded)
        return found
    if isinstance(plan, AllOf):
        scored = [child for child in plan.children if not _selects(child)]
        found = restricted(scored[0]) if len(scored) == 1 else None
        if found:
            found.conditions += [child for child in plan.children if _selects(child)]
        return found
    return None


def _selects(plan: Plan) -> bool:
    """Whether a plan only selects documents."""
    return isinstance(plan, Leaf) and plan.main.constant == 0


def leaves(plan: Plan) -> Iterator[Leaf]:
    """The leaves that add to scores, in the order of the query."""
    if isinstance(plan, Leaf):
        yield plan
    elif isinstance(plan, Without):
        yield from leaves(plan.kept)
    else:
        for child in plan.children:
            yield from leaves(child)


def is_partial(plan: Plan) -> bool:
    """Whether any leaf of a plan, also of what it excludes, was too much to be looked for."""
    if isinstance(plan, Leaf):
        return plan.partial
    if isinstance(plan, Without):
        return is_partial(plan.kept) or is_partial(plan.excluded)
    return any(map(is_partial, plan.children))


def boosted(plan: Plan, boost: float) -> Plan:
    """The plan with all its scores multiplied."""
    if boost != 1.0:
        for leaf in leaves(plan):
            for scored in leaf.scored:
                scored.boost *= boost
    return plan
