"""How the documents of a result are spread over languages, collections, creators, sources,
types of files and years.

What is counted for a field heeds the choices in all other fields but not those in its own, so that
each count tells what choosing that value as well would give.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from . import compiled
from .columns import Column, column
from .selection import FIELDS, Selection
from .snapshot import Snapshot

#: So many values of a field are given if no other number is asked for, and at most.
LIMIT, MAX_LIMIT = 10, 100
# Widths of the histogram's bars in years: the least that needs no more bars than this.
_WIDTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_MOST_BARS = 40


class Count(msgspec.Struct, frozen=True):
    """A value and how many documents have it; whether it is chosen."""

    value: str
    count: int
    chosen: bool = False


class Facet(msgspec.Struct, frozen=True):
    """The most frequent values of a field, and those that are chosen.

    Attributes:
        counts: chosen ones first, then by their number, equal ones in order of the values.
        others: how many values are left out.
    """

    field: str
    counts: tuple[Count, ...]
    others: int


class Bar(msgspec.Struct, frozen=True):
    """A stretch of years, ends included, and how many documents have a date that touches it."""

    first: int
    last: int
    count: int


class Facets(msgspec.Struct, frozen=True):
    """What can be chosen among the documents of a result.

    Attributes:
        fields: one for each of selection.FIELDS.
        years: stretches of equal width without gaps; a document whose date spans several counts
            in each. Empty when no document has a date.
    """

    fields: tuple[Facet, ...]
    years: tuple[Bar, ...]

    def as_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            **{
                facet.field: [{"value": each.value, "count": each.count} for each in facet.counts]
                for facet in self.fields
            },
            "years": [
                {"from": bar.first, "to": bar.last, "count": bar.count} for bar in self.years
            ],
        }


def facets(
    snapshot: Snapshot, documents: Sequence[Array], selection: Selection, limit: int = LIMIT
) -> Facets:
    """Counts the documents of a result.

    Args:
        documents: for each segment those that the query matches, before the selection.
        limit: how many values of each field to give, besides those that are chosen.
    """
    masks = [selection.masks(snapshot, number) for number in range(len(snapshot.parts))]
    limit = max(0, min(limit, MAX_LIMIT))

    def counts(name: str, values: Column) -> Array:
        """How many of the documents that fit in all fields but this one have each value."""
        found = np.zeros(len(values.values), np.int64)
        for number, docs in enumerate(documents):
            for other, mask in masks[number].items():
                if other != name:
                    docs = docs[mask.take(docs)]
            _count(docs, values.codes[number], found)
        return found

    fields = []
    for name in FIELDS:
        values = column(snapshot, name)
        chosen = getattr(selection, name)
        fields.append(_facet(name, values, counts(name, values), chosen, limit))
    dates = column(snapshot, "date")
    return Facets(tuple(fields), _years(dates, counts("date", dates)))


_everything: WeakKeyDictionary[Snapshot, dict[int, Facets]] = WeakKeyDictionary()


def everything(snapshot: Snapshot, limit: int = LIMIT) -> Facets:
    """The counts of all live documents; counted once for each commit."""
    known = _everything.setdefault(snapshot, {})
    found = known.get(limit)
    if found is None:
        documents = [np.flatnonzero(part.live) for part in snapshot.parts]
        found = known[limit] = facets(snapshot, documents, Selection(), limit)
    return found


def _facet(name: str, values: Column, counts: Array, chosen: tuple[str, ...], limit: int) -> Facet:
    given = np.flatnonzero(counts)
    if len(given) and not values.values[int(given[0])]:
        given = given[1:]  # "" comes first, and is no value
    best = given[np.lexsort((given, -counts[given]))][:limit].tolist()
    shown = [Count(values.values[n], int(counts[n])) for n in best]
    places = {value: n for n, value in enumerate(values.values)} if chosen else {}
    first = [Count(c, int(counts[places[c]]) if c in places else 0, True) for c in chosen]
    first.sort(key=lambda each: -each.count)
    rest = [each for each in shown if each.value not in chosen]
    known = len(given) - sum(each.count > 0 for each in first)
    return Facet(name, (*first, *rest), max(0, known - len(rest)))


def _count(docs: Array, codes: Array, counts: Array) -> None:
    """Adds to the counts of values how many of some documents have each."""
    if compiled.kernels:
        compiled.kernels.count_values(docs.astype(np.int64, copy=False), codes, counts)
    else:
        counts += np.bincount(codes.take(docs), minlength=len(counts))


def _years(values: Column, counts: Array) -> tuple[Bar, ...]:
    firsts, lasts = values.years
    dated = (counts > 0) & (firsts <= lasts)
    if not dated.any():
        return ()
    firsts, lasts, counts = firsts[dated], lasts[dated], counts[dated]
    low, high = int(firsts.min()), int(lasts.max())
    fitting = (w for w in _WIDTHS if high // w - low // w < _MOST_BARS)
    width = next(fitting, (high - low) // _MOST_BARS + 1)
    begin = low // width
    bars = high // width - begin + 1
    # Each date adds one from its first bar on and takes it away after its last.
    steps = np.bincount(firsts // width - begin, weights=counts, minlength=bars + 1)
    steps -= np.bincount(lasts // width - begin + 1, weights=counts, minlength=bars + 1)
    heights = np.cumsum(steps)[:bars].astype(np.int64).tolist()
    return tuple(
        Bar((begin + n) * width, (begin + n + 1) * width - 1, height)
        for n, height in enumerate(heights)
    )
