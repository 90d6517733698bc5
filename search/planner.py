"""A query tree becomes a plan. Figures over the whole index, such as how many documents hold a
word, are known once all segments have been looked at; then a plan can score.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from whoosh import query as q

from ..indexer.arrayfile import Array
from . import nodes, positions, stock
from .budget import Budget
from .filters import matching_documents
from .found import Found
from .lookups import LookUps
from .plan import AllOf, AnyOf, Leaf, Plan, Without, boosted, restricted
from .reading import document_frequency
from .resolve import Resolver
from .results import Match
from .selection import Chosen
from .snapshot import Snapshot
from .variants import Resolved, Variants
from .weights import Weights
from .wordqueries import leaf_of, plan_of_words


def plan_of(snapshot: Snapshot, weights: Weights, query: Any, resolver: Resolver) -> Plan:
    """The plan of a query tree (Whoosh's objects and `nodes`)."""
    if plan := plan_of_words(snapshot, weights, query, resolver):
        return plan
    lookups = LookUps(snapshot, weights)
    budget = Budget(snapshot, weights, lookups)
    plan = _Planner(snapshot, weights, lookups, budget, resolver).plan(query)
    budget.spend()
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
        self._excluded = False
        # What was found out of the words of this query, which may ask for one many times.
        self._matching: dict[int, Resolved] = {}
        self._frequencies: dict[tuple[str, int], int] = {}

    def plan(self, query: Any) -> Plan:
        """The plan of a tree; what it finds in the postings is looked up afterwards."""
        if isinstance(query, nodes.Word):
            return self._word(query)
        if isinstance(query, nodes.ExactPhrase):
            return self._phrase(query)
        if isinstance(query, nodes.Near):
            return self._near(query)
        if isinstance(query, nodes.Synonyms):
            return self._synonyms(query)
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
        ids = [
            part.lexicon.matching(query.pattern)
            if query.prefix is None
            else part.lexicon.with_prefix(query.prefix)
            for part in self._snapshot.parts
        ]
        resolved = Resolved(query.pattern, [])
        main = self._lookups.words(query.fieldname or "text", resolved.variants, query.boost)
        leaf = Leaf(main, [], resolved)
        self._budget.pattern(leaf, resolved, ids, excluded=self._excluded)
        return leaf

    # Words in a certain order

    def _phrase(self, query: nodes.ExactPhrase) -> Leaf:
        name = query.fieldname or "text"
        words = self._in_quotes(query)
        frequencies = [self._frequency("text", word.variants) for word in words]
        leaf = self._placed(name, query.boost, frequencies, words)

        def find(among: Sequence[Array | None]) -> None:
            assert leaf.spans is not None
            found: list[Found] = []
            for n, part in enumerate(self._snapshot.parts):
                ids = [word.variants[n].ids for word in words]
                places = positions.phrase(part, name, ids, among[n])
                found.append(positions.counted(places))
                leaf.spans.append((places, np.full(len(places), len(words))))
            leaf.main.found = found

        self._budget.placed(leaf, [frequencies], find, excluded=self._excluded)
        return leaf

    def _near(self, query: nodes.Near) -> Leaf:
        name = query.fieldname or "text"
        operands: list[list[Resolved]] = []
        frequencies: list[list[int]] = []
        for operand in query.words:
            if isinstance(operand, nodes.ExactPhrase):
                words = self._in_quotes(operand)
                frequencies.append([self._frequency("text", word.variants) for word in words])
            else:
                resolved = self._resolver.resolve(operand.text, operand.strict)
                words = [self._only_matching(resolved)]
                frequencies.append([self._frequency(name, words[0].variants)])
            operands.append(words)
        of_words = [each for of_operand in frequencies for each in of_operand]
        every = [word for words in operands for word in words]
        leaf = self._placed(name, query.boost, of_words, every)
        # The rarest first, so that the others are looked for in few documents.
        rarest = sorted(range(len(operands)), key=lambda number: min(frequencies[number]))

        def find(among: Sequence[Array | None]) -> None:
            assert leaf.spans is not None
            found: list[Found] = []
            for n, part in enumerate(self._snapshot.parts):
                groups, docs = [positions.NOWHERE] * len(operands), among[n]
                for number in rarest:
                    ids = [word.variants[n].ids for word in operands[number]]
                    groups[number] = positions.phrase(part, name, ids, docs)
                    docs = positions.counted(groups[number]).docs
                chain = positions.near(groups, query.distance)
                found.append(positions.counted(chain[-1]))
                # Of what was reached from one end, what is reached from the other is part of a
                # whole chain.
                whole = positions.near(chain[::-1], query.distance)[::-1]
                lengths = [
                    np.full(len(places), len(words))
                    for places, words in zip(whole, operands, strict=True)
                ]
                leaf.spans.append((np.concatenate(whole), np.concatenate(lengths)))
            leaf.main.found = found

        self._budget.placed(leaf, [of_words], find, excluded=self._excluded)
        return leaf

    def _synonyms(self, query: nodes.Synonyms) -> Leaf:
        name = query.fieldname or "text"
        asked = " ".join(query.words)
        terms = [[self._resolver.forms(word) for word in term] for term in query.terms]
        # No synonym is worth more than the words that were asked for, nor than it is rare.
        words = [self._only_matching(self._resolver.resolve(word)) for word in query.words]
        most = sum(self._lookups.idf(self._frequency(name, word.variants)) for word in words)
        main = self._lookups.given(name, [], most, query.boost * self._weights.synonym)
        synonyms = [(Match(asked, " ".join(term), "synonym"), []) for term in query.terms]
        leaf = Leaf(main, spans=[], synonyms=synonyms)

        def find(among: Sequence[Array | None]) -> None:
            assert leaf.spans is not None
            found: list[Found] = []
            for n, part in enumerate(self._snapshot.parts):
                taken, lengths = np.zeros(0, np.int64), np.zeros(0, np.int64)
                # Where two terms begin at the same place it is the longer one's.
                for number in sorted(range(len(terms)), key=lambda i: -len(terms[i])):
                    ids = [forms[n].ids for forms in terms[number]]
                    places = positions.phrase(part, name, ids, among[n])
                    places = np.setdiff1d(places, taken)
                    synonyms[number][1].append(places)
                    taken = np.concatenate([taken, places])
                    lengths = np.concatenate([lengths, np.full(len(places), len(ids))])
                order = taken.argsort()
                leaf.spans.append((taken[order], lengths[order]))
                found.append(positions.counted(taken[order]))
            main.found = found
            main.idf = min(most, self._lookups.idf(sum(each.frequency for each in found)))

        of_terms = [[self._frequency(name, forms) for forms in term] for term in terms]
        self._budget.placed(leaf, of_terms, find, excluded=self._excluded)
        return leaf

    def _placed(
        self, name: str, boost: float, frequencies: Sequence[int], words: list[Resolved]
    ) -> Leaf:
        idf = sum(map(self._lookups.idf, frequencies), 0.0)
        return Leaf(self._lookups.given(name, [], idf, boost), parts=words, spans=[])

    def _in_quotes(self, query: nodes.ExactPhrase) -> list[Resolved]:
        """What the words in quotes stand for."""
        return [self._resolver.resolve(word, query.strict, layers=False) for word in query.words]

    def _only_matching(self, word: Resolved) -> Resolved:
        """The word without what only ranks."""
        if id(word) not in self._matching:
            matching = [variants.first(variants.matching) for variants in word.variants]
            self._matching[id(word)] = Resolved(word.text, matching)
        return self._matching[id(word)]

    def _frequency(self, name: str, words: list[Variants]) -> int:
        """How many documents hold any of some words, of which nothing else is needed; the list
        must live as long as the query is planned."""
        known = name, id(words)
        if known not in self._frequencies:
            pairs = zip(self._snapshot.parts, words, strict=True)
            found = (document_frequency(part, name, variants.ids) for part, variants in pairs)
            self._frequencies[known] = sum(found)
        return self._frequencies[known]
