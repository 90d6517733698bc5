"""Which documents a reader chose by their metadata."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from .columns import column
from .nodes import Leaf
from .snapshot import Snapshot

#: The fields whose values can be chosen and counted.
FIELDS = ("language", "collection", "creator", "source", "type")


class Selection(msgspec.Struct, frozen=True):
    """Documents with one of some values in each field that names any, exactly as written there.

    Attributes:
        language: main languages (ISO 639-1).
        collection, creator, source: values; none given: all documents.
        type: kinds of files that documents came from: txt, md, html, jsonl.
        first, last: only documents whose date covers a year of this range, ends included.
    """

    language: tuple[str, ...] = ()
    collection: tuple[str, ...] = ()
    creator: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in FIELDS) or self.dated

    @property
    def dated(self) -> bool:
        """Whether years are chosen."""
        return self.first is not None or self.last is not None

    def masks(self, snapshot: Snapshot, number: int) -> dict[str, Array]:
        """Which documents of a segment fit, by each field ("date" for the years) that chooses."""
        found: dict[str, Array] = {}
        for name in FIELDS:
            if chosen := getattr(self, name):
                values = column(snapshot, name)
                found[name] = values.coded(chosen)[values.codes[number]]
        if self.dated:
            values = column(snapshot, "date")
            firsts, lasts = values.years
            fits = firsts <= lasts
            if self.first is not None:
                fits &= lasts >= self.first
            if self.last is not None:
                fits &= firsts <= self.last
            if self.first is not None and self.last is not None and self.first > self.last:
                fits[:] = False  # no year is in such a range
            found["date"] = fits[values.codes[number]]
        return found

    def documents(self, snapshot: Snapshot) -> list[Array]:
        """The documents that fit, ascending, for each segment."""
        found = []
        for number, part in enumerate(snapshot.parts):
            masks = list(self.masks(snapshot, number).values())
            fits = np.logical_and.reduce(masks) if masks else np.ones(part.count, bool)
            found.append(np.flatnonzero(fits))
        return found


@dataclass(frozen=True, repr=False)
class Chosen(Leaf):
    """The documents of a selection, as a leaf of a query tree; never adds to a score."""

    selection: Selection

    def __str__(self) -> str:
        return f"chosen:{self.selection}"
