"""What numpy lacks: gathering many stretches of an array at once, distinct values by sorting."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from . import compiled
from .arrayfile import Array

# Fewer values are soonest sorted by numpy.
_MANY = 1024
# So many numbers are worked on at a time where a whole array of them would be large.
_AT_A_TIME = 1 << 18
# Places of so many stretches are held at a time where nothing is compiled.
_STRETCHES = 1 << 14
# Numbers are counted where the largest is below so many for each.
_SPARSE = 4
_NOWHERE = np.zeros(0, np.int64)
_NOTHING = np.zeros(0, np.int64)
_NO_BITS = np.uint64(0)


def stretches(values: Array, starts: Array, ends: Array) -> tuple[Array, Array]:
    """The values of several stretches one after another, and which stretch each is of.

    Raises IndexError when a stretch is not one of the values: a number on disk was altered.
    """
    _check(values, starts, ends)
    if len(starts) == 1:
        piece = values[int(starts[0]) : int(ends[0])]
        return piece, np.zeros(len(piece), np.int64)
    if compiled.kernels:
        gathered = np.empty(int(ends.sum()) - int(starts.sum()), values.dtype)
        which = np.empty(len(gathered), np.int64)
        compiled.kernels.gather(values, starts, ends, gathered, which)
        return gathered, which
    return values[places_of(starts, ends)], owners_of(starts, ends)


def pieces(values: Array, starts: Array, ends: Array) -> Array:
    """The values of several stretches one after another.

    Raises IndexError as `stretches` does.
    """
    _check(values, starts, ends)
    gathered = np.empty(int(ends.sum()) - int(starts.sum()), values.dtype)
    if compiled.kernels:
        compiled.kernels.gather(values, starts, ends, gathered, _NOTHING)
        return gathered
    done = 0
    for first in range(0, len(starts), _STRETCHES):
        places = places_of(starts[first : first + _STRETCHES], ends[first : first + _STRETCHES])
        gathered[done : done + len(places)] = values[places]
        done += len(places)
    return gathered


def _check(values: Array, starts: Array, ends: Array) -> None:
    if len(ends) and (int(ends.max()) > len(values) or (ends < starts).any()):
        raise IndexError(f"a stretch is not within {len(values):,} values")


def places_of(starts: Array, ends: Array) -> Array:
    """The places of several stretches one after another."""
    lengths = ends - starts
    before = lengths.cumsum() - lengths
    places = (starts - before).repeat(lengths)
    places += np.arange(len(places))
    return places


def owners_of(starts: Array, ends: Array) -> Array:
    """Which stretch each of these places is of."""
    return np.arange(len(starts)).repeat(ends - starts)


def among(values: Array, ascending: Array) -> Array:
    """Which of some values (bool) are among others, which are in ascending order."""
    if not len(ascending):
        return np.zeros(len(values), bool)
    # Behind the last, the last is looked at.
    return ascending.take(ascending.searchsorted(values), mode="clip") == values


def locate(ascending: Array, values: Array) -> tuple[Array, Array]:
    """Where each of some values would stand in a list, and the places of those that do."""
    if not len(ascending):
        return _NOWHERE, _NOWHERE
    at = ascending.searchsorted(values)
    return at, (ascending.take(at, mode="clip") == values).nonzero()[0]


def distinct(values: Array) -> Array:
    """The distinct values in ascending order. numpy's own way hashes, which takes many times
    longer than its sorting of whole numbers."""
    values = values.copy()
    ascend(values)
    if not len(values):
        return values
    new = np.empty(len(values), bool)
    new[0] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return values[new]


def ascend(values: Array) -> None:
    """Puts values in ascending order where they stand."""
    if compiled.kernels and len(values) >= _MANY and values.dtype == np.uint64:
        compiled.kernels.sort(values)
    else:
        values.sort()


def order_of_small(values: Array) -> Array:
    """The places (int64) of whole numbers below 2³² in ascending order, of equal ones the earlier
    first; fewer than 2³² of them."""
    most = int(values.max(initial=0))
    if compiled.kernels and values.dtype == np.uint32 and most < _SPARSE * len(values):
        order = np.empty(len(values), np.int64)
        compiled.kernels.rank(values, np.zeros(most + 1, np.uint32), order)
        return order
    order = values.astype(np.uint64)
    order <<= np.uint64(32)
    _add_places(order)
    ascend(order)
    order &= np.uint64(0xFFFFFFFF)
    return order.view(np.int64)


def order_of(values: Array) -> Array:
    """The places of whole numbers (uint64) in ascending order, of equal ones the earlier first.

    numpy sorts numbers ten times faster than it finds their order without mixing up equal ones.
    Therefore each number gives its last bits to its place and is sorted together with it.
    """
    bits = np.uint64(len(values).bit_length())
    given = (np.uint64(1) << bits) - np.uint64(1)
    pairs = values >> bits
    pairs <<= bits
    _add_places(pairs)
    ascend(pairs)
    order = pairs.view(np.int64)
    for piece in runs(pairs, given):
        pairs[piece] &= given
        _settle(order[piece], values, bits)
    return order


def runs(ascending: Array, ignored: np.uint64 = _NO_BITS) -> Iterator[slice]:
    """Portions of an ascending array (uint64), one after another. Numbers that are equal but for
    the bits that are ignored stand in the same one."""
    start = 0
    while start < len(ascending):
        rest = ascending[start:]
        last = rest[min(_AT_A_TIME, len(rest)) - 1] | ignored
        end = start + int(rest.searchsorted(last, "right"))
        yield slice(start, end)
        start = end


def _settle(order: Array, values: Array, bits: np.uint64) -> None:
    """Puts places in order that are so but for the last bits of the values there."""
    ordered = values[order]
    wrong = np.flatnonzero(ordered[1:] < ordered[:-1])
    if not len(wrong):
        return
    heads = ordered >> bits
    mixed = heads[wrong]
    mixed = mixed[np.append(True, mixed[1:] != mixed[:-1])]
    places = places_of(*(heads.searchsorted(mixed, side) for side in ("left", "right")))
    order[places] = order[places[np.argsort(ordered[places], kind="stable")]]


def _add_places(pairs: Array) -> None:
    """Adds to each number (uint64) its place."""
    for start in range(0, len(pairs), _AT_A_TIME):
        part = pairs[start : start + _AT_A_TIME]
        part |= np.arange(start, start + len(part), dtype=np.uint64)
