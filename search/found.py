"""Which documents of a segment hold a word, a phrase or a value, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.postings import Postings
from ..indexer.stretches import distinct, stretches
from .resolve import Variants
from .snapshot import Part


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

    @cached_property
    def frequency(self) -> int:
        """How many documents count as matches."""
        if self.distinct or not self.matching:
            return self.matching
        docs = np.sort(self.matching_docs)
        return 1 + int(np.count_nonzero(docs[1:] != docs[:-1]))

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


class FoundWords(Found):
    """The postings of a set of words. Their frequencies are read when they are needed.

    Attributes:
        numbers: of the postings, in `Postings.docs`.
    """

    def __init__(
        self,
        postings: Postings,
        numbers: Array | slice,
        docs: Array,
        weights: Array | float,
        matching: int,
    ) -> None:
        self.docs, self.matching, self.distinct = docs, matching, isinstance(numbers, slice)
        self.numbers = numbers
        self._postings, self._weights = postings, weights

    @cached_property
    def freqs(self) -> Array:
        if not isinstance(self.numbers, slice):
            return self._postings.freqs.take(self.numbers) * self._weights
        freqs = self._postings.freqs[self.numbers].astype(np.float32)
        return freqs if self._weights == 1 else freqs * np.float32(self._weights)

    def freqs_at(self, places: Array) -> Array:
        weights = self._weights
        if isinstance(self.numbers, slice) or not isinstance(weights, np.ndarray):
            return self.freqs[places]
        return self._postings.freqs.take(self.numbers[places]) * weights[places]

    def numbers_at(self, places: Array) -> Array:
        """`numbers` of some of the postings."""
        if isinstance(self.numbers, slice):
            return places + int(self.numbers.start)
        return self.numbers[places]


NOTHING = Found(np.zeros(0, np.int64), np.zeros(0, np.float32))


def look_up(part: Part, field: str, sets: Sequence[Variants]) -> list[Found]:
    """The postings of each of some sets of words, read all at once."""
    if not sets:
        return []
    postings = part.files.postings[field]
    starts, ends = postings.bounds(np.concatenate([each.ids for each in sets]))
    if len(ends) and int(ends.max()) > len(postings.docs):
        raise IndexError("the postings of a word are not within the file")
    found: list[Found] = []
    several: list[tuple[int, Variants, slice]] = []
    at = 0
    for place, words in enumerate(sets):
        count = len(words.ids)
        found.append(NOTHING)
        if count == 1:
            piece = slice(int(starts[at]), int(ends[at]))
            # numpy looks up by its own kind of integers several times faster than by others.
            docs = postings.docs[piece].astype(np.int64)
            matching = len(docs) if words.matching else 0
            found[place] = FoundWords(postings, piece, docs, float(words.weights[0]), matching)
        elif count:
            several.append((place, words, slice(at, at + count)))
        at += count
    if several:
        _gather(postings, several, starts, ends, found)
    return found


def _gather(
    postings: Postings,
    several: Sequence[tuple[int, Variants, slice]],
    starts: Array,
    ends: Array,
    found: list[Found],
) -> None:
    """Reads the postings of sets of several words, one stretch after another."""
    if sum(len(words.ids) for _, words, _ in several) < len(starts):
        starts = np.concatenate([starts[words] for _, _, words in several])
        ends = np.concatenate([ends[words] for _, _, words in several])
    lengths = ends - starts
    behind = lengths.cumsum()
    numbers = (starts - behind + lengths).repeat(lengths)
    numbers += np.arange(len(numbers))
    docs = postings.docs.take(numbers).astype(np.int64)
    weights = np.concatenate([words.weights for _, words, _ in several]).repeat(lengths)
    edges = [0, *behind.tolist()]
    at = 0
    for place, words, _ in several:
        first, last = edges[at], edges[at + len(words.ids)]
        piece = slice(first, last)
        matching = edges[at + words.matching] - first
        found[place] = FoundWords(postings, numbers[piece], docs[piece], weights[piece], matching)
        at += len(words.ids)


def document_frequency(part: Part, field: str, ids: Array) -> int:
    """How many documents hold any of some words."""
    postings = part.files.postings[field]
    edges = postings.edges(ids)
    if len(edges) == 1:
        ((start, end),) = edges
        return end - start
    with part.workspaces.borrowed() as space:
        for start, end in edges:
            space.marks[postings.docs[start:end].astype(np.int64)] = True
        count = int(np.count_nonzero(space.marks))
        space.marks.fill(False)
    return count


def occurrences(
    part: Part, postings: Postings, ids: Array, docs: Array
) -> tuple[Array, Array, Array]:
    """Where words stand among some documents.

    Args:
        ids: the words' ids.
        docs: the documents, ascending.

    Returns:
        Parallel arrays: the place in `docs`, the place in `ids`, the number of the posting.
    """
    starts, ends = postings.bounds(ids)
    chosen = np.zeros(part.count, bool)
    chosen[docs] = True
    all_docs, which = stretches(postings.docs, starts, ends)
    hits = np.flatnonzero(chosen[all_docs])
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    words = which[hits]
    return (
        np.searchsorted(docs, all_docs[hits]),
        words,
        starts[words] + hits - before[words],
    )
