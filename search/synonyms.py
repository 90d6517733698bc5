"""Synonyms of several words come into the tree of a query, beside the words that they stand for.

Those of one word are a layer of the word itself (`resolve`). What cannot be one is put beside it as
an alternative: synonyms of several words, and those of a term whose words stand in a row. Operands
of NEAR hold theirs themselves, since they must stand in the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from whoosh.query import And, AndNot, Not, Or

from .nodes import ExactPhrase, Near, Synonyms, Word
from .thesaurus import Term, Thesaurus, plain

#: So many synonyms of several words, or of terms, are looked for at most.
MAX_TERMS = 200


def with_synonyms(
    query: Any, thesaurus: Thesaurus, forms: Callable[[str], frozenset[str]], most: int
) -> Any:
    """The tree with what a thesaurus gives for its words.

    Of terms in the same words the longest counts. Words with a = or in quotes have no synonyms,
    but for a term that stands in quotes beside NEAR, where nothing else holds its words together.

    Args:
        query: a tree of Whoosh's objects and `nodes`.
        forms: gives the forms of a word, as the thesaurus compares them (`plain`).
        most: how many synonyms of a word or term at most.
    """
    return _Expansion(thesaurus, forms, most).tree(query)


class _Expansion:
    def __init__(
        self, thesaurus: Thesaurus, forms: Callable[[str], frozenset[str]], most: int
    ) -> None:
        self._thesaurus, self._forms, self._most = thesaurus, forms, most
        self._left = MAX_TERMS

    def tree(self, query: Any) -> Any:
        """The tree with synonyms."""
        if isinstance(query, AndNot):
            return AndNot(self.tree(query.a), self.tree(query.b))
        if type(query) is Not:
            return Not(self.tree(query.query), boost=query.boost)
        if type(query) is Or:
            return Or(self._alternatives(query.subqueries), boost=query.boost)
        if type(query) is And:
            return And(self._all_of(query.subqueries), boost=query.boost)
        if isinstance(query, Near):
            terms = tuple(map(self._of_operand, query.words))
            return replace(query, terms=terms) if any(terms) else query
        found = self._of_words([query]) if _is_plain(query) else []
        return Or([query, *found]) if found else query

    def _alternatives(self, children: Sequence[Any]) -> list[Any]:
        """The children of an Or. Synonyms stand behind them, so that words side by side stay so."""
        kept, found, place = [], [], 0
        while place < len(children):
            row = self._row(children, place)
            found += self._of_words(row)
            for child in row:
                found += self._of_words([child]) if len(row) > 1 else []
            kept += row if _is_plain(row[0]) else [self.tree(row[0])]
            place += len(row)
        return kept + found

    def _all_of(self, children: Sequence[Any]) -> list[Any]:
        """The children of an And: a term that is asked for in all its words, or its synonyms."""
        kept, place = [], 0
        while place < len(children):
            row = self._row(children, place)
            each = [self.tree(child) for child in row]
            found = self._of_words(row) if len(row) > 1 else []
            kept += [Or([And(each), *found])] if found else each
            place += len(row)
        return kept

    def _row(self, children: Sequence[Any], place: int) -> list[Any]:
        """The child at a place, or the words of the longest term that begins there."""
        first = children[place]
        if _is_plain(first):
            for term in self._thesaurus.beginning(self._forms(first.text)):
                row = list(children[place : place + len(term)])
                if len(row) == len(term) and all(
                    _is_plain(word)
                    and word.fieldname == first.fieldname
                    and form in self._forms(word.text)
                    for word, form in zip(row, term, strict=True)
                ):
                    return row
        return [first]

    def _of_words(self, row: Sequence[Any]) -> list[Synonyms]:
        """What the thesaurus gives for words in a row, as one leaf."""
        if not all(map(_is_plain, row)):
            return []
        thesaurus, most = self._thesaurus, min(self._most, self._left)
        keys = tuple(word.text for word in row)
        if len(row) == 1:
            terms = thesaurus.phrases(self._forms(keys[0]), most)
        else:
            forms = [self._forms(key) for key in keys]
            named = (
                term
                for term in thesaurus.beginning(forms[0])
                if len(term) == len(row) and all(map(frozenset.__contains__, forms, term))
            )
            others = (other for term in named for other in thesaurus.of_term(term, most))
            terms = list(dict.fromkeys(others))[:most]
        self._left -= len(terms)
        boost = max(word.boost for word in row)
        return [Synonyms(keys, tuple(terms), row[0].fieldname, boost=boost)] if terms else []

    def _of_operand(self, operand: Word | ExactPhrase) -> tuple[Term, ...]:
        """What the thesaurus gives for an operand of NEAR, but for what `resolve` gives already."""
        most, terms = min(self._most, self._left), []
        if isinstance(operand, ExactPhrase):
            if len(operand.words) > 1 and not operand.strict:
                terms = self._thesaurus.of_term(tuple(map(plain, operand.words)), most)
        elif _is_plain(operand):
            terms = self._thesaurus.phrases(self._forms(operand.text), most)
        self._left -= len(terms)
        return tuple(terms)


def _is_plain(query: Any) -> bool:
    return isinstance(query, Word) and not query.strict
