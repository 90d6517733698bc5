"""Whether a word that is not in the index was mistyped, or is a word that no document holds.

Two readings are weighed against each other (a noisy channel, as in Kernighan, Church and Gale, "A
Spelling Correction Program Based on a Noisy Channel Model", 1990). That a word of the index was
meant: how frequent it is, how likely the error, and how much more often than by chance its
documents hold the other words of the query. That a new word was meant: how many are, and how well
its letters follow each other as in the words of the index.

Letters are counted in the words of each segment and added up, so that near the edge a suggestion
may depend on how documents are spread over segments; what is found never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.folding import fold
from ..indexer.spelling import GRAM_BITS, gram_codes
from ..indexer.stretches import distinct, stretches
from .corrections import Correction, is_slip
from .snapshot import Snapshot

# How many words are typed wrongly, one in so many; those of other letters are shared by about so
# many letters.
_ERRORS = 1 / 50
_LETTERS = 30
# How many words of a query are new. In a text about as many are as stand in it once (Good 1953),
# 4.8 % in the mixed collection; but who asks a small index, where most do, asks for what is there.
_NEW = 1 / 50
# Behind two letters so many were not seen, for each that was: 3-grams of a small lexicon are few.
_UNSEEN = 4.0
# So many documents without a word of the query count as seen beside a correction's own.
_SMOOTHING = 1.0
# So many of the other words of a query are looked at.
_MOST_WORDS = 8


@dataclass
class Context:
    """The other words of a query: for each, in each segment, the documents with it, ascending."""

    words: Sequence[Sequence[Array]]


class Channel:
    """The two readings of words that are not in the index, as natural logarithms."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._parts = snapshot.parts
        self._documents = max(snapshot.documents, 1)
        offsets = [part.files.postings["text"].offsets for part in snapshot.parts]
        self._pairs = max(sum(int(each[-1]) for each in offsets), 1)  # of word and document

    def new(self, folded: str) -> float:
        """That a word was meant that the index does not hold."""
        codes = np.array(gram_codes(folded), np.uint64)
        of_gram, of_start = np.zeros(len(codes)), np.zeros(len(codes))
        for part in self._parts:
            table, starts = part.lexicon.file["grams.codes"], part.lexicon.file["grams.starts"]
            shift = np.uint64(GRAM_BITS)
            begin = codes >> shift << shift
            end = begin + np.uint64(1 << GRAM_BITS)
            for first, last, counts in ((codes, codes + np.uint64(1), of_gram),
                                        (begin, end, of_start)):  # fmt: skip
                low, high = (table.searchsorted(each) for each in (first, last))
                counts += starts[high].astype(np.int64) - starts[low].astype(np.int64)
        follows = (of_gram + _UNSEEN / _LETTERS) / (of_start + _UNSEEN)
        return log(_NEW) + float(np.log(follows).sum())

    def meant(self, folded: str, correction: Correction, context: Context) -> float:
        """That a word of the index was meant."""
        ways = 4 * len(folded)  # a letter left out, typed twice, swapped with the next, or another
        error = log(_ERRORS / ways)
        if not is_slip(folded, fold(correction.word)):
            error -= log(_LETTERS)
        error *= correction.edits
        return log(correction.frequency / self._pairs) + error + self._together(correction, context)

    def _together(self, correction: Correction, context: Context) -> float:
        """How much more often the other words stand in its documents than in all."""
        of_parts = []
        for part, ids in zip(self._parts, correction.ids, strict=True):
            postings = part.files.postings["text"]
            docs, _ = stretches(postings.docs, *postings.bounds(ids))
            of_parts.append(distinct(docs))
        held = sum(map(len, of_parts))
        total = 0.0
        for word in context.words[:_MOST_WORDS]:
            share = sum(map(len, word)) / self._documents
            both = sum(_common(a, b) for a, b in zip(of_parts, word, strict=True))
            if share:
                total += log((both / share + _SMOOTHING) / (held + _SMOOTHING))
        return total


def _common(one: Array, other: Array) -> int:
    """How many numbers are in both, each ascending."""
    if len(one) > len(other):
        one, other = other, one
    if not len(one):
        return 0
    at = other.searchsorted(one)
    at[at == len(other)] = 0
    return int(np.count_nonzero(other[at] == one))
