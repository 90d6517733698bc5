"""The lexicons of several segments, looked up as one (`keytables` says what tells a word)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from . import compiled
from .arrayfile import Array
from .detect import script_of
from .folding import folds
from .hashing import UInt64Array
from .keytables import KeyTables, Values
from .lexicon import Lexicon, is_prefix
from .prefixes import almost, heads_almost, told_by_heads, words_between
from .stretches import distinct
from .strings import Strings

_NONE = np.zeros(0, bool)
# Of lexicons that may have words in common, one word in so many is looked at.
_SAMPLE = 256


def about_different(lexicons: Sequence[Lexicon]) -> int:
    """About how many different words lexicons hold together; of a million, one percent more or
    less. It is exact for one."""
    if len(lexicons) == 1:
        return len(lexicons[0])
    chosen = [each.identities[each.identities % np.uint64(_SAMPLE) == 0] for each in lexicons]
    return len(distinct(np.concatenate(chosen))) * _SAMPLE


class Lexicons:
    """Looks words up in all lexicons at once.

    Attributes:
        bases: the number of the first word of each lexicon, and behind them how many words there
            are (int64).
    """

    def __init__(self, lexicons: Sequence[Lexicon]) -> None:
        self._all = tuple(lexicons)
        self.bases = np.cumsum([0, *map(len, self._all)])

    @cached_property
    def keys(self) -> KeyTables:
        """Words by all their keys."""
        return KeyTables((lexicon.key_table for lexicon in self._all), self.bases)

    @cached_property
    def rests(self) -> KeyTables:
        """Words by the stems behind their proclitics, with the FOLDED hash of each rest."""
        return KeyTables((lexicon.rest_table for lexicon in self._all), self.bases)

    @cached_property
    def deletions(self) -> KeyTables:
        """Words by what is left of them without one letter (`spelling.deletion_table`)."""
        return KeyTables((lexicon.deletion_table for lexicon in self._all), self.bases)

    @cached_property
    def identities(self) -> Values:
        """By which words are the same in every lexicon (`Lexicon.identities`)."""
        return self.values(lambda lexicon: lexicon.identities)

    @cached_property
    def masks(self) -> Values:
        """The languages that words were seen in, as each lexicon has it (`Lexicon.masks`)."""
        return self.values(lambda lexicon: lexicon.masks)

    def values(self, array: Callable[[Lexicon], Array]) -> Values:
        """Whole numbers, of which each lexicon has one for each word."""
        return Values(map(array, self._all), self.bases)

    @cached_property
    def gram_tables(self) -> tuple[tuple[Array, Array, Array, Array, Array], ...]:
        """`Lexicon.gram_table` of each."""
        return tuple(lexicon.gram_table for lexicon in self._all)

    @cached_property
    def held_grams(self) -> Any:
        """The same as compiled kernels take them."""
        assert compiled.kernels
        return compiled.kernels.hold(self.gram_tables, "u8 u* u4 u1 u8")

    def fitting(self, pattern: str) -> Array:
        """The numbers of the words whose folded form fits a folded pattern, ascending (int64).

        Args:
            pattern: `*` stands for any letters and `?` for any one.
        """
        if compiled.kernels:
            changed = _NONE if is_prefix(pattern) else self._changed
            found = compiled.kernels.fitting(
                self._dictionaries, self.bases, pattern.encode(), changed
            )
            return np.frombuffer(found, np.int64)
        return self.numbers([each.matching(pattern).astype(np.int64) for each in self._all])

    @cached_property
    def _dictionaries(self) -> Any:
        """`Lexicon.dictionary` of each, as compiled kernels take them."""
        assert compiled.kernels
        dictionaries = tuple(lexicon.dictionary for lexicon in self._all)
        return compiled.kernels.hold(dictionaries, "u1 u* u4 u4 u1 u* u4")

    @cached_property
    def _changed(self) -> Array:
        """Which words (bool) folding changes."""
        changed = np.zeros(int(self.bases[-1]), bool)
        for lexicon, base in zip(self._all, self.bases.tolist(), strict=False):
            changed[base:][lexicon.changed] = True
        return changed

    def together(self, numbers: Array, values: Array, add: np.ufunc) -> Array:
        """What words have in all lexicons together, added up by `add`; each word is given with all
        its numbers."""
        if len(self._all) == 1 or not len(numbers):
            return values
        identities: UInt64Array = self.identities.of(numbers)
        order = identities.argsort()
        ordered = identities[order]
        new = np.append(True, ordered[1:] != ordered[:-1])
        found = np.empty_like(values)
        found[order] = add.reduceat(values[order], new.nonzero()[0])[new.cumsum() - 1]
        return found

    def ids_of(self, identities: UInt64Array) -> Array:
        """The id in each lexicon of some different words, given by their identities: one row for
        each lexicon (int64), -1 where the word is not there."""
        numbers, which = self.keys.having(identities)
        same = self.identities.of(numbers) == identities[which]
        numbers, which = numbers[same], which[same]
        own = self.bases.searchsorted(numbers, "right") - 1
        ids = np.full((len(self._all), len(identities)), -1, np.int64)
        ids[own, which] = numbers - self.bases[own]
        return ids

    def beginning_almost_as(self, prefix: str) -> list[Array]:
        """The ids in each lexicon of the words whose folded form begins as a folded prefix or one
        edit away from it (a letter added, left out, replaced, or two neighbours swapped),
        ascending."""
        script = script_of(prefix)
        alphabet = [each for each in self._alphabet if script_of(each) == script]
        ranges = heads_almost(prefix, alphabet)
        found = [words_between(lexicon.file, *ranges) for lexicon in self._all]
        if not found or told_by_heads(prefix, alphabet):
            return found
        pairs = zip(self._all, found, strict=True)
        spelt = Strings.joined([lexicon.words_of(ids) for lexicon, ids in pairs])
        kept = np.split(almost(prefix, folds(spelt)[0]), np.cumsum([*map(len, found)])[:-1])
        return [ids[there] for ids, there in zip(found, kept, strict=True)]

    @cached_property
    def _alphabet(self) -> list[str]:
        """The letters of all words."""
        return sorted({letter for lexicon in self._all for letter in lexicon.alphabet})

    def word(self, number: int) -> str:
        """The word of a number."""
        own = int(self.bases.searchsorted(number, "right")) - 1
        return self._all[own].word(number - self.bases.item(own))

    def numbers(self, ids: Sequence[Array]) -> Array:
        """The numbers of some words of each lexicon, lexicon by lexicon."""
        pairs = zip(ids, self.bases.tolist(), strict=False)
        return np.concatenate([np.zeros(0, np.int64), *(own + base for own, base in pairs)])

    def split(self, numbers: Array) -> list[Array]:
        """The ids in each lexicon of some words, given lexicon by lexicon."""
        edges = numbers.searchsorted(self.bases).tolist()
        return [
            numbers[begin:end] - base
            for begin, end, base in zip(edges, edges[1:], self.bases.tolist(), strict=False)
        ]
