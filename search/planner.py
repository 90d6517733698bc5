"""A query tree becomes a plan. Figures over the whole index, such as how many documents hold a
word, are known once all segments have been looked at; then a plan can score.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from whoosh import query as q

from . import nodes, stock
from .budget import Budget
from .filters import matching_documents
from .lookups import LookUps
from .plan import AllOf, AnyOf, Leaf, Plan, Without, boosted, restricted
from .proximity import Proximity
from .resolve import Resolver
from .selection import Chosen
from .snapshot import Snapshot
from .variants import Resolved
from .weights import Weights
from .wordqueries import consists_of_words, leaf_of, plan_of_words


def plan_of(snapshot: Snapshot, weights: Weights, query: Any, resolver: Resolver) -> Plan:
    """The plan of a query tree (Whoosh's objects and `nodes`)."""
    if plan := plan_of_words(snapshot, weights, query, resolver):
        return plan
    lookups = LookUps(snapshot, weights)
    budget = Budget(snapshot, weights, lookups)
    plan = _Planner(snapshot, weights, lookups, budget, resolver).plan(query)
    budget.spend()
    if consists_of_words(plan):
        lookups.promise()
    else:
        lookups.run(deferred=not restricted(plan))
    return plan


class _Planner:
    def __init__(
        self,
        snapshot: Snapshot,
        weights: Weights,
        lookups: LookUps,
        budget: Budget,
        resolver: Resolver,
    ) -> None:
        self._snapshot, self._weights = snapshot, weights
        self._lookups, self._budget, self._resolver = lookups, budget, resolver
        self._proximity = Proximity(snapshot, weights, lookups, budget, resolver)
        self._excluded = False

    def plan(self, query: Any) -> Plan:
        """The plan of a tree; what it finds in the postings is looked up afterwards."""
        if isinstance(query, nodes.Word):
            return self._word(query)
        if isinstance(query, nodes.ExactPhrase):
            return self._proximity.phrase(query, excluded=self._excluded)
        if isinstance(query, nodes.Near):
            return self._proximity.near(query, excluded=self._excluded)
        if isinstance(query, nodes.Synonyms):
            return self._proximity.synonyms(query, excluded=self._excluded)
        if isinstance(query, nodes.Wildcard):
            return self._wildcard(query)
        if isinstance(query, nodes.Filter):
            name, value = query.fieldname, query.value
            return Leaf(self._lookups.constant(lambda p: matching_documents(p, name, value), 0.0))
        if isinstance(query, Chosen):
            chosen = query.selection.documents(self._snapshot)
            of_part = dict(zip(self._snapshot.parts, chosen, strict=True))
            return Leaf(self._lookups.constant(of_part.__getitem__, 0.0))
        if type(query) is q.Or and not query.scale:
            return boosted(AnyOf([self.plan(child) for child in query.subqueries]), query.boost)
        if type(query) is q.And:
            return boosted(self._all_of(query.subqueries), query.boost)
        if isinstance(query, q.AndNot):
            return self._without(self.plan(query.a), query.b)
        if isinstance(query, q.Not):
            return self._without(self._every(), query.query)
        if isinstance(query, q.Every) and query.fieldname is None:
            return self._every(query.boost)
        if query == q.NullQuery:
            return AnyOf([])
        return stock.leaf_of(query, self._lookups, self._weights)

    def _all_of(self, queries: list[Any]) -> Plan:
        if not queries:
            return AnyOf([])
        wanted = [self.plan(child) for child in queries if not isinstance(child, q.Not)]
        plan: Plan = AllOf(wanted) if wanted else self._every()
        for child in queries:
            if isinstance(child, q.Not):
                plan = self._without(plan, child.query)
        return plan

    def _without(self, kept: Plan, query: Any) -> Without:
        self._excluded = not self._excluded
        without = Without(kept, self.plan(query))
        self._excluded = not self._excluded
        return without

    def _every(self, boost: float = 1.0) -> Leaf:
        return Leaf(self._lookups.constant(lambda part: np.arange(part.count), 1.0, boost))

    def _word(self, query: nodes.Word) -> Leaf:
        resolved = self._resolver.resolve(query.text, query.strict)
        leaf = leaf_of(query, resolved, self._weights, self._lookups.words)
        self._budget.word(leaf, resolved, excluded=self._excluded)
        return leaf

    def _wildcard(self, query: nodes.Wildcard) -> Leaf:
        resolved = Resolved(query.pattern, [])
        main = self._lookups.words(query.fieldname or "text", resolved.variants, query.boost)
        leaf = Leaf(main, [], resolved)
        self._budget.pattern(leaf, query, resolved, excluded=self._excluded)
        return leaf
