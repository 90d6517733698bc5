"""What numpy lacks: gathering many stretches of an array at once, distinct values by sorting."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def stretches(values: Array, starts: Array, ends: Array) -> tuple[Array, Array]:
    """The values of several stretches one after another, and which stretch each is of.

    Raises IndexError when a stretch is not one of the values: a number on disk was altered.
    """
    if len(ends) and (int(ends.max()) > len(values) or (ends < starts).any()):
        raise IndexError(f"a stretch is not within {len(values):,} values")
    lengths = ends - starts
    which = np.repeat(np.arange(len(starts)), lengths)
    if not len(which):
        return values[:0], which
    before = np.cumsum(lengths) - lengths
    return values[np.arange(len(which)) + np.repeat(starts - before, lengths)], which


def distinct(values: Array) -> Array:
    """The distinct values in ascending order. numpy's own way hashes, which takes many times
    longer than its sorting of whole numbers."""
    values = np.sort(values)
    if not len(values):
        return values
    return values[np.append(True, values[1:] != values[:-1])]
