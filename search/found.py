"""Which documents of a segment hold a word, a phrase or a value, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.postings import Postings
from ..indexer.stretches import distinct, stretches
from . import compiled
from .resolve import Variants, as_written
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

    def find(self, norms: Array, factor: float) -> tuple[Array, Array, Array, int, float, float]:
        """The find as the compiled kernels take it.

        Args:
            norms: `bm25.norms` of all documents.
            factor: idf × (k1 + 1) × boost.
        """
        docs = self.docs.astype(np.uint32, copy=False)
        return docs, self.freqs, norms, self.matching, 1.0, factor


class Gathered(Found):
    """The documents of a set of words, each once, as the compiled kernels gather them.

    Those that make a document a match ascend, and so do the others behind them.

    Attributes:
        docs: uint32.
        words: of the set.
    """

    def __init__(
        self, words: Variants, docs: Array, counts: Array, matching: int, weight: float = 1.0
    ) -> None:
        self.words, self.docs, self.matching = words, docs, matching
        self.distinct = matching in (0, len(docs))
        self._counts, self._weight = counts, weight

    @cached_property
    def freqs(self) -> Array:
        return self._counts.astype(np.float32, copy=False) * np.float32(self._weight)

    @cached_property
    def frequency(self) -> int:
        return self.matching

    @property
    def matches(self) -> Array:
        return self.matching_docs

    def find(self, norms: Array, factor: float) -> tuple[Array, Array, Array, int, float, float]:
        return self.docs, self._counts, norms, self.matching, self._weight, factor


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
    if compiled.kernels:
        return _gathered(part, field, sets)
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


def _gathered(part: Part, field: str, sets: Sequence[Variants]) -> list[Found]:
    """The same by the compiled kernels."""
    assert compiled.kernels
    postings = part.files.postings[field]
    found: list[Found] = [NOTHING] * len(sets)
    several = []
    for place, words in enumerate(sets):
        if len(words.ids) == 1:
            # The postings of one word need not be copied.
            ((start, end),) = postings.edges(words.ids)
            docs, freqs = postings.docs[start:end], postings.freqs[start:end]
            if len(docs) != end - start:
                raise IndexError("the postings of a word are not within the file")
            matching = len(docs) if words.matching else 0
            found[place] = Gathered(words, docs, freqs, matching, float(words.weights[0]))
        elif len(words.ids):
            several.append(place)
    if several:
        chosen = [sets[place] for place in several]
        sizes = [size for words in chosen for size in (len(words.ids), words.matching)]
        if len(chosen) == 1:
            ids, weights = chosen[0].ids, chosen[0].weights
        else:
            ids = np.concatenate([words.ids for words in chosen])
            weights = np.concatenate([words.weights for words in chosen])
        with part.workspaces.borrowed() as space:
            gathered = compiled.kernels.gather(
                ids,
                weights,
                np.array(sizes),
                postings.offsets,
                postings.docs,
                postings.freqs,
                space.sums,
                space.bits,
            )
        docs, freqs = np.frombuffer(gathered[0], np.uint32), np.frombuffer(gathered[1], np.float32)
        counts = np.frombuffer(gathered[2], np.int64).tolist()
        at = 0
        for n, (place, words) in enumerate(zip(several, chosen, strict=True)):
            piece = slice(at, at + counts[2 * n])
            found[place] = Gathered(words, docs[piece], freqs[piece], counts[2 * n + 1])
            at = piece.stop
    return found


def document_frequency(part: Part, field: str, ids: Array) -> int:
    """How many documents hold any of some words."""
    postings = part.files.postings[field]
    edges = postings.edges(ids)
    if len(edges) == 1:
        ((start, end),) = edges
        return end - start
    if compiled.kernels:
        return look_up(part, field, [as_written(ids)])[0].frequency
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
