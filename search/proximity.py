"""Phrases, words near each other and synonyms of several words: leaves of a plan that are found by
where words stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.stretches import places_of
from . import nodes, positions
from .budget import Budget
from .found import Found
from .lookups import LookUps
from .placed import Among, Sought, together
from .plan import Leaf, Span, span_of
from .promised import PromisedPhrase
from .reading import document_frequency
from .resolve import Resolver
from .results import Match
from .snapshot import Part, Snapshot
from .variants import Resolved, Variants
from .weights import Weights

# For each segment the words that may stand in one place of a term.
_Forms = list[Variants]


class _Occurrences(NamedTuple):
    """Where some terms stand in a segment.

    Attributes:
        starts: the places of their first words (of `positions`), ascending.
        lengths: how many words each has.
        of_term: the starts of each term. Where two begin it is the longer one's.
    """

    starts: Array
    lengths: Array
    of_term: list[Array]


class _Operand(NamedTuple):
    """What may stand in one place of NEAR: what was asked for, and synonyms of it.

    Attributes:
        asked: its words, for a person.
        words: what each of them stands for.
        terms: the same of all that may stand there, itself first.
        frequencies: how many documents hold each word of each of these.
    """

    asked: str
    words: list[Resolved]
    terms: list[list[_Forms]]
    frequencies: list[list[int]]


class Proximity:
    """Makes the leaves of one query's plan."""

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
        # What was found out of the words of this query, which may ask for one many times.
        self._matching: dict[int, Resolved] = {}
        self._frequencies: dict[tuple[str, int], int] = {}

    def phrase(self, query: nodes.ExactPhrase, *, excluded: bool) -> Leaf:
        """The leaf of a phrase."""
        name = query.fieldname or "text"
        words = self._in_quotes(query)
        frequencies = [self._frequency("text", word.variants) for word in words]
        phrase = PromisedPhrase(self._snapshot.parts, name, words)
        main = self._lookups.given(name, [], self._idf(frequencies), query.boost)
        leaf = phrase.leaf(main)

        def find(among: Among) -> None:
            phrase.among[:] = among
            main.found = list(phrase)

        self._budget.placed(leaf, phrase.sought(min(frequencies)), find, excluded=excluded)
        return leaf

    def near(self, query: nodes.Near, *, excluded: bool) -> Leaf:
        """The leaf of operands that stand near each other."""
        name = query.fieldname or "text"
        synonyms = query.terms or [()] * len(query.words)
        pairs = zip(query.words, synonyms, strict=True)
        operands = [self._operand(operand, terms, name) for operand, terms in pairs]
        # As rare as the most frequent of what may stand there.
        idf = sum(min(map(self._idf, operand.frequencies)) for operand in operands)
        spans: list[list[Span]] = []
        leaf = Leaf(self._lookups.given(name, [], idf, query.boost), spans=spans)
        standing: list[list[list[Array]]] = []
        for operand, others in zip(operands, synonyms, strict=True):
            of_terms: list[list[Array]] = [[] for _ in operand.terms]
            standing.append(of_terms)
            leaf.parts += [(word, of_terms[0]) for word in operand.words]
            for term, places in zip(others, of_terms[1:], strict=True):
                leaf.synonyms.append((Match(operand.asked, " ".join(term), "synonym"), places))
        # No operand stands in more documents than the rarest words of what it may be.
        documents = [sum(map(min, operand.frequencies)) for operand in operands]
        rarest = sorted(range(len(operands)), key=documents.__getitem__)

        def find(among: Among) -> None:
            counted: list[Found] = []
            for n, part in enumerate(self._snapshot.parts):
                found: dict[int, _Occurrences] = {}
                docs = among[n]
                # The rarest first, so that the others are looked for in few documents.
                for number in rarest:
                    found[number] = _occurrences(part, n, name, operands[number].terms, docs)
                    docs = positions.counted(found[number].starts).docs
                reached = _reached([found[number] for number in range(len(operands))], query)
                counted.append(positions.counted(reached[-1].starts))
                # Of what was reached from one end, what is reached from the other is part of a
                # whole chain.
                whole = _reached(reached[::-1], query)[::-1]
                for of_terms, each in zip(standing, whole, strict=True):
                    for places, starts in zip(of_terms, each.of_term, strict=True):
                        alone = len(of_terms) == 1
                        places.append(each.starts if alone else np.intersect1d(starts, each.starts))
                spans.append([(each.starts, each.lengths) for each in whole])
            leaf.main.found = counted

        count = sum(len(words) for operand in operands for words in operand.frequencies)
        least = documents[rarest[0]]
        sought = Sought(name, [operands[n].terms for n in rarest], least, count * least)
        self._budget.placed(leaf, sought, find, excluded=excluded)
        return leaf

    def synonyms(self, query: nodes.Synonyms, *, excluded: bool) -> Leaf:
        """The leaf of what a thesaurus gives for words."""
        name = query.fieldname or "text"
        asked = " ".join(query.words)
        terms = [self._of_synonym(term) for term in query.terms]
        # No synonym is worth more than the words that were asked for, nor than it is rare.
        words = [self._only_matching(self._resolver.resolve(word)) for word in query.words]
        most = self._idf([self._frequency(name, word.variants) for word in words])
        main = self._lookups.given(name, [], most, query.boost * self._weights.synonym)
        synonyms = [(Match(asked, " ".join(term), "synonym"), []) for term in query.terms]
        spans: list[list[Span]] = []
        leaf = Leaf(main, spans=spans, synonyms=synonyms)

        def find(among: Among) -> None:
            counted: list[Found] = []
            for n, part in enumerate(self._snapshot.parts):
                found = _occurrences(part, n, name, terms, among[n])
                for (_, places), starts in zip(synonyms, found.of_term, strict=True):
                    places.append(starts)
                spans.append([(found.starts, found.lengths)])
                counted.append(positions.counted(found.starts))
            main.found = counted
            main.idf = min(most, self._lookups.idf(sum(each.frequency for each in counted)))

        of_terms = [[self._frequency(name, forms) for forms in term] for term in terms]
        sought = Sought(name, [terms], sum(map(min, of_terms)), together(of_terms))
        self._budget.placed(leaf, sought, find, excluded=excluded)
        return leaf

    def _operand(
        self, operand: nodes.Word | nodes.ExactPhrase, synonyms: Sequence[Sequence[str]], name: str
    ) -> _Operand:
        if isinstance(operand, nodes.ExactPhrase):
            asked, of_own, words = " ".join(operand.words), "text", self._in_quotes(operand)
        else:
            asked, of_own = operand.text, name
            resolved = self._resolver.resolve(operand.text, operand.strict)
            words = [self._only_matching(resolved)]
        terms = [[word.variants for word in words], *map(self._of_synonym, synonyms)]
        fields = chain([of_own], [name] * len(synonyms))
        frequencies = [
            [self._frequency(field, forms) for forms in term]
            for field, term in zip(fields, terms, strict=True)
        ]
        return _Operand(asked, words, terms, frequencies)

    def _of_synonym(self, term: Sequence[str]) -> list[_Forms]:
        return [self._resolver.forms(word) for word in term]

    def _in_quotes(self, query: nodes.ExactPhrase) -> list[Resolved]:
        """What the words in quotes stand for."""
        return [self._resolver.resolve(word, query.strict, layers=False) for word in query.words]

    def _only_matching(self, word: Resolved) -> Resolved:
        """The word without what only ranks."""
        if id(word) not in self._matching:
            matching = [variants.first(variants.matching) for variants in word.variants]
            self._matching[id(word)] = Resolved(word.text, matching)
        return self._matching[id(word)]

    def _idf(self, frequencies: Sequence[int]) -> float:
        return sum(map(self._lookups.idf, frequencies), 0.0)

    def _frequency(self, name: str, words: _Forms) -> int:
        """How many documents hold any of some words, of which nothing else is needed; the list
        must live as long as the query is planned."""
        known = name, id(words)
        if known not in self._frequencies:
            pairs = zip(self._snapshot.parts, words, strict=True)
            found = (document_frequency(part, name, variants.ids) for part, variants in pairs)
            self._frequencies[known] = sum(found)
        return self._frequencies[known]


def _occurrences(
    part: Part, number: int, name: str, terms: Sequence[list[_Forms]], among: Array | None
) -> _Occurrences:
    """Where terms stand in a field of a segment.

    Args:
        number: the segment's.
        among: only in these documents (ascending).
    """
    taken, lengths = positions.NOWHERE, positions.NOWHERE
    of_term = [positions.NOWHERE] * len(terms)
    for n in sorted(range(len(terms)), key=lambda n: -len(terms[n])):
        starts = positions.phrase(part, name, [forms[number].ids for forms in terms[n]], among)
        if len(terms) == 1:
            return _Occurrences(*span_of(starts, len(terms[n])), [starts])
        of_term[n] = np.setdiff1d(starts, taken) if len(taken) else starts
        taken = np.concatenate([taken, of_term[n]])
        lengths = np.concatenate([lengths, np.full(len(of_term[n]), len(terms[n]))])
    order = taken.argsort()
    return _Occurrences(taken[order], lengths[order], of_term)


def _reached(groups: Sequence[_Occurrences], query: nodes.Near) -> list[_Occurrences]:
    """What of each group a chain from the first group leads to, from the nearest word of each."""
    reached = [groups[0]]
    for group in groups[1:]:
        close = positions.near([_spread(reached[-1]), _spread(group)], query.distance)[1]
        if _of_one_word(group):
            reached.append(group._replace(starts=close, lengths=group.lengths[: len(close)]))
            continue
        # An occurrence is close when any of its words is.
        ends = group.starts + group.lengths
        kept = close.searchsorted(group.starts) < close.searchsorted(ends)
        reached.append(group._replace(starts=group.starts[kept], lengths=group.lengths[kept]))
    return reached


def _of_one_word(found: _Occurrences) -> bool:
    return not len(found.lengths) or int(found.lengths.max()) == 1


def _spread(found: _Occurrences) -> Array:
    """The places of all words of occurrences, ascending."""
    starts, lengths = found.starts, found.lengths
    if _of_one_word(found):
        return starts
    # Of each what lies behind the words of all before it.
    ends, firsts = starts + lengths, starts.copy()
    np.maximum(starts[1:], np.maximum.accumulate(ends)[:-1], out=firsts[1:])
    return places_of(firsts, np.maximum(firsts, ends))
