"""How letters follow each other in the words of an index: a model of 3-grams.

It is made from a sample of the distinct words: those whose identities, which are hashes, are the
smallest. So it costs the same in a large index, and the same documents give the same model however
they are spread over segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.folding import folds
from ..indexer.spelling import GRAM_BITS, gram_codes, gram_table
from ..indexer.strings import Strings

if TYPE_CHECKING:
    from .snapshot import Part

#: How many words tell how letters follow each other.
SAMPLE = 30_000
# Behind two letters so many were not seen, for each that was: 3-grams of a small lexicon are few.
_UNSEEN = 4.0
# They are shared by about so many letters.
_LETTERS = 30
_NOTHING = np.zeros(0, np.uint64)


class Trigrams:
    """3-grams of words, with one border before and after each.

    Args:
        words: folded, each counted once.
    """

    def __init__(self, words: Strings) -> None:
        numbers = np.arange(len(words), dtype=np.uint32)
        table = gram_table(words, numbers.astype(np.int64), numbers)
        self._codes, self._starts = table.codes, table.starts.astype(np.int64)

    def likelihood(self, folded: str) -> float:
        """How likely the letters of a word follow each other so, as a natural logarithm."""
        codes = np.array(gram_codes(folded), np.uint64)
        shift = np.uint64(GRAM_BITS)
        begin = codes >> shift << shift
        of_gram = self._between(codes, codes + np.uint64(1))
        of_start = self._between(begin, begin + np.uint64(1 << GRAM_BITS))
        return float(np.log((of_gram + _UNSEEN / _LETTERS) / (of_start + _UNSEEN)).sum())

    def _between(self, first: Array, end: Array) -> Array:
        """How many times words hold the grams from one code up to another."""
        low, high = (self._codes.searchsorted(each) for each in (first, end))
        return self._starts[high] - self._starts[low]


def trigrams(parts: Sequence[Part], size: int = SAMPLE) -> Trigrams:
    """The model of the words that stand in a live document of some segments."""
    return Trigrams(folds(_sample(parts, size))[0])


def _sample(parts: Sequence[Part], size: int) -> Strings:
    """The words of the smallest identities, in their order."""
    largest = max((len(part.lexicon) for part in parts), default=0)
    share = 1.5 * size / max(largest, 1)
    while True:
        # Identities are spread evenly, so that a share of all numbers is a share of the words.
        last = np.uint64(min(int(share * 2**64), 2**64 - 1))
        found, spelt = [_NOTHING], []
        for part in parts:
            ids = np.flatnonzero(part.lexicon.identities <= last)
            ids = ids[part.frequencies(ids) > 0]
            found.append(part.lexicon.identities[ids])
            spelt.append(part.lexicon.words_of(ids))
        known, first = np.unique(np.concatenate(found), return_index=True)
        if len(known) >= size or share >= 1:
            return Strings.joined(spelt).take(first[:size])
        share *= 2
