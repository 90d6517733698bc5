"""Metadata of all documents of a commit as numbers, so that whole result sets are counted at once.

A segment numbers the values of its own documents. Here they get numbers that hold for all segments
of a commit, once for each commit; counting is then one pass of numpy over the documents found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from ..indexer.arrayfile import Array
from . import dates
from .snapshot import Snapshot

_NO_YEAR = -(1 << 30)
_columns: WeakKeyDictionary[Snapshot, dict[str, Column]] = WeakKeyDictionary()


class Column:
    """A field of one value for each document ("" where it has none).

    Attributes:
        values: the distinct values, in the order of their UTF-8 bytes.
        codes: for each segment the place in `values` of each document's value.

    Args:
        field: of VALUE_FIELDS.
        of: what stands for a value; the value itself if left out.
    """

    def __init__(
        self, snapshot: Snapshot, field: str, of: Callable[[bytes], bytes] | None = None
    ) -> None:
        fields = [part.files.values[field] for part in snapshot.parts]
        own = [[values.at(code) for code in range(len(values))] for values in fields]
        if of:
            own = [[of(value) for value in values] for values in own]
        distinct = sorted(set().union(*own))
        place = {value: number for number, value in enumerate(distinct)}
        self.values = [value.decode(errors="replace") for value in distinct]
        # As small as they can be, so that much of them is in the cache.
        kind = np.min_scalar_type(max(len(distinct) - 1, 0))
        self.codes: list[Array] = []
        for values, texts in zip(fields, own, strict=True):
            assert values.codes is not None
            renumbered = np.fromiter((place[text] for text in texts), np.int64, len(texts))
            self.codes.append(renumbered.astype(kind)[values.codes])

    def coded(self, chosen: tuple[str, ...]) -> Array:
        """Which of `values` are among some, one bool for each."""
        return np.fromiter((value in chosen for value in self.values), bool, len(self.values))

    @cached_property
    def years(self) -> tuple[Array, Array]:
        """The first and the last year of each of `values`, taken as dates; where a value names no
        year, the first lies after the last."""
        covered = [dates.years(value) or (-_NO_YEAR, _NO_YEAR) for value in self.values]
        both = np.array(covered, np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]

    @cached_property
    def chronology(self) -> Array:
        """The place of each of `values`, taken as dates, in the order of time; equal where they
        begin alike, -1 where they name no year."""
        firsts, lasts = self.years
        keys = [
            (int(first), dates.start(value)) if first <= last else None
            for value, first, last in zip(self.values, firsts, lasts, strict=True)
        ]
        order = {key: n for n, key in enumerate(sorted(set(filter(None, keys))))}
        return np.fromiter((order[key] if key else -1 for key in keys), np.int64, len(keys))


def column(snapshot: Snapshot, field: str) -> Column:
    """A field of VALUE_FIELDS with one value for each document, or "type", the kind of file that
    each came from; made once for each commit."""
    known = _columns.setdefault(snapshot, {})
    found = known.get(field)
    if found is None:
        found = _types(snapshot) if field == "type" else Column(snapshot, field)
        known[field] = found
    return found


def _types(snapshot: Snapshot) -> Column:
    # Whoever only searches does without what reads the formats.
    from ..indexer.readers import kind_of

    return Column(snapshot, "origin", lambda value: kind_of(value.decode()).encode())
