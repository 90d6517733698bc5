"""What numpy lacks: gathering many stretches of an array at once, distinct values by sorting."""

from __future__ import annotations

import numpy as np

from .arrayfile import Array


def stretches(values: Array, starts: Array, ends: Array) -> tuple[Array, Array]:
    """The values of several stretches one after another, and which stretch each is of.

    Raises IndexError when a stretch is not one of the values: a number on disk was altered.
    """
    if len(ends) and (int(ends.max()) > len(values) or (ends < starts).any()):
        raise IndexError(f"a stretch is not within {len(values):,} values")
    if len(starts) == 1:
        piece = values[int(starts[0]) : int(ends[0])]
        return piece, np.zeros(len(piece), np.int64)
    places, which = places_of(starts, ends)
    return values[places], which


def places_of(starts: Array, ends: Array) -> tuple[Array, Array]:
    """The places of several stretches one after another, and which stretch each is of."""
    lengths = ends - starts
    which = np.arange(len(starts)).repeat(lengths)
    before = lengths.cumsum() - lengths
    return np.arange(len(which)) + (starts - before).repeat(lengths), which


def distinct(values: Array) -> Array:
    """The distinct values in ascending order. numpy's own way hashes, which takes many times
    longer than its sorting of whole numbers."""
    values = np.sort(values)
    if not len(values):
        return values
    return values[np.append(True, values[1:] != values[:-1])]
