"""The postings of sets of words as the compiled kernels read them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.postings import Postings
from . import compiled
from .found import NOTHING, Find, Found
from .resolve import Variants
from .snapshot import Part


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
    """The documents that a set of words makes matches. What its other words add is read when it is
    known which documents count, and then only for these.

    Attributes:
        docs: those that match.
    """

    def __init__(
        self, postings: Postings, words: Variants, docs: Array, counts: Array, weight: float
    ) -> None:
        super().__init__(words, docs, counts, len(docs), weight)
        self._postings = postings

    @cached_property
    def freqs(self) -> Array:
        return self._sums(self.docs)

    @property
    def empty(self) -> bool:
        return False

    def frequency_in(self, doc: int) -> float:
        return float(self._sums(np.array([doc], np.uint32))[0])

    def find(self, norms: Array, factor: float) -> Find:
        words = self.words
        return *super().find(norms, factor), *self._arrays, words.matching

    def _sums(self, docs: Array) -> Array:
        """Of each of some documents (uint32, ascending) the sum of weight × frequency."""
        assert compiled.kernels
        return np.frombuffer(compiled.kernels.gather_in(*self._arrays, docs), np.float32)

    @property
    def _arrays(self) -> tuple[Array, Array, Array, Array, Array]:
        words, postings = self.words, self._postings
        return words.ids, words.weights, postings.offsets, postings.docs, postings.freqs


def gathered(
    part: Part, field: str, sets: Sequence[tuple[Variants, int]], defer: bool
) -> list[Found]:
    """The postings of each of some sets of words (`reading.look_up`)."""
    assert compiled.kernels
    postings = part.files.postings[field]
    wanted = [
        (words.ids, words.weights, count, min(words.matching, count)) for words, count in sets
    ]
    if defer:
        # One word costs nothing to read, since its postings are not copied.
        wanted = [each if each[2] == 1 else (*each[:2], each[3], each[3]) for each in wanted]
    with part.workspaces.borrowed() as space:
        arrays = postings.offsets, postings.docs, postings.freqs, space.sums, space.bits
        of_docs, of_freqs, of_sets = compiled.kernels.gather(wanted, *arrays)
    docs, sums = np.frombuffer(of_docs, np.uint32), np.frombuffer(of_freqs, np.float32)
    edges = iter(np.frombuffer(of_sets, np.int64).tolist())
    found: list[Found] = []
    for (words, count), (_, _, read, _), start, end, matching in zip(
        sets, wanted, edges, edges, edges, strict=True
    ):
        piece = slice(start, end)
        if not count:
            found.append(NOTHING)
            continue
        if read == 1:
            listed, counts, weight = postings.docs[piece], postings.freqs[piece], words.weights[0]
        else:
            listed, counts, weight = docs[piece], sums[piece], 1.0
        if read < count:
            found.append(Deferred(postings, words, listed, counts, float(weight)))
        else:
            found.append(Gathered(words, listed, counts, matching, float(weight)))
    return found
