"""Forms of words, of which only those that differ from the words are held: of most words the folded
form is the word itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .arrayfile import Array
from .strings import BATCH, Strings


class Forms:
    """A form of each word; never changed.

    Attributes:
        words: the words.
        changed: the numbers of those whose form is another string, ascending.
        others: the forms of these.
    """

    def __init__(self, words: Strings, changed: Array, others: Strings) -> None:
        self.words, self.changed, self.others = words, changed, others
        self._alphabet: Array | None = None

    @classmethod
    def of(cls, words: Strings, forms: Strings) -> Forms:
        """The same forms as are given for each word."""
        changed = np.flatnonzero(words.differ(forms))
        return cls(words, changed, forms.take(changed))

    def __len__(self) -> int:
        return len(self.words)

    @property
    def lengths(self) -> Array:
        """The number of code points of each form."""
        lengths = self.words.lengths
        lengths[self.changed] = self.others.lengths
        return lengths

    def take(self, numbers: Array) -> Strings:
        """Some of the forms, in any order."""
        taken = self.words.take(numbers)
        if not len(self.changed):
            return taken
        places = np.minimum(self.changed.searchsorted(numbers), len(self.changed) - 1)
        own = np.flatnonzero(self.changed[places] == numbers)
        return taken.replaced(own, self.others.take(places[own]))

    def batches(self, size: int = BATCH) -> Iterator[tuple[int, Strings]]:
        """The forms, so many at a time, each time with the number of the first one."""
        for first, words in self.words.batches(size):
            here, end = self.changed.searchsorted([first, first + size]).tolist()
            numbers = self.changed[here:end] - first
            yield first, words.replaced(numbers, self.others.between(here, end))

    def alphabet(self) -> Array:
        """The different code points, ascending."""
        if self._alphabet is None:
            found = [batch.alphabet() for _, batch in self.batches()]
            self._alphabet = np.unique(np.concatenate(found or [np.zeros(0, np.int64)]))
        return self._alphabet
