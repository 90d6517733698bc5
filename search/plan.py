"""A query tree becomes a plan: what to look for in each segment, and what each find is worth.

The tree is made of Whoosh's query objects and our own leaves (`nodes`). Figures over the whole
index (document frequency) are known once all segments have been looked at; then a plan can score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import regex
from whoosh import query as whoosh_query

from ..indexer.arrayfile import Array
from ..indexer.schema import VALUE_FIELDS, WORD_FIELDS
from . import bm25, nodes, positions
from .filters import matching_documents
from .found import NOTHING, Found, synonyms
from .resolve import Resolved, Resolver, Variants
from .snapshot import Part, Snapshot
from .weights import Layer, Weights


@dataclass(slots=True)
class Scored:
    """Finds that add to a score: BM25 of their frequencies.

    Attributes:
        field: the field whose lengths count.
        found: for each segment.
        factor: idf × (k1 + 1) × boost; without effect where the finds are `constant`.
        constant: each find adds just this much, when it is not None.
        given: the frequencies are the scores themselves.
    """

    field: str
    found: list[Found]
    factor: float = 0.0
    constant: float | None = None
    given: bool = False

    def multiply(self, boost: float) -> None:
        """Makes each find worth so many times as much."""
        self.factor *= boost
        if self.constant is not None:
            self.constant *= boost
        if self.given:
            times = np.float32(boost)
            self.found = [Found(found.docs, found.freqs * times) for found in self.found]

    def scores(self, number: int, part: Part, snapshot: Snapshot, weights: Weights) -> Array:
        """The score of each find in a segment (float32)."""
        found = self.found[number]
        if self.constant is not None:
            return np.full(len(found.docs), self.constant, np.float32)
        if self.given:
            return found.freqs
        norms = part.norms(self.field, snapshot.averages[self.field], weights.k1, weights.b)
        return bm25.scores(found.freqs, norms[found.docs], self.factor)


@dataclass(slots=True)
class Leaf:
    """Documents that hold something.

    Attributes:
        main: what is sought; its matches are the leaf's.
        extra: what else adds to the score of the same documents.
        word: what it is, where it is a word or a pattern.
        parts: the words of a phrase, or near each other.
        spans: where it stands, where it is a phrase or words near each other: for each segment
            the places (of `positions`) and the number of words from each on.
    """

    main: Scored
    extra: list[Scored] = field(default_factory=list)
    word: Resolved | None = None
    parts: list[Resolved] = field(default_factory=list)
    spans: list[tuple[Array, Array]] | None = None


@dataclass(slots=True)
class AnyOf:
    """Documents of any of some plans."""

    children: list[Plan]


@dataclass(slots=True)
class AllOf:
    """Documents of all of some plans."""

    children: list[Plan]


@dataclass(slots=True)
class Without:
    """Documents of a plan that are not in another."""

    kept: Plan
    excluded: Plan


Plan = Leaf | AnyOf | AllOf | Without


def leaves(plan: Plan) -> Iterator[Leaf]:
    """The leaves that add to scores, in the order of the query."""
    if isinstance(plan, Leaf):
        yield plan
    elif isinstance(plan, Without):
        yield from leaves(plan.kept)
    else:
        for child in plan.children:
            yield from leaves(child)


def _boosted(plan: Plan, boost: float) -> Plan:
    """The plan with all its scores multiplied."""
    if boost != 1.0:
        for leaf in leaves(plan):
            for scored in (leaf.main, *leaf.extra):
                scored.multiply(boost)
    return plan


class Planner:
    """Makes plans for one snapshot.

    Args:
        fallback: gives for a Whoosh query of an unknown kind the documents and scores in each
            segment, by Whoosh's own matchers.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        weights: Weights,
        fallback: Callable[[Any], list[Found]],
    ) -> None:
        self._snapshot, self._weights, self._fallback = snapshot, weights, fallback
        self.resolver = Resolver(snapshot, weights)

    def plan(self, query: Any) -> Plan:
        """The plan of a query tree."""
        q = whoosh_query
        if isinstance(query, nodes.Word):
            return self._word(query)
        if isinstance(query, nodes.ExactPhrase):
            return self._exact_phrase(query)
        if isinstance(query, nodes.Near):
            return self._near(query)
        if isinstance(query, nodes.Wildcard):
            return self._wildcard(query)
        if isinstance(query, nodes.Filter):
            return self._fixed(lambda p: matching_documents(p, query.fieldname, query.value), 0.0)
        if isinstance(query, q.Term):
            return self._term(query)
        if type(query) is q.Or and not query.scale:
            return _boosted(AnyOf([self.plan(child) for child in query.subqueries]), query.boost)
        if type(query) is q.And:
            wanted = [c for c in query.subqueries if not isinstance(c, q.Not)]
            if not query.subqueries:
                return AnyOf([])
            plan: Plan = AllOf([self.plan(c) for c in wanted]) if wanted else self._every()
            for child in query.subqueries:
                if isinstance(child, q.Not):
                    plan = Without(plan, self.plan(child.query))
            return _boosted(plan, query.boost)
        if isinstance(query, q.AndNot):
            return Without(self.plan(query.a), self.plan(query.b))
        if isinstance(query, q.Not):
            return Without(self._every(), self.plan(query.query))
        if isinstance(query, q.Every) and query.fieldname is None:
            return self._every(query.boost)
        if query == q.NullQuery:
            return AnyOf([])
        if type(query) is q.Phrase and query.slop == 1 and query.fieldname in WORD_FIELDS:
            return self._phrase(query)
        if type(query) is q.Prefix:
            return self._prefix(query)
        return Leaf(Scored("text", self._fallback(query), given=True))

    # Our own leaves

    def _word(self, query: nodes.Word) -> Leaf:
        resolved = self.resolver.resolve(query.text, query.strict)
        name = query.fieldname or "text"
        found = [
            synonyms(part, name, variants)
            for part, variants in zip(self._snapshot.parts, resolved.variants, strict=True)
        ]
        main = self._scored(name, found, query.boost)
        extra = []
        weights = self._weights
        if weights.exact_again and not query.strict:
            extra.append(self._exact_again(name, resolved, query.boost * weights.exact_again))
        if weights.title and name == "text":
            titles = [
                synonyms(part, "title", _core_of(variants))
                for part, variants in zip(self._snapshot.parts, resolved.variants, strict=True)
            ]
            extra.append(self._scored("title", titles, query.boost * weights.title))
        return Leaf(main, extra, resolved)

    def _exact_again(self, name: str, resolved: Resolved, boost: float) -> Scored:
        found = []
        for part, variants in zip(self._snapshot.parts, resolved.variants, strict=True):
            exact = variants.layers == Layer.EXACT
            chosen = Variants(variants.ids[exact], variants.weights[exact], variants.layers[exact])
            found.append(synonyms(part, name, chosen))
        return self._scored(name, found, boost)

    def _in_quotes(self, text: str, strict: bool) -> tuple[Resolved, float]:
        """What a word in quotes stands for, and its idf."""
        resolved = self.resolver.resolve(text, strict, layers=False)
        found = [
            synonyms(part, "text", variants)
            for part, variants in zip(self._snapshot.parts, resolved.variants, strict=True)
        ]
        return resolved, self._idf(found)

    def _exact_phrase(self, query: nodes.ExactPhrase) -> Leaf:
        name = query.fieldname or "text"
        words = [self._in_quotes(word, query.strict) for word in query.words]
        spans = []
        for n, part in enumerate(self._snapshot.parts):
            places = positions.phrase(part, name, [word.variants[n].ids for word, _ in words])
            spans.append((places, np.full(len(places), len(words))))
        found = [positions.counted(places) for places, _ in spans]
        idf = sum(idf for _, idf in words)
        parts = [word for word, _ in words]
        return Leaf(self._by_idf(name, found, idf, query.boost), parts=parts, spans=spans)

    def _near(self, query: nodes.Near) -> Leaf:
        name = query.fieldname or "text"
        idf = 0.0
        operands: list[list[list[Array]]] = []
        parts: list[Resolved] = []
        for operand in query.words:
            if isinstance(operand, nodes.ExactPhrase):
                words = [self._in_quotes(word, operand.strict) for word in operand.words]
                idf += sum(each for _, each in words)
                operands.append([[v.ids for v in word.variants] for word, _ in words])
                parts += [word for word, _ in words]
            else:
                resolved = self.resolver.resolve(operand.text, operand.strict)
                core = [_core_of(variants) for variants in resolved.variants]
                idf += self._idf(
                    [synonyms(p, name, v) for p, v in zip(self._snapshot.parts, core, strict=True)]
                )
                operands.append([[variants.ids for variants in core]])
                parts.append(Resolved(operand.text, core))
        found, spans = [], []
        for n, part in enumerate(self._snapshot.parts):
            groups = [
                positions.phrase(part, name, [ids[n] for ids in operand]) for operand in operands
            ]
            chain = positions.near(groups, query.distance)
            found.append(positions.counted(chain[-1]))
            # Reached from both ends: the places that are part of a whole chain.
            back = positions.near(groups[::-1], query.distance)[::-1]
            whole = [np.intersect1d(a, b) for a, b in zip(chain, back, strict=True)]
            lengths = [
                np.full(len(places), len(operand))
                for places, operand in zip(whole, operands, strict=True)
            ]
            spans.append((np.concatenate(whole), np.concatenate(lengths)))
        return Leaf(self._by_idf(name, found, idf, query.boost), parts=parts, spans=spans)

    def _wildcard(self, query: nodes.Wildcard) -> Leaf:
        name = query.fieldname or "text"
        prefix = query.prefix
        pattern = None
        if prefix is None:
            stem = regex.match(r"[^*?]*", query.pattern)
            prefix = stem.group() if stem else ""
            translated = "".join(
                ".*" if c == "*" else "." if c == "?" else regex.escape(c) for c in query.pattern
            )
            pattern = regex.compile(translated, regex.DOTALL)
        resolved = []
        for part in self._snapshot.parts:
            lexicon = part.lexicon
            ids = lexicon.matching(pattern, prefix) if pattern else lexicon.with_prefix(prefix)
            layers = np.full(len(ids), Layer.EXACT)
            resolved.append(Variants(ids.astype(np.int64), np.ones(len(ids)), layers))
        found = [
            synonyms(part, name, variants)
            for part, variants in zip(self._snapshot.parts, resolved, strict=True)
        ]
        return Leaf(self._scored(name, found, query.boost), [], Resolved(query.pattern, resolved))

    # Whoosh's query objects, scored as Whoosh's own matchers do

    def _term(self, query: Any) -> Leaf:
        name, text = query.fieldname, query.text
        encoded = text if isinstance(text, bytes) else text.encode()
        if name in WORD_FIELDS:
            return Leaf(self._scored(name, self._one_word(name, encoded), query.boost))
        if name in VALUE_FIELDS:
            found = []
            for part in self._snapshot.parts:
                values = part.files.values[name]
                code = values.find(encoded)
                docs = values.docs(code) if code >= 0 else np.zeros(0, np.uint32)
                found.append(Found(docs, np.ones(len(docs), np.float32)))
            idf = self._idf(found)
            # Fields of values have no lengths: BM25 of one occurrence in an average document.
            return Leaf(Scored(name, found, constant=idf * query.boost))
        return Leaf(Scored("text", [NOTHING] * len(self._snapshot.parts), constant=0.0))

    def _one_word(self, name: str, encoded: bytes) -> list[Found]:
        found = []
        for part in self._snapshot.parts:
            number = part.lexicon.find(encoded)
            ids = np.array([number] if number >= 0 else [], np.int64)
            found.append(synonyms(part, name, _plain(ids)))
        return found

    def _phrase(self, query: Any) -> Plan:
        scored = []
        sets: list[list[Array]] = []
        for word in query.words:
            encoded = word if isinstance(word, bytes) else word.encode()
            scored.append(
                self._scored(query.fieldname, self._one_word(query.fieldname, encoded), query.boost)
            )
            numbers = [part.lexicon.find(encoded) for part in self._snapshot.parts]
            sets.append([np.array([n] if n >= 0 else [], np.int64) for n in numbers])
        found = []
        for n, part in enumerate(self._snapshot.parts):
            docs = positions.counted(
                positions.phrase(part, query.fieldname, [ids[n] for ids in sets])
            ).docs
            found.append(Found(docs, np.zeros(len(docs), np.float32)))
        where = Leaf(Scored(query.fieldname, found, constant=0.0))
        return AllOf([where, *map(Leaf, scored)])

    def _prefix(self, query: Any) -> Leaf:
        def docs(part: Part) -> Array:
            start = query.text.encode()
            if query.fieldname not in WORD_FIELDS:
                values = part.files.values[query.fieldname]
                codes = range(values.place_of(start), values.place_of(start + b"\xff"))
                lists = [values.docs(code) for code in codes]
                return np.unique(np.concatenate(lists)) if lists else np.zeros(0, np.uint32)
            lexicon = part.lexicon
            ranks = range(lexicon.rank_of(start), lexicon.rank_of(start + b"\xff"))
            ids = np.array(sorted(lexicon.id_at(rank) for rank in ranks), np.int64)
            return synonyms(part, query.fieldname, _plain(ids)).docs

        return self._fixed(docs, query.boost)

    # What they share

    def _every(self, boost: float = 1.0) -> Leaf:
        return self._fixed(lambda part: np.arange(part.count), boost)

    def _fixed(self, docs: Callable[[Part], Array], score: float) -> Leaf:
        found = []
        for part in self._snapshot.parts:
            these = docs(part)
            found.append(Found(these, np.ones(len(these), np.float32)))
        return Leaf(Scored("text", found, constant=score))

    def _idf(self, found: Sequence[Found]) -> float:
        frequency = sum(len(each.matches) for each in found)
        return bm25.idf(self._snapshot.documents, frequency)

    def _scored(self, name: str, found: list[Found], boost: float) -> Scored:
        return Scored(name, found, self._idf(found) * (self._weights.k1 + 1) * boost)

    def _by_idf(self, name: str, found: list[Found], idf: float, boost: float) -> Scored:
        return Scored(name, found, idf * (self._weights.k1 + 1) * boost)


def _core_of(variants: Variants) -> Variants:
    core = variants.core
    return Variants(variants.ids[core], variants.weights[core], variants.layers[core])


def _plain(ids: Array) -> Variants:
    return Variants(ids, np.ones(len(ids)), np.full(len(ids), Layer.EXACT))
