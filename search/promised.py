"""Sets of words whose postings nobody has read yet: whoever asks for them reads what he needs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ..indexer.arrayfile import Array
from .found import Found
from .gathered import Deferred, deferred
from .snapshot import Part
from .variants import Extent, Variants


class Promised(Sequence[Found]):
    """The documents of a set of words in each segment; for the compiled kernels alone.

    Attributes:
        field: where they stand.
        words: those of each segment, and
        extent: how many of them are meant.
    """

    __slots__ = ("_found", "_parts", "extent", "field", "words")

    def __init__(
        self, parts: Sequence[Part], field: str, words: Sequence[Variants], extent: Extent
    ) -> None:
        self._parts, self.field, self.words, self.extent = parts, field, words, extent
        self._found: list[Found] | None = None

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, number: Any) -> Any:
        if self._found is None:
            pairs = zip(self._parts, self.words, strict=True)
            self._found = [PromisedWords(p, self.field, w, w.size(self.extent)) for p, w in pairs]
        return self._found[number]


class PromisedWords(Deferred):
    """The same in one segment. Which documents hold the words is read when all of them are asked
    for; what some documents hold is read without."""

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
