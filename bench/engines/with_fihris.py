"""Fihris itself: from raw text, one process, no language given."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fihris.indexer import Document, Index
from fihris.indexer.ingest import index_paths
from fihris.search import nodes
from fihris.search.best import Ranked
from fihris.search.resolve import Resolver
from fihris.search.weights import PLAIN, WEIGHTS, Weights
from whoosh.query import And, Or, Prefix
from whoosh.query import Query as Tree

from ..corpus import Record
from ..queries import Query
from ..searching import Searching
from . import sizes


class Fihris:
    """Words as written: the same terms and the same formula as the peers."""

    most: int | None = None
    weights: Weights = PLAIN

    def index(self, records: Iterable[Record], folder: Path) -> dict[str, int]:
        with Index.create(folder) as index, index.writer() as writer:
            for record in records:
                writer.add(Document(id=record["id"], title=record["title"], text=record["text"]))
        return {"segments": len(Index.open(folder).commit_record().segments)}

    def index_file(self, corpus: Path, folder: Path) -> dict[str, int] | None:
        with Index.create(folder) as index:
            summary = index_paths(index, [corpus])
            segments = len(index.commit_record().segments)
        return {"documents": summary.added, "segments": segments}

    def open(self, folder: Path) -> None:
        self.searching = Searching(folder, self.weights)

    def prepare(self, query: Query) -> tuple[Tree, Resolver]:
        tree = self.tree(query)
        return tree, self.searching.resolved(tree)

    def tree(self, query: Query) -> Tree:
        """The query as a tree of Whoosh's."""
        words = query.words
        if query.kind == "phrase":
            return nodes.ExactPhrase(words)
        if query.kind == "prefix":
            return Prefix("text", words[0])
        if query.kind == "and":
            return And([nodes.Word(word) for word in words])
        return Or([nodes.Word(word) for word in words])

    def search(self, prepared: tuple[Tree, Resolver], limit: int) -> tuple[int, list[Ranked]]:
        tree, resolver = prepared
        ranking = self.searching.query(tree, limit, resolver)
        return ranking.total, ranking.hits[:limit]

    def ids(self, best: list[Ranked]) -> list[tuple[str, float]]:
        return self.searching.ids(best)

    def disk(self, folder: Path) -> dict[str, int]:
        kinds = {"stored text": (".store",), "postings": (".postings",), "lexicon": (".lexicon",)}
        return sizes(folder, kinds, "other")


class FihrisAllLayers(Fihris):
    """The same index with all layers of the lexicon, as users search it."""

    weights = WEIGHTS

    def tree(self, query: Query) -> Tree:
        if query.kind == "prefix":
            return nodes.Wildcard(query.words[0] + "*")
        return super().tree(query)
