"""The searcher: a query in, ranked and highlighted results out."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from time import perf_counter
from typing import Any, Self

import numpy as np
from whoosh.query import And, NullQuery

from ..indexer.index import Index
from ..indexer.words import spans
from . import explain, suggest
from .execute import Ranked, Ranking, execute
from .marks import Marks, marks
from .nodes import Filter
from .pairs import bring_forward
from .plan import leaves
from .results import Hit, Match, Results
from .snapshot import Snapshot
from .snippets import highlights, snippets
from .stopwords import lighten
from .syntax import Parsed, parse
from .weights import WEIGHTS, Weights

#: How many hits may be asked for at once, and how far down a ranking they may begin.
MAX_LIMIT = 1000
MAX_OFFSET = 100_000


class Searcher:
    """Searches an index. Safe to be shared by threads.

    It sees the commit that was the last when it was made, or when `refresh` was called; a search
    under way keeps the one it began with.

    Args:
        index: its folder, or an opened Index.
        weights: of the ranking.
    """

    def __init__(self, index: str | os.PathLike[str] | Index, weights: Weights = WEIGHTS) -> None:
        self._index = index if isinstance(index, Index) else Index.open(index)
        self.weights = weights
        self._lock = threading.Lock()
        self._snapshot = Snapshot(self._index)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def snapshot(self) -> Snapshot:
        """The commit that is searched."""
        return self._snapshot

    def refresh(self) -> bool:
        """Moves on to the last commit; tells whether there was a newer one."""
        with self._lock:
            if self._index.latest_generation() == self._snapshot.generation:
                return False
            self._snapshot = Snapshot(self._index)
            return True

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        language: str | None = None,
    ) -> Results:
        """The results of a query.

        Args:
            query: in the query language; any text is a query.
            limit: how many hits, at most MAX_LIMIT.
            offset: how many of the best to pass over, at most MAX_OFFSET.
            language: only documents with this main language (ISO 639-1).
        """
        begin = perf_counter()
        snapshot = self._snapshot
        parsed = parse(query)
        limit, offset = max(0, min(limit, MAX_LIMIT)), max(0, min(offset, MAX_OFFSET))
        ranking = self._rank(snapshot, parsed, language, offset + limit)
        hits = _hits(snapshot, ranking, ranking.hits[offset : offset + limit])
        return Results(
            query=query,
            total=ranking.total,
            total_similar=ranking.total_similar,
            hits=tuple(hits),
            suggestion=_suggestion(query, ranking),
            took=perf_counter() - begin,
            notes=parsed.notes,
        )

    def rank(self, query: str, limit: int = 1000) -> list[tuple[str, float]]:
        """The ids and scores of the best documents, without snippets: for runs of many queries."""
        snapshot = self._snapshot
        ranking = self._rank(snapshot, parse(query), None, limit)
        return [(snapshot.parts[hit.part].files.id_of(hit.doc), hit.score) for hit in ranking.hits]

    def document(self, document_id: str) -> dict[str, Any] | None:
        """The stored fields of a document and its text, or None."""
        found = self._snapshot.find(document_id)
        if found is None:
            return None
        part, doc = found
        return {**part.files.fields(doc), "text": part.files.text(doc)}

    def suggest(self, prefix: str, limit: int = 10) -> list[str]:
        """Words of the index that complete the last word of a query, the most frequent first."""
        return suggest.completions(self._snapshot, prefix, limit)

    def explain(self, query: str, document_id: str) -> explain.Explanation | None:
        """The arithmetic of a document's score; None when there is no such document."""
        snapshot = self._snapshot
        found = snapshot.find(document_id)
        if found is None:
            return None
        # Pairs are counted in the best hits, so that the ranking itself is needed.
        depth = max(self.weights.pairs_depth, 1)
        ranking = self._rank(snapshot, parse(query), None, depth)
        return explain.explanation(snapshot, self.weights, ranking, *found)

    def analyze(self, text: str) -> list[explain.WordView]:
        """What each word of a text stands for in the index."""
        return explain.word_views(self._snapshot, self.weights, text)

    def _rank(
        self, snapshot: Snapshot, parsed: Parsed, language: str | None, limit: int
    ) -> Ranking:
        query = lighten(parsed.query, self.weights.stop_elsewhere)
        if language and query != NullQuery:
            query = And([query, Filter("language", language)])
        # The best hits are ranked again among themselves, whichever of them are asked for.
        depth = max(limit, self.weights.pairs_depth)
        ranking = execute(snapshot, self.weights, query, depth)
        return bring_forward(snapshot, self.weights, ranking)


def _hits(snapshot: Snapshot, ranking: Ranking, chosen: Sequence[Ranked]) -> list[Hit]:
    found: dict[tuple[int, int], Marks] = {}
    for number in {hit.part for hit in chosen}:
        docs = np.array(sorted(hit.doc for hit in chosen if hit.part == number), np.int64)
        part = snapshot.parts[number]
        for doc, each in zip(docs.tolist(), marks(ranking.plan, number, part, docs), strict=True):
            found[number, doc] = each
    return [_hit(snapshot, hit, found[hit.part, hit.doc]) for hit in chosen]


def _hit(snapshot: Snapshot, hit: Ranked, found: Marks) -> Hit:
    files = snapshot.parts[hit.part].files
    fields = files.fields(hit.doc)
    title = fields.pop("title")
    return Hit(
        id=fields.pop("id"),
        title=title,
        language=fields.pop("language"),
        score=hit.score,
        source=fields.pop("source", ""),
        snippets=snippets(files, hit.doc, files.text(hit.doc), found),
        matched=_closest(found.matches),
        title_highlights=highlights(title, found.title),
        similar=not found.core,
        metadata=fields,
    )


def _closest(matches: list[Match]) -> tuple[Match, ...]:
    """Each word of the document once for each word of the query."""
    return tuple(matches)


def _suggestion(query: str, ranking: Ranking) -> str:
    """The query with the words that are not in the index corrected, or ""."""
    corrected = {
        leaf.word.text: leaf.word.correction
        for leaf in leaves(ranking.plan)
        if leaf.word is not None and leaf.word.correction
    }
    if not corrected:
        return ""
    pieces, place = [], 0
    for key, start, end in spans(query):
        if key in corrected:
            pieces += [query[place:start], corrected[key]]
            place = end
    return "".join(pieces) + query[place:]
