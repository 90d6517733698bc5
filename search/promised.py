"""Finds that nobody has looked for yet: whoever asks for them reads what he needs. One compiled
kernel (`wordqueries`) takes them as they are asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import IntEnum
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from ..indexer.arrayfile import Array
from . import positions
from .found import Found
from .gathered import Deferred, deferred
from .placed import Sought
from .plan import Leaf, Scored, Span, span_of
from .snapshot import Part
from .variants import Extent, Resolved, Variants

#: What a find is as the kernel takes it: words of each segment, their field, how many of them are
#: meant, their role; or such tuples of the words of a phrase, and where it is looked for.
Asked = tuple[object, ...]

_FIELDS = {"text": 0, "title": 1}

T = TypeVar("T")


class Role(IntEnum):
    """What the documents of words are in a query."""

    MORE = 0
    """Hits of the words before these, to whose scores they add."""
    HITS = 1
    EVEN = 2
    """Hits that are all worth the same."""


class _OfSegments(Sequence[T], ABC):
    """One thing for each segment, made when it is first asked for."""

    __slots__ = ("_known", "_parts")

    # Given by those who are made for each word of a query, without a call more for each.
    _parts: Sequence[Part]
    _known: dict[int, T]

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, number: Any) -> Any:
        if number not in self._known:
            # Out of range is an IndexError, by which a loop ends.
            self._known[number] = self._of(self._parts[number], number)
        return self._known[number]

    @abstractmethod
    def _of(self, part: Part, number: int) -> T: ...


class PromisedWords(_OfSegments[Found]):
    """The documents of a set of words in each segment; for the compiled kernels alone.

    Attributes:
        field: where they stand.
        words: those of each segment, and
        extent: how many of them are meant.
    """

    __slots__ = ("extent", "field", "words")

    def __init__(
        self, parts: Sequence[Part], field: str, words: Sequence[Variants], extent: Extent
    ) -> None:
        self._parts, self._known = parts, {}
        self.field, self.words, self.extent = field, words, extent

    def asked(self, role: Role) -> Asked:
        """What the kernel is asked for."""
        return self.words, _FIELDS[self.field], self.extent, role

    def _of(self, part: Part, number: int) -> Found:
        words = self.words[number]
        return SegmentWords(part, self.field, words, words.size(self.extent))


class PromisedAlike(PromisedWords):
    """The same where all documents are worth the same."""

    __slots__ = ()

    def asked(self, role: Role) -> Asked:
        return super().asked(Role.EVEN)

    def _of(self, part: Part, number: int) -> Found:
        docs = super()._of(part, number).matches
        return Found(docs, np.ones(len(docs), np.float32))


class _Starts(_OfSegments[Array]):
    """The places (of `positions`, ascending) where words stand side by side: of the first."""

    __slots__ = ("among", "field", "words")

    def __init__(self, parts: Sequence[Part], field: str, words: Sequence[Resolved]) -> None:
        self._parts, self._known = parts, {}
        self.field, self.words = field, words
        self.among: list[Array | None] = [None] * len(parts)

    def _of(self, part: Part, number: int) -> Array:
        ids = [word.variants[number].ids for word in self.words]
        return positions.phrase(part, self.field, ids, self.among[number])


class _Spans(_OfSegments[list[Span]]):
    """The same with the number of words from each place on."""

    __slots__ = ("_starts",)

    def __init__(self, parts: Sequence[Part], starts: _Starts) -> None:
        self._parts, self._known = parts, {}
        self._starts = starts

    def _of(self, part: Part, number: int) -> list[Span]:
        return [span_of(self._starts[number], len(self._starts.words))]


class PromisedPhrase(_OfSegments[Found]):
    """The documents in each segment where words stand side by side."""

    __slots__ = ("_starts",)

    def __init__(self, parts: Sequence[Part], field: str, words: Sequence[Resolved]) -> None:
        self._parts, self._known = parts, {}
        self._starts = _Starts(parts, field, words)

    @property
    def among(self) -> list[Array | None]:
        """In which documents of each segment it is looked for; None for all."""
        return self._starts.among

    @property
    def words(self) -> list[list[Variants]]:
        """What its words stand for in each segment."""
        return [word.variants for word in self._starts.words]

    def sought(self, documents: int) -> Sought:
        """What is looked for by where it stands.

        Args:
            documents: no more than so many hold all words.
        """
        words = self.words
        return Sought(self._starts.field, [[words]], documents, len(words) * documents)

    def asked(self, role: Role) -> Asked:
        """What the kernel is asked for."""
        field = _FIELDS[self._starts.field]
        words = [(word.variants, field, Extent.ALL, role) for word in self._starts.words]
        return words, self.among

    def leaf(self, main: Scored) -> Leaf:
        """The leaf of the phrase.

        Args:
            main: of these documents.
        """
        parts: list[tuple[Resolved, Sequence[Array]]]
        parts = [(word, self._starts) for word in self._starts.words]
        return Leaf(main, parts=parts, spans=_Spans(self._parts, self._starts))

    def _of(self, part: Part, number: int) -> Found:
        return positions.counted(self._starts[number])


Promised = PromisedWords | PromisedPhrase


class SegmentWords(Deferred):
    """The documents of a set of words in one segment. Which these are is read when all of them are
    asked for; what some documents hold is read without."""

    def __init__(self, part: Part, field: str, words: Variants, count: int) -> None:
        self.words, self.distinct = words, True
        self._defer(part.files.postings[field], words, count)
        self._part, self._field, self._count = part, field, count

    @cached_property
    def docs(self) -> Array:
        (found,) = deferred(self._part, self._field, [(self.words, self._count)])
        return found.matches.astype(np.uint32, copy=False)

    @property
    def matching(self) -> int:
        return len(self.docs)
