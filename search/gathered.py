"""The postings of sets of words as the compiled kernels read them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.postings import Postings
from . import compiled
from .found import NOTHING, Find, Found
from .snapshot import Part
from .variants import Variants


class Gathered(Found):
    """The documents of a set of words, each once.

    Those that make a document a match ascend, and so do the others behind them.

    Attributes:
        docs: uint32.
        words: what the set is of.
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

    @property
    def frequency(self) -> int:
        return self.matching

    @property
    def matches(self) -> Array:
        return self.matching_docs

    def find(self, norms: Array, factor: float) -> Find:
        return self.docs, self._counts, norms, self.matching, self._weight, factor


class Deferred(Gathered):
    """The documents that a set of words makes matches. How often they hold the words, and what
    others of them add, is read when it is known which documents count, and then only for these.

    Attributes:
        docs: those that match.
    """

    def __init__(self, postings: Postings, words: Variants, count: int, docs: Array) -> None:
        super().__init__(words, docs, docs, len(docs))
        self._defer(postings, words, count)

    def _defer(self, postings: Postings, words: Variants, count: int) -> None:
        ids, weights = words.ids, words.weights
        if count < len(ids):
            ids, weights = ids[:count], weights[:count]
        self._words = ids, weights, postings.held
        self._complete = count <= words.matching

    @cached_property
    def freqs(self) -> Array:
        return self._sums(self.docs)

    @property
    def empty(self) -> bool:
        return False

    def frequency_in(self, doc: int) -> float:
        return float(self._sums(np.array([doc], np.uint32))[0])

    def find(self, norms: Array, factor: float) -> Find:
        own = self.docs, self.docs, norms, self.matching, 0.0, factor
        return *own, *self._words, self._complete

    def _sums(self, docs: Array) -> Array:
        """Of each of some documents (uint32, ascending) the sum of weight × frequency."""
        assert compiled.kernels
        return np.frombuffer(compiled.kernels.gather_in(*self._words, docs), np.float32)


def gathered(part: Part, field: str, sets: Sequence[tuple[Variants, int]]) -> list[Found]:
    """The postings of each of some sets of words (`reading.look_up`)."""
    assert compiled.kernels
    postings = part.files.postings[field]
    found, several = _of_few(postings, sets)
    if several:
        wanted = [(words.ids, words.weights, count, core) for _, words, count, core in several]
        with part.workspaces.borrowed() as space:
            of_docs, of_freqs, numbers = compiled.kernels.gather(
                wanted, postings.held, space.window, part.count
            )
        docs, sums = np.frombuffer(of_docs, np.uint32), np.frombuffer(of_freqs, np.float32)
        edges = iter(numbers)
        rows = zip(several, edges, edges, edges, strict=True)
        for (place, words, _, _), start, end, matching in rows:
            found[place] = Gathered(words, docs[start:end], sums[start:end], matching)
    return found


def deferred(part: Part, field: str, sets: Sequence[tuple[Variants, int]]) -> list[Found]:
    """The same, but for what is read only of the documents that count."""
    assert compiled.kernels
    postings = part.files.postings[field]
    found, several = _of_few(postings, sets)
    if several:
        wanted = [(words.ids, words.weights, core, core) for _, words, _, core in several]
        with part.workspaces.borrowed() as space:
            of_docs, numbers = compiled.kernels.unite(wanted, postings.held, space.bits, part.count)
        docs, edges = np.frombuffer(of_docs, np.uint32), iter(numbers)
        for (place, words, count, core), start, end in zip(several, edges, edges, strict=True):
            # What one word finds costs nothing, since its postings are not copied.
            listed = postings.docs[start:end] if core == 1 else docs[start:end]
            found[place] = Deferred(postings, words, count, listed)
    return found


# A set of several words: its place among the sets, the words, how many of the first are meant, and
# how many of these make a match.
_Several = tuple[int, Variants, int, int]


def _of_few(
    postings: Postings, sets: Sequence[tuple[Variants, int]]
) -> tuple[list[Found], list[_Several]]:
    """The postings of the sets of one word, which are not copied, or none; and the other sets."""
    found: list[Found] = []
    several: list[_Several] = []
    for place, (words, count) in enumerate(sets):
        if count == 1:
            start, end = postings.edges_of(int(words.ids[0]))
            docs, freqs = postings.docs[start:end], postings.freqs[start:end]
            matching = end - start if words.matching else 0
            found.append(Gathered(words, docs, freqs, matching, float(words.weights[0])))
            continue
        if count:
            several.append((place, words, count, min(words.matching, count)))
        found.append(NOTHING)
    return found, several
