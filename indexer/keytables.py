"""Tables of hashes and words of several lexicons, looked up as one.

A word of a lexicon is told by one number: its id there, and before it the words of the lexicons
that come before. A word that several lexicons hold has a number in each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import numpy as np

from . import compiled
from .arrayfile import Array
from .hashing import UInt64Array
from .hashtable import HashTable

_NO_CHECKS = np.zeros(0, np.uint64)
_FROM_0 = np.zeros(2, np.int64)


class KeyTables:
    """Finds words by hashes, of which as many bits count as tables tell.

    Args:
        bases: for each table the number of its lexicon's first word (int64).
    """

    def __init__(self, tables: Iterable[HashTable], bases: Array = _FROM_0) -> None:
        self._tables, self._bases = tuple(tables), bases

    @cached_property
    def _held(self) -> Any:
        assert compiled.kernels
        return compiled.kernels.hold(self._tables, "u4 u* u* u8")

    def having(self, keys: UInt64Array) -> tuple[Array, Array]:
        """The words that have any of the keys.

        Returns:
            Parallel arrays, table by table (int64): the word's number, the place of its key in
            `keys`.
        """
        numbers, _, which = self.having_checked(keys)
        return numbers, which

    def having_checked(self, keys: UInt64Array) -> tuple[Array, UInt64Array, Array]:
        """The same with the check of each row between them, where the tables have any."""
        if compiled.kernels:
            numbers, checks, which = compiled.kernels.having(self._held, keys, self._bases)
            words, places = np.frombuffer(numbers, np.int64), np.frombuffer(which, np.int64)
            return words, np.frombuffer(checks, np.uint64), places
        found, checked, of_key = [_NO_NUMBERS], [_NO_CHECKS], [_NO_NUMBERS]
        for table, base in zip(self._tables, self._bases.tolist(), strict=False):
            rows, which = table.rows(keys)
            found.append(table.words_of(rows).astype(np.int64) + base)
            if len(table.checks):
                checked.append(table.checks[rows])
            of_key.append(which)
        return np.concatenate(found), np.concatenate(checked), np.concatenate(of_key)

    def hold(self, keys: UInt64Array) -> Array:
        """For each key whether any word has it (bool)."""
        if compiled.kernels:
            return np.frombuffer(compiled.kernels.holds(self._held, keys), bool)
        held = np.zeros(len(keys), bool)
        held[self.having(keys)[1]] = True
        return held


class Values:
    """Whole numbers that words of lexicons have.

    Args:
        arrays: for each lexicon those of its words.
        bases: the number of the first word of each lexicon, and behind them how many words there
            are (int64).
    """

    def __init__(self, arrays: Iterable[Array], bases: Array) -> None:
        self._arrays, self._bases = tuple(arrays), bases

    @cached_property
    def held(self) -> Any:
        """The arrays, as compiled kernels take them."""
        assert compiled.kernels
        return compiled.kernels.hold(tuple((array,) for array in self._arrays), "u*")

    def of(self, numbers: Array) -> UInt64Array:
        """What some words have (uint64)."""
        if compiled.kernels:
            found = compiled.kernels.of_words(self.held, self._bases, numbers)
            return np.frombuffer(found, np.uint64)
        return self._looked_up(numbers, np.uint64, lambda array, ids: array[ids])

    def steps(self, numbers: Array) -> Array:
        """How much more what stands behind some words is than what they have (int64), where each
        lexicon has one value more than words: of where their stretches begin, how long they are."""
        if compiled.kernels:
            return np.frombuffer(compiled.kernels.steps(self.held, self._bases, numbers), np.int64)
        return self._looked_up(numbers, np.int64, lambda array, ids: array[ids + 1] - array[ids])

    def _looked_up(
        self, numbers: Array, dtype: type, look_up: Callable[[Array, Array], Array]
    ) -> Array:
        """What is looked up for some words by their ids in the array of their lexicon."""
        if len(numbers) and int(numbers.max()) >= self._bases[-1]:
            raise IndexError("a word is not within the lexicons")
        found = np.zeros(len(numbers), dtype)
        of_number = self._bases.searchsorted(numbers, "right") - 1
        for n, array in enumerate(self._arrays):
            own = of_number == n
            found[own] = look_up(array, numbers[own] - self._bases[n])
        return found


_NO_NUMBERS = np.zeros(0, np.int64)
