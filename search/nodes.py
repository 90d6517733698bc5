"""The leaves of a query tree: what a user asks for, before any index is looked at.

They stand in Whoosh's own `And`, `Or`, `AndNot` and `Every`. They hold keys of
`fihris.indexer.words`, not terms of an index: which terms a word means is decided in the lexicon
when the query is run, so they have no matcher of their own. Never call `normalize()` on a tree
that holds filters: Whoosh 2.7.4 takes `And([Every(), …])` for `Every()`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from whoosh.query import Query


@dataclass(frozen=True, repr=False)
class Leaf(Query):
    """What the leaves share: they are values, equal when all they hold is equal.

    `fieldname` (Whoosh's name for it; `field()` gives it) is None for the whole document, title
    included. `str()` gives the leaf in the query language.
    """

    boost: float = field(default=1.0, kw_only=True)

    def __ne__(self, other: object) -> bool:
        # Whoosh's own takes the NotImplemented of another class's leaf for a truth value.
        return not self == other

    def with_boost(self, boost: float) -> Self:
        return replace(self, boost=boost)

    def __repr__(self) -> str:
        parts: list[str] = []
        for item in fields(self):
            value: Any = getattr(self, item.name)
            if item.default is not value and item.name != "boost":
                named = item.name in ("fieldname", "strict") and not isinstance(self, Filter)
                parts.append(f"{item.name}={value!r}" if named else repr(value))
        if self.boost != 1.0:
            parts.append(f"boost={self.boost!r}")
        return f"{type(self).__name__}({', '.join(parts)})"


def _prefix(fieldname: str | None, strict: bool = False) -> str:
    return (f"{fieldname}:" if fieldname else "") + ("=" if strict else "")


def _quoted(terms: Iterable[Iterable[str]], fieldname: str | None) -> list[str]:
    return [f'{_prefix(fieldname)}"{" ".join(term)}"' for term in terms]


@dataclass(frozen=True, repr=False)
class Word(Leaf):
    """One word, to be found with its other forms unless it is strict.

    Attributes:
        text: its key, as `fihris.indexer.words.words` gives it: accents and marks kept.
        fieldname: None or "title".
        strict: only the word spelt exactly so, accents and vowel signs included.
    """

    text: str
    fieldname: str | None = None
    strict: bool = False

    def __str__(self) -> str:
        return _prefix(self.fieldname, self.strict) + self.text


@dataclass(frozen=True, repr=False)
class ExactPhrase(Leaf):
    """Words next to each other in this order, from quotation marks: no stems, no other spellings.

    Attributes:
        words: the keys of one word or more.
        fieldname: None or "title".
        strict: accents and vowel signs count too.
    """

    words: tuple[str, ...]
    fieldname: str | None = None
    strict: bool = False

    def __str__(self) -> str:
        return f'{_prefix(self.fieldname, self.strict)}"{" ".join(self.words)}"'


@dataclass(frozen=True, repr=False)
class Wildcard(Leaf):
    """Every word that fits a pattern: `*` stands for any letters or none, `?` for one letter.

    Attributes:
        pattern: in folded form (`fihris.indexer.folding.fold`), two letters or more.
        fieldname: None or "title".
    """

    pattern: str
    fieldname: str | None = None

    def __str__(self) -> str:
        return _prefix(self.fieldname) + self.pattern


@dataclass(frozen=True, repr=False)
class Near(Leaf):
    """Words or phrases close to each other, in any order.

    Attributes:
        words: two operands or more, all of the same field.
        distance: each operand stands at most this many words from the next one in `words`, counted
            from its nearest word; 1 is side by side.
        terms: for each operand the keys of the words of the synonyms that may stand in its place,
            as in `Synonyms`; empty when no operand has any. Never typed.
    """

    words: tuple[Word | ExactPhrase, ...]
    distance: int
    terms: tuple[tuple[tuple[str, ...], ...], ...] = ()

    @property
    def fieldname(self) -> str | None:
        return self.words[0].fieldname

    def __str__(self) -> str:
        each = [str(operand) for operand in self.words]
        for number, terms in enumerate(self.terms):
            if terms:
                each[number] = f"({' OR '.join([each[number], *_quoted(terms, self.fieldname)])})"
        return f"({f' NEAR/{self.distance} '.join(each)})"


@dataclass(frozen=True, repr=False)
class Synonyms(Leaf):
    """What a thesaurus gives for a word, or for the words of a term that stand in a row.

    Never typed: `synonyms` puts it beside the words.

    Attributes:
        words: the keys of the words that were asked for.
        terms: the keys of the words of each synonym; they stand next to each other in any form.
        fieldname: None or "title".
    """

    words: tuple[str, ...]
    terms: tuple[tuple[str, ...], ...]
    fieldname: str | None = None

    def __str__(self) -> str:
        return f"({' OR '.join(_quoted(self.terms, self.fieldname))})"


@dataclass(frozen=True, repr=False)
class Filter(Leaf):
    """A value that a document's metadata must have; never adds to a score.

    Attributes:
        fieldname: "language", "source", "collection", "creator" or "date".
        value: a language's code; for dates the text with digits 0–9; else the text as given.
    """

    fieldname: str
    value: str

    def __str__(self) -> str:
        return f'{self.fieldname}:"{self.value}"'
