"""Which documents of a segment hold a word, a phrase or a value, and how often."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.postings import Postings
from ..indexer.stretches import distinct
from .workspace import Workspaces, clean

#: A find as the compiled kernels take it: documents, frequencies, norms of all documents, how many
#: match, the weight of the frequencies, what all is multiplied by; and more if it is `Deferred`.
Find = tuple[object, ...]

# The frequencies of a shorter list are soonest read all together.
_LONG = 8192
# Of so many documents one must be told before it is quicker to mark them than to sort them.
_MARKED = 256


class Found:
    """The documents of one segment that hold something, and how often each does.

    Of a set of words a document has a posting for each that it holds, and what counts is their
    sum. They are not added up here: whoever needs it does so in an array of all documents
    (`workspace`), which is faster than sorting.

    Attributes:
        docs: the document of each posting (int64). Those that make a document a match come first.
        matching: how many those are; the others only rank.
        distinct: whether each document stands once and in ascending order.
    """

    def __init__(
        self, docs: Array, freqs: Array, matching: int | None = None, *, distinct: bool = True
    ) -> None:
        self.docs, self.distinct = docs, distinct
        self.matching = len(docs) if matching is None else matching
        self._freqs = freqs

    @property
    def freqs(self) -> Array:
        """Weight × frequency of each posting: float32 where they are distinct, else float64, in
        which the sums are exact whatever their order."""
        return self._freqs

    def freqs_at(self, places: Array) -> Array:
        """`freqs` of some of the postings."""
        return self.freqs[places]

    @property
    def matching_docs(self) -> Array:
        """The documents that count as matches, in no order, some of them several times."""
        return self.docs if self.matching == len(self.docs) else self.docs[: self.matching]

    @property
    def frequency(self) -> int:
        """How many documents count as matches."""
        return self.matching if self.distinct else len(self.matches)

    @property
    def matches(self) -> Array:
        """The documents that count as matches, ascending."""
        return self.matching_docs if self.distinct else distinct(self.matching_docs)

    def among(self, docs: Array) -> Array:
        """Which of some documents count as matches."""
        wanted = np.zeros(len(docs), bool)
        if len(docs):
            order = docs.argsort()
            ascending = docs[order]
            at = ascending.searchsorted(self.matching_docs)
            at[at == len(docs)] = 0
            wanted[order[at[ascending[at] == self.matching_docs]]] = True
        return wanted

    def frequency_in(self, doc: int) -> float:
        """The sum of the frequencies of one document, 0 where it is not found."""
        return float(np.float32(self.freqs[self.docs == doc].sum()))

    @property
    def empty(self) -> bool:
        """Whether there is no posting."""
        return not len(self.docs)

    def find(self, norms: Array, factor: float) -> Find:
        """The find as the compiled kernels take it.

        Args:
            norms: `bm25.norms` of all documents.
            factor: idf × (k1 + 1) × boost.
        """
        docs = self.docs.astype(np.uint32, copy=False)
        return docs, self.freqs, norms, self.matching, 1.0, factor


class FoundWords(Found):
    """The postings of a set of words. Their frequencies are read when they are needed.

    Attributes:
        numbers: of the postings, in `Postings.docs`.
    """

    def __init__(
        self,
        workspaces: Workspaces,
        postings: Postings,
        numbers: Array | slice,
        docs: Array,
        weights: Array | float,
        matching: int,
    ) -> None:
        self.docs, self.matching, self.distinct = docs, matching, isinstance(numbers, slice)
        self.numbers = numbers
        self._workspaces, self._postings, self._weights = workspaces, postings, weights

    @cached_property
    def matches(self) -> Array:
        docs = self.matching_docs
        if self.distinct:
            return docs
        with self._workspaces.borrowed() as space:
            marks = space.marks
            if len(docs) * _MARKED < len(marks):
                return distinct(docs)
            # Sooner than to sort, where all documents are soon looked at.
            marks[docs] = True
            found = marks.nonzero()[0]
            clean(marks, docs, False)
        return found

    @cached_property
    def freqs(self) -> Array:
        if not isinstance(self.numbers, slice):
            return self._postings.freqs.take(self.numbers) * self._weights
        freqs = self._postings.freqs[self.numbers].astype(np.float32)
        return freqs if self._weights == 1 else freqs * np.float32(self._weights)

    def freqs_at(self, places: Array) -> Array:
        if isinstance(self.numbers, slice) and len(self.docs) < _LONG:
            return self.freqs[places]
        weights = self._weights
        freqs = self._postings.freqs.take(self.numbers_at(places))
        if isinstance(weights, np.ndarray):
            return freqs * weights[places]
        freqs = freqs.astype(np.float32)
        return freqs if weights == 1 else freqs * np.float32(weights)

    def numbers_at(self, places: Array) -> Array:
        """`numbers` of some of the postings."""
        if isinstance(self.numbers, slice):
            return places + int(self.numbers.start)
        return self.numbers[places]


NOTHING = Found(np.zeros(0, np.int64), np.zeros(0, np.float32))
