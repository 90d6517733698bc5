"""Whether a word that is not in the index was mistyped, or is a word that no document holds.

Two readings are weighed against each other (a noisy channel, as in Kernighan, Church and Gale, "A
Spelling Correction Program Based on a Noisy Channel Model", 1990). That a word of the index was
meant: how frequent it is, how likely the error, and how much more often than by chance its
documents hold the other words of the query. That a new word was meant: how many are, and how well
its letters follow each other as in the words of the index.

Only live documents count, and all figures are of the whole commit, so that the same documents give
the same suggestions however they are spread over segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.folding import fold
from ..indexer.stretches import among, distinct
from .corrections import NO_ACCENT, OTHER_LETTERS, Correction, is_slip
from .snapshot import Part, Snapshot
from .variants import Resolved

# How many words are typed wrongly, one in so many.
_ERRORS = 1 / 50
# How many words of a query are new. In a text about as many are as stand in it once (Good 1953),
# 4.8 % in the mixed collection; but who asks a small index, where most do, asks for what is there.
_NEW = 1 / 50
# So many documents without a word of the query count as seen beside a correction's own.
_SMOOTHING = 1.0
# So many of the other words of a query are looked at.
_MOST_WORDS = 8


class Context(msgspec.Struct):
    """The other words of a query: for each, in each segment, the live documents with it,
    ascending."""

    words: Sequence[Sequence[Array]]

    @classmethod
    def of(cls, snapshot: Snapshot, words: Sequence[Resolved]) -> Context:
        """Words as they were resolved; those that stand in no live document tell nothing."""
        found = []
        for word in words[:_MOST_WORDS]:
            ids = [variants.ids[: variants.matching] for variants in word.variants]
            docs = _documents(snapshot.parts, ids)
            if any(map(len, docs)):
                found.append(docs)
        return cls(found)


class Channel:
    """The two readings of words that are not in the index, as natural logarithms."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._parts, self._trigrams = snapshot.parts, snapshot.trigrams
        self._lexicons = snapshot.lexicons
        self._documents, self._words = max(snapshot.live, 1), max(snapshot.live_words, 1)

    def new(self, folded: str) -> float:
        """That a word was meant that the index does not hold."""
        return log(_NEW) + self._trigrams.likelihood(folded)

    def meant(self, folded: str, correction: Correction, context: Context) -> float:
        """That a word of the index was meant."""
        ways = 4 * len(folded)  # a letter left out, typed twice, swapped with the next, or another
        error = log(_ERRORS / ways)
        if not is_slip(folded, fold(correction.word)):
            error -= log(OTHER_LETTERS)
        error *= correction.edits
        error -= correction.accents * log(NO_ACCENT)
        return log(correction.frequency / self._words) + error + self._together(correction, context)

    def _together(self, correction: Correction, context: Context) -> float:
        """How much more often the other words stand in its documents than in all."""
        of_parts = _documents(self._parts, self._lexicons.split(correction.numbers))
        held = sum(map(len, of_parts))
        total = 0.0
        for word in context.words:
            share = sum(map(len, word)) / self._documents
            both = sum(_common(a, b) for a, b in zip(of_parts, word, strict=True))
            if share:
                total += log((both / share + _SMOOTHING) / (held + _SMOOTHING))
        return total


def _documents(parts: Sequence[Part], ids: Sequence[Array]) -> list[Array]:
    """The live documents of each segment that hold any of some words, ascending."""
    found = []
    for part, words in zip(parts, ids, strict=True):
        postings = part.files.postings["text"]
        docs = postings.docs.pieces(*postings.bounds(words))
        found.append(distinct(docs[part.live[docs]]))
    return found


def _common(one: Array, other: Array) -> int:
    """How many numbers are in both, each ascending."""
    if len(one) > len(other):
        one, other = other, one
    return int(np.count_nonzero(among(one, other)))
