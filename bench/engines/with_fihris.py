"""Fihris itself: from raw text, no language given."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from fihris.indexer import Document, Index
from fihris.indexer.arrayfile import ArrayFile
from fihris.indexer.ingest import index_paths
from fihris.search import nodes
from fihris.search.best import Ranked
from fihris.search.resolve import Resolver
from fihris.search.weights import PLAIN, WEIGHTS, Weights
from msgspec.structs import replace
from whoosh.query import And, Or, Prefix
from whoosh.query import Query as Tree

from ..corpus import read
from ..queries import Query
from ..searching import Searching

#: What a lexicon needs to be a dictionary: the words, and their order.
_DICTIONARY = "words."


class Plain:
    """Words as written: the same terms and the same formula as the peers. Only a word that no
    document holds stands for those one edit away."""

    weights: Weights = replace(PLAIN, corrected=1.0)
    jobs = 1

    def index(self, source: Path, folder: Path, most: int | None) -> dict[str, int]:
        assert most is None
        with Index.create(folder) as index:
            summary = index_paths(index, [source], jobs=self.jobs)
            segments = index.commit_record().segments
        words = sum(
            len(ArrayFile(folder / f"{segment.id}.lexicon")["identities"]) for segment in segments
        )
        return {"documents": summary.added, "segments": len(segments), "words": words}

    def segments(self, source: Path, folder: Path, sizes: list[int]) -> None:
        """Makes an index of segments of so many documents."""
        records = read(source)
        self._index = Index.create(folder)
        for size in sizes:
            with self._index.writer() as writer:
                for record in islice(records, size):
                    shown = {name: record[name] for name in ("id", "title", "text")}
                    writer.add(Document(**shown))

    def merge(self) -> int:
        """Merges them into one; tells how many there were."""
        before = len(self._index.commit_record().segments)
        self._index.optimize()
        return before

    def open(self, folder: Path) -> None:
        self.searching = Searching(folder, self.weights)

    def prepare(self, query: Query) -> tuple[Tree, Resolver | None, bool]:
        tree = self.tree(query)
        # Peers look for the words one edit away when they are asked, so Fihris does too.
        resolver = None if query.kind == "fuzzy" else self.searching.resolved(tree)
        return tree, resolver, query.kind == "facets"

    def tree(self, query: Query) -> Tree:
        """The query as a tree of Whoosh's."""
        words = query.words
        if query.kind == "phrase":
            return nodes.ExactPhrase(words)
        if query.kind == "prefix":
            return Prefix("text", words[0])
        if query.kind == "wildcard":
            return nodes.Wildcard(words[0])
        if query.kind == "and":
            return And([nodes.Word(word) for word in words])
        alternatives = Or([nodes.Word(word) for word in words])
        if query.kind == "filtered":
            return And([alternatives, nodes.Filter("language", query.language)])
        return alternatives

    def search(
        self, prepared: tuple[Tree, Resolver | None, bool], limit: int
    ) -> tuple[int, list[Ranked]]:
        tree, resolver, counted = prepared
        ranking = self.searching.query(tree, limit, resolver)
        if counted:
            self.searching.counts(ranking)
        return ranking.total, ranking.hits[:limit]

    def ids(self, best: list[Ranked]) -> list[str]:
        return [found for found, _ in self.searching.ids(best)]

    def disk(self, folder: Path) -> dict[str, int]:
        found = dict.fromkeys(("postings", "dictionary", "lexicon", "stored text", "other"), 0)
        for file in folder.iterdir():
            if file.suffix == ".store":
                found["stored text"] += file.stat().st_size
            elif file.suffix in (".lexicon", ".postings"):
                arrays = ArrayFile(file)
                for name in arrays.names():
                    kind = "postings" if file.suffix == ".postings" else "lexicon"
                    if kind == "lexicon" and name.startswith(_DICTIONARY):
                        kind = "dictionary"
                    found[kind] += arrays[name].nbytes
            else:
                found["other"] += file.stat().st_size
        return found


class TwoJobs(Plain):
    """Indexing with two processes."""

    jobs = 2


class Layers(Plain):
    """The same index with all layers of the lexicon, but without the closer look at the best."""

    weights = replace(WEIGHTS, pairs=0, stop_pairs=0, together=0, letters=0, language=1)

    def tree(self, query: Query) -> Any:
        if query.kind == "prefix":
            return nodes.Wildcard(query.words[0] + "*")
        return super().tree(query)


class All(Layers):
    """As users search it."""

    weights = WEIGHTS
