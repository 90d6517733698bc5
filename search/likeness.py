"""Documents that are about the same things as another one."""

from __future__ import annotations

from collections import Counter

import numpy as np
from whoosh.query import Or, Term

from ..indexer.folding import fold
from ..indexer.languages import STOP_WORDS
from ..indexer.words import spans
from . import bm25
from .best import Ranked
from .execute import execute
from .reading import document_frequency
from .snapshot import Part, Snapshot
from .weights import Weights

# So much of a text is read, in code points; its most frequent words, so many, are looked up; and
# those that tell the most are searched for.
_READ, _LOOKED_UP, _SEARCHED = 20_000, 150, 25
_SHORTEST = 4
# A document that shares less than this share of the words' worth is about something else.
_LEAST = 0.12


def alike(snapshot: Snapshot, weights: Weights, part: Part, doc: int, limit: int) -> list[Ranked]:
    """The documents most like one of a segment, the best first: those with the highest BM25 for the
    words of its beginning that are frequent in it and rare elsewhere."""
    files = part.files
    text = f"{files.fields(doc)['title']}\n{files.text(doc)[:_READ]}"
    counted = Counter(key for key, _, _ in spans(text) if len(key) >= _SHORTEST)
    worth: list[tuple[float, str]] = []
    for word, count in counted.most_common(_LOOKED_UP * 2)[:_LOOKED_UP]:
        if fold(word) in STOP_WORDS:
            continue
        frequency = _frequency(snapshot, word)
        if frequency > 1:
            worth.append((count**0.5 * bm25.idf(snapshot.documents, frequency), word))
    worth.sort(key=lambda each: (-each[0], each[1]))
    terms = [Term("text", word) for _, word in worth[:_SEARCHED]]
    if not terms:
        return []
    hits = execute(snapshot, weights, Or(terms), limit + 1).hits
    here = snapshot.parts.index(part)
    own = next((hit.score for hit in hits if (hit.part, hit.doc) == (here, doc)), 0.0)
    return [
        hit for hit in hits if (hit.part, hit.doc) != (here, doc) and hit.score >= own * _LEAST
    ][:limit]


def _frequency(snapshot: Snapshot, word: str) -> int:
    encoded, total = word.encode(), 0
    for part in snapshot.parts:
        number = part.lexicon.find(encoded)
        if number >= 0:
            total += document_frequency(part, "text", np.array([number], np.int64))
    return total
