"""Random queries about a collection: its own words and passages, misspelt words, words of none."""

from __future__ import annotations

from random import Random

from fihris.indexer.folding import fold
from fihris.indexer.words import words
from fihris.search import nodes
from whoosh import query as whoosh_query
from whoosh.query import Query

from ..collections import WORDS, Collection, typo


class Queries:
    """Makes queries, for the executor's own leaves and for Whoosh's."""

    def __init__(self, random: Random, collection: Collection) -> None:
        self.random = random
        self.texts = [
            found
            for document in collection.documents.values()
            for found in (words(document.title), words(document.text))
            if found
        ]

    def key(self) -> str:
        """A word as it may be asked for."""
        kind = self.random.random()
        if kind < 0.5:
            return self.random.choice(self.random.choice(self.texts))
        word = self.random.choice(WORDS)
        keys = words(word if kind < 0.8 else typo(self.random, word)) or ["army"]
        return keys[-1] if kind < 0.9 else fold(keys[-1])

    def groups(self) -> list[list[str]]:
        """Groups of synonyms: words of the collection, forms of them, and words of none."""
        return [
            [self.synonym() for _ in range(self.random.randint(2, 5))]
            for _ in range(self.random.randint(1, 12))
        ]

    def synonym(self) -> str:
        """A word, or now and then a few."""
        return self.key() if self.random.random() < 0.7 else " ".join(self.passage(3))

    def passage(self, longest: int = 3) -> list[str]:
        """Neighbouring words of a document, or now and then any words."""
        if self.random.random() < 0.1:
            return [self.key() for _ in range(self.random.randint(1, longest))]
        text = self.random.choice(self.texts)
        start = self.random.randrange(len(text))
        return text[start : start + self.random.randint(1, longest)]

    def _boost(self) -> float:
        return self.random.choice([1.0, 1.0, 1.0, 2.0, 0.5])

    # The executor's own

    def word(self) -> nodes.Word:
        strict = self.random.random() < 0.15
        return nodes.Word(self.key(), self._field(), strict, boost=self._boost())

    def _field(self) -> str | None:
        return "title" if self.random.random() < 0.2 else None

    def quoted(self) -> nodes.ExactPhrase:
        found = self.passage()
        strict = self.random.random() < 0.3
        if not strict and self.random.random() < 0.5:
            found = [fold(word) for word in found]
        return nodes.ExactPhrase(tuple(found), self._field(), strict, boost=self._boost())

    def synonyms(self) -> nodes.Synonyms:
        terms = tuple(tuple(self.passage()) for _ in range(self.random.randint(1, 4)))
        return nodes.Synonyms(tuple(self.passage()), terms, self._field(), boost=self._boost())

    def near(self) -> nodes.Near:
        name = self._field()
        strict = self.random.random() < 0.1
        operands = [
            nodes.Word(word, name, strict)
            if self.random.random() < 0.8
            else nodes.ExactPhrase(tuple(self.passage(2)), name)
            for word in [*self.passage(5), self.key()]
        ]
        self.random.shuffle(operands)
        operands = operands[: self.random.choice([2, 2, 3])]
        terms: list[tuple[tuple[str, ...], ...]] = []
        if self.random.random() < 0.4:
            terms = [
                tuple(tuple(self.passage()) for _ in range(self.random.randint(0, 2)))
                for _ in operands
            ]
        return nodes.Near(tuple(operands), self.random.choice([1, 2, 6]), tuple(terms))

    def wildcard(self) -> nodes.Wildcard:
        word = fold(self.key())
        place = self.random.randint(1, len(word))
        patterns = [word[:place] + "*", "*" + word[place - 1 :], word[:1] + "*" + word[-1:]]
        patterns.append(word[: place - 1] + "?" + word[place:] + self.random.choice(["", "*"]))
        return nodes.Wildcard(self.random.choice(patterns), self._field(), boost=self._boost())

    def filter(self) -> nodes.Filter:
        name, values = self.random.choice(
            [
                ("language", ["ar", "fr", "en", "xx"]),
                ("creator", ["société", "vlassov", "لجنه"]),
                ("collection", ["LETTER", "1944"]),
                ("source", ["boxes"]),
                ("date", ["1944", "1943/1944", "1944-11", "1945-05-08", "1918/1950"]),
            ]
        )
        return nodes.Filter(name, self.random.choice(values))

    def tree(self, depth: int = 2) -> Query:
        """A tree of the executor's leaves as the parser may make it."""
        kind = self.random.random()
        if depth == 0 or kind < 0.35:
            kinds = {
                self.word: 10, self.quoted: 3, self.near: 3, self.wildcard: 3,
                self.synonyms: 2, self.filter: 2, whoosh_query.Every: 1,
            }  # fmt: skip
            (leaf,) = self.random.choices(list(kinds), list(kinds.values()))
            return leaf()
        if kind < 0.6:
            return whoosh_query.Or([self.tree(depth - 1) for _ in range(self.random.randint(1, 3))])
        if kind < 0.8:
            return whoosh_query.And(
                [self.tree(depth - 1) for _ in range(self.random.randint(1, 3))]
            )
        if kind < 0.95:
            return whoosh_query.AndNot(self.tree(depth - 1), self.tree(depth - 1))
        return whoosh_query.Not(self.tree(depth - 1))

    # Whoosh's

    def term(self) -> whoosh_query.Term:
        name = self.random.choice(["text", "text", "text", "title", "language", "id", "none"])
        text = self.key()
        if name == "language":
            text = self.random.choice(["ar", "fr", "en", "xx"])
        elif name == "id":
            text = f"a{self.random.randrange(4)}-{self.random.randrange(5)}"
        return whoosh_query.Term(name, text, boost=self._boost())

    def phrase(self) -> whoosh_query.Phrase:
        name = self.random.choice(["text", "text", "title"])
        return whoosh_query.Phrase(name, self.passage(), boost=self._boost())

    def prefix(self) -> whoosh_query.Prefix:
        name = self.random.choice(["text", "text", "title", "id"])
        text = self.key()[: self.random.randint(1, 3)]
        return whoosh_query.Prefix(name, text, boost=self._boost())

    def other(self) -> Query:
        """Of the kinds that the executor leaves to Whoosh's own matchers."""
        word = self.key()
        return self.random.choice(
            [
                whoosh_query.AndMaybe(self.term(), self.term()),
                whoosh_query.Require(self.term(), self.term()),
                whoosh_query.DisjunctionMax([self.term(), self.term()]),
                whoosh_query.TermRange("text", word[:1], word),
                whoosh_query.Wildcard("text", word[:1] + "?" + word[2:] + "*"),
                whoosh_query.Regex("text", word[:2] + ".*"),
                whoosh_query.FuzzyTerm("text", word, maxdist=1),
                whoosh_query.Every("title"),
                whoosh_query.Phrase("text", self.passage(), slop=2),
                whoosh_query.ConstantScoreQuery(self.term(), 2.0),
            ]
        )

    def whoosh_tree(self, depth: int = 2) -> Query:
        """A tree of Whoosh's own queries."""
        kind = self.random.random()
        if depth == 0 or kind < 0.3:
            leaf = self.random.choices(
                [self.term, self.phrase, self.prefix, whoosh_query.Every, self.other],
                [10, 4, 2, 1, 2],
            )[0]
            return leaf()
        children = [self.whoosh_tree(depth - 1) for _ in range(self.random.randint(1, 3))]
        # With one part that is sought Whoosh passes over the boost.
        sought = [child for child in children if not isinstance(child, whoosh_query.Not)]
        boost = self._boost() if len(sought) > 1 else 1.0
        if kind < 0.6:
            return whoosh_query.Or(children, boost=boost)
        if kind < 0.8:
            return whoosh_query.And(children, boost=boost)
        if kind < 0.93:
            return whoosh_query.AndNot(children[0], self.whoosh_tree(depth - 1))
        return whoosh_query.Not(children[0])
