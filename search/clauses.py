"""What a stretch of a query asks for, before it becomes a tree: sought, filtered, excluded."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from whoosh.query import And, AndNot, Every, Or, Query

from .nodes import ExactPhrase, Word


class Clause(msgspec.Struct, frozen=True):
    """`positive` and all of `filters`, but none of `excluded`.

    `whole` marks a `positive` that is an Or of the words of one token (Jean-Pierre): they belong
    together where the user joins or excludes them.
    """

    positive: Query | None = None
    filters: tuple[Query, ...] = ()
    excluded: tuple[Query, ...] = ()
    whole: bool = False

    def __bool__(self) -> bool:
        return self.positive is not None or bool(self.filters or self.excluded)

    def query(self) -> Query:
        """The tree of this clause; what only filters or excludes does so from all documents."""
        query = Every() if self.positive is None else self.positive
        if self.filters:
            query = joined(And, [query, *self.filters])
        return AndNot(query, joined(Or, self.excluded)) if self.excluded else query

    def required(self) -> list[Query]:
        """What must be found when `positive` is joined to something else by AND."""
        if self.positive is None:
            return []
        return list(self.positive.children()) if self.whole else [self.positive]

    def places(self) -> tuple[Word | ExactPhrase, ...]:
        """The words or phrases that this clause is, when it is nothing else: operands of NEAR."""
        if self.filters or self.excluded:
            return ()
        leaves = self.required()
        places = tuple(leaf for leaf in leaves if isinstance(leaf, Word | ExactPhrase))
        return places if len(places) == len(leaves) else ()

    def negated(self) -> Clause:
        """The clause that excludes just what this one asks for."""
        if self.whole and not self.filters and not self.excluded:
            words = [leaf for leaf in self.required() if isinstance(leaf, Word)]
            if len(words) < len(self.required()):
                return Clause(excluded=(And(self.required()),))
            # Without Jean-Pierre does not mean without every Jean and every Pierre.
            phrase = tuple(word.text for word in words)
            return Clause(excluded=(ExactPhrase(phrase, words[0].fieldname, words[0].strict),))
        if self.positive is None and not self.excluded:
            return Clause(excluded=(joined(And, self.filters),))
        return Clause(excluded=(self.query(),))


NOTHING = Clause()


def joined(operator: type[And | Or], queries: Iterable[Query]) -> Query:
    """The queries (one at least) under one operator, nested ones of the same kind opened."""
    flat: list[Query] = []
    for query in queries:
        flat += query.children() if type(query) is operator else (query,)
    return flat[0] if len(flat) == 1 else operator(flat)


def all_of(clauses: Iterable[Clause]) -> Clause:
    """The clause that asks for all that these ask for."""
    clauses = [clause for clause in clauses if clause]
    if len(clauses) == 1:
        return clauses[0]
    sought = [clause for clause in clauses if clause.positive is not None]
    if len(sought) == 1:
        positive, whole = sought[0].positive, sought[0].whole
    else:
        required = [query for clause in sought for query in clause.required()]
        positive, whole = (joined(And, required) if required else None), False
    return Clause(
        positive,
        tuple(query for clause in clauses for query in clause.filters),
        tuple(query for clause in clauses for query in clause.excluded),
        whole,
    )
