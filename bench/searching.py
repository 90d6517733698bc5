"""The one place where the benchmarks search with Fihris."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fihris.search import Searcher
from fihris.search.execute import Ranked, Ranking, execute
from fihris.search.resolve import Resolved, Resolver
from fihris.search.syntax import Parsed, parse
from fihris.search.weights import Weights
from whoosh.query import Query


class Searching:
    """An index opened for searching with some weights."""

    def __init__(self, folder: Path, weights: Weights) -> None:
        self.weights = weights
        self.searcher = Searcher(folder, weights)
        self.snapshot = self.searcher.snapshot

    def query(self, query: Query, limit: int) -> Ranking:
        """Runs a parsed query."""
        return execute(self.snapshot, self.weights, query, limit)

    def text(self, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores of the best documents for a query as a user types it."""
        return self.searcher.rank(text, limit)

    def parse(self, text: str) -> Parsed:
        """A query as a user types it, parsed."""
        return parse(text)

    def resolve(self, words: Iterable[str]) -> list[Resolved]:
        """The words of a query, looked up in the lexicon."""
        resolver = Resolver(self.snapshot, self.weights)
        return [resolver.resolve(word) for word in words]

    def ids(self, hits: list[Ranked]) -> list[tuple[str, float]]:
        """Ids and scores of hits."""
        parts = self.snapshot.parts
        return [(parts[hit.part].files.id_of(hit.doc), hit.score) for hit in hits]
