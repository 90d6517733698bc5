"""The one place where the benchmarks search with Fihris."""

from __future__ import annotations

from pathlib import Path

from fihris.indexer import Index
from fihris.search.execute import Ranked, Ranking, execute
from fihris.search.snapshot import Snapshot
from fihris.search.syntax import parse
from fihris.search.weights import Weights
from whoosh.query import Query


class Searching:
    """An index opened for searching with some weights."""

    def __init__(self, folder: Path, weights: Weights) -> None:
        self.weights = weights
        self.snapshot = Snapshot(Index.open(folder))

    def query(self, query: Query, limit: int) -> Ranking:
        """Runs a parsed query."""
        return execute(self.snapshot, self.weights, query, limit)

    def text(self, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores of the best documents for a query as a user types it."""
        return self.ids(self.query(parse(text).query, limit).hits)

    def ids(self, hits: list[Ranked]) -> list[tuple[str, float]]:
        """Ids and scores of hits."""
        parts = self.snapshot.parts
        return [(parts[hit.part].files.id_of(hit.doc), hit.score) for hit in hits]
