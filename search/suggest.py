"""Completing what is being typed, from the words of the index."""

from __future__ import annotations

import numpy as np

from ..indexer.folding import fold
from ..indexer.words import spans
from .snapshot import Snapshot

# Of a short prefix's many words only so many, the most frequent of each segment, are looked at.
_CANDIDATES = 200


def completions(snapshot: Snapshot, text: str, limit: int = 10) -> list[str]:
    """The text with its last word completed, the most frequent words first.

    Accents and case do not matter. A word that stands in no live document is never suggested.
    """
    found = spans(text)
    if not found or found[-1][2] != len(text):
        return []
    key, start, _ = found[-1]
    prefix = fold(key)
    counts: dict[str, int] = {}
    for part in snapshot.parts:
        ids = part.lexicon.with_prefix(prefix).astype(np.int64)
        postings = part.files.postings["text"]
        starts, ends = postings.bounds(ids)
        frequencies = ends - starts
        for n in np.argsort(-frequencies, kind="stable")[:_CANDIDATES]:
            if part.live[postings.docs[starts[n] : ends[n]]].any():
                word = part.lexicon.word(int(ids[n]))
                counts[word] = counts.get(word, 0) + int(frequencies[n])
    best = sorted(counts, key=lambda word: (-counts[word], word))[:limit]
    return [text[:start] + word for word in best]
