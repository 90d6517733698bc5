"""The query language: text to query tree. No text is an error. For users: docs/query-language.md.

Whoosh's own parser is not used: it raises on thousands of parentheses or NOTs and is slow on long
input. Here the text is cut into tokens (`scanner.py`) and these are put together by precedence,
tightest first: NEAR, exclusion, words side by side, AND, OR.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from whoosh.query import AndNot, NullQuery, Or, Query

from .clauses import NOTHING, Clause, all_of, joined
from .nodes import ExactPhrase, Near, Word
from .scanner import Token, scan


class Parsed(msgspec.Struct, frozen=True):
    """What a query text says.

    Attributes:
        query: the tree, or NullQuery when the text asks for nothing.
        words: the single words that are looked for, in order; not those that are excluded, quoted
            or written with wildcards.
        notes: what was passed over: "cut" (too long, or too many words), "too-deep",
            "short-pattern" (a star beside one letter), "unbalanced-quote",
            "unbalanced-parenthesis".
    """

    query: Query
    words: tuple[Word, ...]
    notes: tuple[str, ...]


def parse(text: str) -> Parsed:
    """The meaning of a query as a user typed it; takes any text and never raises.

    The tree is made of Whoosh's And, Or, AndNot, Every and NullQuery and of the leaves in
    `nodes.py`. Its depth is bounded, and so are its words, whatever the text (see `scanner.py`).
    """
    tokens, notes = scan(text)
    clause = _Parser(tokens).level()
    query = clause.query() if clause else NullQuery
    return Parsed(query, tuple(_sought(query)), notes)


def _sought(query: Query) -> Iterator[Word]:
    """The words of a tree that are not excluded."""
    if isinstance(query, Word):
        yield query
    elif isinstance(query, Near):
        yield from (word for word in query.words if isinstance(word, Word))
    elif isinstance(query, AndNot):
        yield from _sought(query.a)
    else:
        for child in query.children():
            yield from _sought(child)


class _Parser:
    """One method for each precedence, loosest first. Parentheses recurse, as deep as the scanner
    lets them be; nothing else does."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at].kind

    def level(self) -> Clause:
        """The whole query, or what stands between two parentheses."""
        wide: list[Clause] = []
        clauses = [self._conjunction(wide)]
        while self.kind == "OR":
            self.at += 1
            clauses.append(self._conjunction(wide))
        clauses = [clause for clause in clauses if clause]
        if len(clauses) > 1:
            clauses = [Clause(joined(Or, [clause.query() for clause in clauses]))]
        return all_of([*clauses, *wide])

    def _conjunction(self, wide: list[Clause]) -> Clause:
        clauses = [self._side_by_side(wide)]
        while self.kind == "AND":
            self.at += 1
            clauses.append(self._side_by_side(wide))
        return all_of(clauses)

    def _side_by_side(self, wide: list[Clause]) -> Clause:
        """Words, groups, filters and exclusions without an operator between them.

        Filters and exclusions beside words hold for the whole level, so they go to `wide`; when
        they stand alone between operators, they are operands.
        """
        clauses: list[Clause] = []
        while self.kind in ("", "(", "NOT"):
            negated = self._negations()
            clause = self._near()
            if clause:
                clauses.append(clause.negated() if negated else clause)
        if len(clauses) == 1:
            return clauses[0]
        sought = [clause for clause in clauses if clause.positive is not None]
        others = [clause for clause in clauses if clause.positive is None]
        if not sought:
            return all_of(others)
        wide += others
        if len(sought) == 1:
            return sought[0]
        return Clause(joined(Or, [clause.query() for clause in sought]))

    def _negations(self) -> bool:
        negated = False
        while self.kind == "NOT":
            negated = not negated
            self.at += 1
        return negated

    def _near(self) -> Clause:
        """Operands joined by NEAR. Those that have no place in a text, or not in the same field,
        can only be asked for together."""
        clauses, distances = [self._operand()], []
        while self.kind == "NEAR":
            distances.append(self.tokens[self.at].distance)
            self.at += 1
            negated = self._negations()
            clause = self._operand()
            clauses.append(clause.negated() if negated and clause else clause)
        if not distances:
            return clauses[0]
        pieces: list[Clause] = []
        run: list[Word | ExactPhrase] = []
        for clause in [*clauses, NOTHING]:
            places = clause.places()
            if run and (not places or places[0].field() != run[0].field()):
                near = Near(tuple(run), min(distances)) if len(run) > 1 else run[0]
                pieces.append(Clause(near))
                run = []
            run += places
            if not places:
                pieces.append(clause)
        return all_of(pieces)

    def _operand(self) -> Clause:
        token = self.tokens[self.at]
        self.at += 1
        if token.kind != "(":
            return token.clause
        clause = self.level()
        if self.kind == ")":
            self.at += 1
        return clause
