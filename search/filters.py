"""Documents by their metadata: language, source, collection, creator, date."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.folding import casefold_key, fold
from ..indexer.values import Values
from .snapshot import Part


def matching_documents(part: Part, field: str, value: str) -> Array:
    """The documents of a segment whose metadata fits, ascending.

    A language fits when it is the document's main one; a date when it lies in the one asked for
    or the other way round (1944 and 1944-11-14, 1943/1945 and 1944); anything else when it
    contains the value, whatever the case and the accents.
    """
    values = part.files.values[field]
    if field == "language":
        return values.docs_of(value)
    if field == "date":
        wanted = _years(value)
        return _union(values, lambda text: _dates_meet(text, value, wanted))
    needle = fold(casefold_key(value))
    return _union(values, lambda text: bool(text) and needle in fold(casefold_key(text)))


def _union(values: Values, fits: Callable[[str], bool]) -> Array:
    lists = [values.docs(code) for code in range(len(values)) if fits(values.at(code).decode())]
    return np.unique(np.concatenate(lists)) if lists else np.zeros(0, np.uint32)


def _years(date: str) -> tuple[str, str]:
    start, _, end = date.partition("/")
    return start, end or start


def _dates_meet(date: str, value: str, wanted: tuple[str, str]) -> bool:
    if not date:
        return False
    first, last = _years(date)
    # EDTF dates of different precision compare as far as both go.
    starts_late = first[: len(wanted[1])] > wanted[1][: len(first)]
    ends_early = last[: len(wanted[0])] < wanted[0][: len(last)]
    return not starts_late and not ends_early
