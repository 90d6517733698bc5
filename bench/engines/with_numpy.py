"""What numpy needs at the least: the same answers from the same index by as few steps as we know.

No query language, no plan, no deletions, one segment, no budget of time; words and what fits a
pattern are known beforehand, and an array of where each posting's positions begin is held in
memory. It is there to tell what of the time that Fihris takes without its compiled kernels could be
saved at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from fihris.indexer import Index
from fihris.indexer.arrayfile import Array
from fihris.indexer.strings import edges
from fihris.search.bm25 import idf, norms
from fihris.search.weights import PLAIN

from ..queries import Query

_KINDS = ("single", "or", "heavy or", "and", "phrase", "prefix", "wildcard")
Answer = tuple[int, Array]


class Steps:
    """An engine (`engines.Searcher`)."""

    def open(self, folder: Path) -> None:
        """Raises ValueError when the index has several segments or deletions."""
        (segment,) = Index.open(folder).segments()[1]
        self._files = segment.files
        postings = segment.files.postings["text"]
        lengths = segment.files.lengths["text"]
        self._docs, self._freqs, self._positions = postings.docs, postings.freqs, postings.positions
        self._edges = postings.edges
        self._begins = edges(postings.freqs[:])
        self._norms = norms(lengths, float(lengths.mean()), PLAIN.k1, PLAIN.b)
        self._scores = np.zeros(len(lengths), np.float32)
        self._seen = np.zeros(len(lengths), bool)

    def prepare(self, query: Query) -> Any:
        """How to answer, and the words: where their postings stand, and their weights."""
        if query.kind not in _KINDS:
            return None
        lexicon = self._files.lexicon
        if query.kind in ("prefix", "wildcard"):
            pattern = query.words[0] + "*" * (query.kind == "prefix")
            return self._any, self._edges(lexicon.matching(pattern)), ()
        ids = [lexicon.find(word.encode()) for word in query.words]
        words = self._edges(np.array(ids))
        weights = [
            np.float32(idf(len(self._norms), end - start) * (PLAIN.k1 + 1)) for start, end in words
        ]
        answer = {"single": self._or, "and": self._and, "phrase": self._phrase}
        return answer.get(query.kind, self._or), words, weights

    def search(self, prepared: Any, limit: int) -> Answer:
        """The total, and the best documents."""
        answer, words, weights = prepared
        return answer(words, weights, limit)

    def ids(self, best: Array) -> list[str]:
        """Ids of documents."""
        return [self._files.id_of(doc) for doc in best.tolist()]

    def _of(self, rows: Any, docs: Array, weight: Any) -> Array:
        freqs = self._freqs[rows].astype(np.float32)
        scores = freqs * weight
        freqs += self._norms.take(docs)
        scores /= freqs
        return scores

    def _or(self, words: list[tuple[int, int]], weights: Any, limit: int) -> Answer:
        lists = [self._docs[start:end].astype(np.int64) for start, end in words]
        if len(lists) == 1:
            return _best(lists[0], self._of(slice(*words[0]), lists[0], weights[0]), limit)
        for docs, edges_, weight in zip(lists, words, weights, strict=True):
            np.add.at(self._scores, docs, self._of(slice(*edges_), docs, weight))
        together = np.concatenate(lists)
        self._seen[together] = True
        total = int(np.count_nonzero(self._seen))
        self._seen[together] = False
        scores = self._scores.take(together)
        self._scores[together] = 0
        _, best = _best(together, scores, limit * len(lists))
        # A document stands there once for each of its words.
        return total, np.array(list(dict.fromkeys(best.tolist()))[:limit], np.int64)

    def _all(self, words: list[tuple[int, int]]) -> tuple[Array, list[Array]]:
        """The documents that hold all words, and the postings of each word."""
        order = sorted(range(len(words)), key=lambda n: words[n][1] - words[n][0])
        start, end = words[order[0]]
        docs, rows = self._docs[start:end], [np.arange(start, end)]
        for n in order[1:]:
            start, end = words[n]
            theirs = self._docs[start:end]
            places = theirs.searchsorted(docs)
            both = np.flatnonzero(theirs.take(places, mode="clip") == docs)
            docs, rows = docs[both], [each[both] for each in rows]
            rows.append(places[both] + start)
        return docs.astype(np.int64), [row for _, row in sorted(zip(order, rows, strict=True))]

    def _and(self, words: list[tuple[int, int]], weights: Any, limit: int) -> Answer:
        docs, rows = self._all(words)
        scores = self._of(rows[0], docs, weights[0])
        for row, weight in zip(rows[1:], weights[1:], strict=True):
            scores += self._of(row, docs, weight)
        return _best(docs, scores, limit)

    def _phrase(self, words: list[tuple[int, int]], weights: Any, limit: int) -> Answer:
        docs, rows = self._all(words)
        found = self._places(rows[0], 0)
        for number, row in enumerate(rows[1:], 1):
            other = self._places(row, number)
            places = other.searchsorted(found)
            found = found[other.take(places, mode="clip") == found] if len(other) else other
        counts = np.bincount(found >> 32, minlength=len(docs))
        held = np.flatnonzero(counts)
        docs, freqs = docs[held], counts[held].astype(np.float32)
        scores = freqs * sum(weights)
        freqs += self._norms.take(docs)
        return _best(docs, scores / freqs, limit)

    def _places(self, rows: Array, number: int) -> Array:
        """Where a phrase would begin by one of its words: which document, and the position."""
        freqs = self._freqs[rows].astype(np.int64)
        ends = freqs.cumsum()
        total = int(ends[-1]) if len(ends) else 0
        numbers = (self._begins[rows] - ends + freqs).repeat(freqs) + np.arange(total)
        keys = np.arange(len(rows)).repeat(freqs) << 32
        return keys + self._positions[numbers] - number + len(rows)

    def _any(self, words: list[tuple[int, int]], _: Any, limit: int) -> Answer:
        """All documents with any of the words, none better than another."""
        if not words:
            return 0, self._docs[:0]
        docs = np.concatenate([self._docs[start:end] for start, end in words]).astype(np.int64)
        self._seen[docs] = True
        found = np.flatnonzero(self._seen)
        self._seen[docs] = False
        return len(found), found[:limit]


def _best(docs: Array, scores: Array, limit: int) -> Answer:
    """The best of some documents, and of equal ones the first."""
    if len(docs) > limit:
        least = np.partition(scores, len(docs) - limit)[len(docs) - limit]
        best = np.flatnonzero(scores >= least)
        best = best[(-scores[best]).argsort(kind="stable")[:limit]]
    else:
        best = (-scores).argsort(kind="stable")
    return len(docs), docs[best]
