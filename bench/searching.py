"""The one place where the benchmarks search with Fihris."""

from __future__ import annotations

from pathlib import Path

from fihris.search import Searcher, readahead
from fihris.search.best import Ranked
from fihris.search.execute import Ranking, matching
from fihris.search.facets import Facets, facets
from fihris.search.rerank import rank
from fihris.search.resolve import Resolver
from fihris.search.selection import Selection
from fihris.search.syntax import Parsed, parse
from fihris.search.weights import Weights
from whoosh.query import Query


class Searching:
    """An index opened for searching with some weights."""

    def __init__(self, folder: Path, weights: Weights) -> None:
        self.weights = weights
        self.searcher = Searcher(folder, weights)
        self.snapshot = self.searcher.snapshot

    def resolved(self, query: Query) -> Resolver:
        """A resolver that knows the words of a query, but not where in the index they stand."""
        resolver = Resolver(self.snapshot, self.weights)
        resolver.resolve_all(query)
        return resolver

    def query(self, query: Query, limit: int, resolver: Resolver | None = None) -> Ranking:
        """Runs a parsed query as users' are run, its words resolved before or not."""
        ranking = rank(self.snapshot, self.weights, query, limit, resolver)
        readahead.switch(on=False)  # all is in memory after the first, as `Searcher` notices
        return ranking

    def counts(self, ranking: Ranking) -> Facets:
        """The values of all documents found, counted."""
        found = matching(self.snapshot, self.weights, ranking.plan)
        return facets(self.snapshot, found, Selection())

    def text(self, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores of the best documents for a query as a user types it."""
        return self.searcher.rank(text, limit)

    def parse(self, text: str) -> Parsed:
        """A query as a user types it, parsed."""
        return parse(text)

    def ids(self, hits: list[Ranked]) -> list[tuple[str, float]]:
        """Ids and scores of hits."""
        parts = self.snapshot.parts
        return [(parts[hit.part].files.id_of(hit.doc), hit.score) for hit in hits]
