"""A query tree becomes a plan. Figures over the whole index, such as how many documents hold a
word, are known once all segments have been looked at; then a plan can score.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from whoosh import query as q

from ..indexer.arrayfile import Array
from . import nodes, positions, stock
from .filters import matching_documents
from .lookups import LookUps
from .plan import AllOf, AnyOf, Leaf, Plan, Without, boosted, is_alternatives
from .reading import document_frequency
from .resolve import Extent, Resolved, Resolver, as_written
from .results import Match
from .selection import Chosen
from .snapshot import Snapshot
from .weights import Weights


def plan_of(snapshot: Snapshot, weights: Weights, query: Any, resolver: Resolver) -> Plan:
    """The plan of a query tree (Whoosh's objects and `nodes`)."""
    lookups = LookUps(snapshot, weights)
    plan = _Planner(snapshot, weights, lookups, resolver).plan(query)
    lookups.run(deferred=not is_alternatives(plan))
    return plan


class _Planner:
    def __init__(
        self, snapshot: Snapshot, weights: Weights, lookups: LookUps, resolver: Resolver
    ) -> None:
        self._snapshot, self._weights = snapshot, weights
        self._lookups, self._resolver = lookups, resolver

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
            return Without(self.plan(query.a), self.plan(query.b))
        if isinstance(query, q.Not):
            return Without(self._every(), self.plan(query.query))
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
                plan = Without(plan, self.plan(child.query))
        return plan

    def _every(self, boost: float = 1.0) -> Leaf:
        return Leaf(self._lookups.constant(lambda part: np.arange(part.count), 1.0, boost))

    def _word(self, query: nodes.Word) -> Leaf:
        resolved = self._resolver.resolve(query.text, query.strict)
        name, weights, look_up = query.fieldname or "text", self._weights, self._lookups.words
        main = look_up(name, resolved.variants, query.boost)
        extra = []
        if weights.exact_again and not query.strict:
            boost = query.boost * weights.exact_again
            extra.append(look_up(name, resolved.variants, boost, Extent.EXACT))
        if weights.title and name == "text":
            boost = query.boost * weights.title
            extra.append(look_up("title", resolved.variants, boost, Extent.MATCHING))
        return Leaf(main, extra, resolved)

    def _wildcard(self, query: nodes.Wildcard) -> Leaf:
        found = []
        for part in self._snapshot.parts:
            if query.prefix is None:
                ids = part.lexicon.matching(query.pattern)
            else:
                ids = part.lexicon.with_prefix(query.prefix)
            found.append(as_written(ids))
        main = self._lookups.words(query.fieldname or "text", found, query.boost)
        return Leaf(main, [], Resolved(query.pattern, found))

    # Words in a certain order

    def _phrase(self, query: nodes.ExactPhrase) -> Leaf:
        name = query.fieldname or "text"
        words = self._in_quotes(query)
        spans = []
        for n, part in enumerate(self._snapshot.parts):
            places = positions.phrase(part, name, [word.variants[n].ids for word in words])
            spans.append((places, np.full(len(places), len(words))))
        idf = sum(self._idf("text", word) for word in words)
        return self._placed(name, [places for places, _ in spans], idf, query.boost, words, spans)

    def _near(self, query: nodes.Near) -> Leaf:
        name, idf = query.fieldname or "text", 0.0
        operands: list[list[Resolved]] = []
        for operand in query.words:
            if isinstance(operand, nodes.ExactPhrase):
                words = self._in_quotes(operand)
                idf += sum(self._idf("text", word) for word in words)
            else:
                resolved = self._resolver.resolve(operand.text, operand.strict)
                matching = [variants.first(variants.matching) for variants in resolved.variants]
                words = [Resolved(operand.text, matching)]
                idf += self._idf(name, words[0])
            operands.append(words)
        found, spans = [], []
        for n, part in enumerate(self._snapshot.parts):
            groups = [
                positions.phrase(part, name, [word.variants[n].ids for word in words])
                for words in operands
            ]
            chain = positions.near(groups, query.distance)
            found.append(chain[-1])
            # Reached from both ends: the places that are part of a whole chain.
            back = positions.near(groups[::-1], query.distance)[::-1]
            whole = [np.intersect1d(a, b) for a, b in zip(chain, back, strict=True)]
            lengths = [
                np.full(len(places), len(words))
                for places, words in zip(whole, operands, strict=True)
            ]
            spans.append((np.concatenate(whole), np.concatenate(lengths)))
        every = [word for words in operands for word in words]
        return self._placed(name, found, idf, query.boost, every, spans)

    def _synonyms(self, query: nodes.Synonyms) -> Leaf:
        name = query.fieldname or "text"
        asked = " ".join(query.words)
        synonyms = [(Match(asked, " ".join(term), "synonym"), []) for term in query.terms]
        found, spans = [], []
        for n, part in enumerate(self._snapshot.parts):
            taken, lengths = np.zeros(0, np.int64), np.zeros(0, np.int64)
            # Where two terms begin at the same place it is the longer one's.
            for number in sorted(range(len(query.terms)), key=lambda i: -len(query.terms[i])):
                term = query.terms[number]
                ids = [self._resolver.forms(word)[n].ids for word in term]
                places = np.setdiff1d(positions.phrase(part, name, ids), taken)
                synonyms[number][1].append(places)
                taken = np.concatenate([taken, places])
                lengths = np.concatenate([lengths, np.full(len(places), len(term))])
            order = taken.argsort()
            spans.append((taken[order], lengths[order]))
            found.append(positions.counted(taken[order]))
        # No synonym is worth more than the words that were asked for, nor than it is rare.
        words = [self._resolver.resolve(word) for word in query.words]
        matching = [[each.first(each.matching) for each in word.variants] for word in words]
        idf = min(
            sum(self._idf(name, Resolved("", each)) for each in matching),
            self._lookups.idf(sum(each.frequency for each in found)),
        )
        main = self._lookups.given(name, found, idf, query.boost * self._weights.synonym)
        return Leaf(main, spans=spans, synonyms=synonyms)

    def _placed(
        self,
        name: str,
        places: list[Array],
        idf: float,
        boost: float,
        words: list[Resolved],
        spans: list[tuple[Array, Array]],
    ) -> Leaf:
        found = [positions.counted(each) for each in places]
        main = self._lookups.given(name, found, idf, boost)
        return Leaf(main, parts=words, spans=spans)

    def _in_quotes(self, query: nodes.ExactPhrase) -> list[Resolved]:
        """What the words in quotes stand for."""
        return [self._resolver.resolve(word, query.strict, layers=False) for word in query.words]

    def _idf(self, name: str, word: Resolved) -> float:
        """The idf of a word of which nothing else is needed."""
        pairs = zip(self._snapshot.parts, word.variants, strict=True)
        frequencies = (document_frequency(part, name, variants.ids) for part, variants in pairs)
        return self._lookups.idf(sum(frequencies))
