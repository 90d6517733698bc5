"""Stable 64-bit hashes of many short strings at once.

A lexicon relates words by the hashes of their keys. The function is multilinear, as in Lemire and
Kaser, "Strongly universal string hashing is fast" (2014): the sum of code point × a fixed random
odd number per place, modulo 2⁶⁴, then mixed. Being a sum, the hash of a word with one letter left
out comes from prefix sums, which makes the deletion index cheap to build.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import mul
from typing import Any

import numpy as np

from . import compiled
from .strings import Strings

UInt64Array = np.ndarray[Any, np.dtype[np.uint64]]
Int64Array = np.ndarray[Any, np.dtype[np.int64]]

#: Places beyond this many share their multipliers with earlier ones; words are shorter.
_PLACES = 1024


def _splitmix(count: int) -> UInt64Array:
    """Random numbers that stay the same for ever (SplitMix64: Steele, Lea, Flood 2014)."""
    state = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


# An odd number that stirs all bits.
_MIXER = 0xD6E8FEB86659FD93
MULTIPLIERS = _splitmix(_PLACES) | np.uint64(1)


def mixed(sums: UInt64Array, namespace: int) -> UInt64Array:
    """The final hashes of multilinear sums, apart for each namespace."""
    hashes = sums + np.uint64(((namespace + 1) * _MIXER) & (2**64 - 1))
    hashes = (hashes ^ (hashes >> np.uint64(32))) * np.uint64(_MIXER)
    return hashes ^ (hashes >> np.uint64(32))


def terms(strings: Strings, shift: int = 0) -> UInt64Array:
    """Each code point of the strings times the multiplier of its place (moved by `shift`)."""
    places = strings.places()
    places += shift
    if int(strings.lengths.max(initial=0)) + shift > _PLACES:
        places %= _PLACES
    found = MULTIPLIERS[places]
    found *= strings.points + np.uint64(1)
    return found


def sums(strings: Strings) -> UInt64Array:
    """The multilinear sum of each string."""
    total = running_sum(terms(strings))[strings.starts]
    return total[1:] - total[:-1]


def running_sum(values: UInt64Array) -> UInt64Array:
    """Sums of all values before each place, modulo 2⁶⁴; one longer than the values."""
    total = np.zeros(len(values) + 1, np.uint64)
    np.cumsum(values, out=total[1:])
    return total


_MULTIPLIERS = MULTIPLIERS.tolist()
# The sums of so many of the first.
_SUMS = list(accumulate(_MULTIPLIERS, initial=0))
_WHOLE = 2**64 - 1
# So few strings are hashed faster one by one.
_FEW = 16


def hash_of(string: str, namespace: int = 0) -> int:
    """The hash of one string, as `hashes` gives it."""
    if compiled.kernels:
        return compiled.kernels.hash_of(string, namespace)
    total = (namespace + 1) * _MIXER
    if len(string) <= _PLACES:
        # Each code point counts one more than it is.
        total += _SUMS[len(string)] + sum(map(mul, map(ord, string), _MULTIPLIERS))
    else:
        for place, letter in enumerate(string):
            total += (ord(letter) + 1) * _MULTIPLIERS[place % _PLACES]
    total &= _WHOLE
    total = ((total ^ (total >> 32)) * _MIXER) & _WHOLE
    return total ^ (total >> 32)


def hashes(strings: Sequence[str] | Strings, namespace: int = 0) -> UInt64Array:
    """The hash of each string in a namespace (a number below 2³²)."""
    if isinstance(strings, Strings):
        return mixed(sums(strings), namespace)
    if len(strings) <= _FEW:
        return np.array([hash_of(string, namespace) for string in strings], np.uint64)
    return mixed(sums(Strings.of(strings)), namespace)
