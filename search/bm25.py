"""BM25 as Lucene has it: Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009).

score = idf × tf × (k1 + 1) / (tf + k1 × (1 - b + b × length / average length))
idf   = ln(1 + (N - df + ½) / (df + ½)), which is never negative
"""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
from whoosh.scoring import BaseScorer, WeightingModel, WeightLengthScorer

from ..indexer.arrayfile import Array

# So many documents at a time that what is calculated for them stays in the processor's cache.
_AT_A_TIME = 1 << 14


def idf(documents: int, frequency: int) -> float:
    """The weight of a word that stands in `frequency` of all documents, deleted ones included."""
    return log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def norms(lengths: Array, average: float, k1: float, b: float) -> Array:
    """What a document's length adds to the denominator (float32, one for each document)."""
    found = np.empty(len(lengths), np.float32)
    for start in range(0, len(lengths), _AT_A_TIME):
        some = slice(start, start + _AT_A_TIME)
        found[some] = k1 * (1 - b + b * (lengths[some] / (average or 1.0)))
    return found


def scores(freqs: Array, norms_: Array, factor: float) -> Array:
    """The scores of postings (float32).

    Args:
        freqs: frequencies, which may be weighted sums (float32).
        norms_: `norms` of their documents.
        factor: idf × (k1 + 1), times any boost.
    """
    worth = freqs * np.float32(factor)
    worth /= freqs + norms_
    return worth


class BM25(WeightingModel):
    """The same formula for Whoosh's own matchers: slow and plain, to check the fast way by."""

    def __init__(self, k1: float = 1.2, b: float = 0.75) -> None:
        self.k1, self.b = k1, b

    def idf(self, searcher: Any, fieldname: str, text: bytes | str) -> float:
        parent = searcher.get_parent()
        return idf(parent.doc_count_all(), parent.doc_frequency(fieldname, text))

    def scorer(self, searcher: Any, fieldname: str, text: bytes | str, qf: int = 1) -> BaseScorer:
        return _Scorer(searcher, fieldname, text, self)


class _Scorer(WeightLengthScorer):
    def __init__(self, searcher: Any, fieldname: str, text: bytes | str, model: BM25) -> None:
        self._idf = searcher.idf(fieldname, text)
        # A segment's own searcher divides the words of all segments by its own documents.
        self._average = searcher.get_parent().avg_field_length(fieldname, 1) or 1
        self._model = model
        if searcher.is_atomic() and fieldname in ("text", "title"):
            self.setup(searcher, fieldname, text)
        else:
            self.dfl = lambda _: 1
            self._maxquality = 0.0

    def _score(self, weight: float, length: float) -> float:
        k1, b = self._model.k1, self._model.b
        norm = k1 * (1 - b + b * length / self._average)
        return self._idf * weight * (k1 + 1) / (weight + norm)
