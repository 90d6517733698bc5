"""The words that a process has met, and what is known of each: found out once, used for every
segment that it writes."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from .arrayfile import Array
from .relations import WordKeys, joined, word_keys
from .words import plain_word, words

# Longer stretches without a space are not remembered: noise, mostly, and each another.
_MEMORABLE = 64
# Signs that stand around words and are part of none; cut off, most stretches are known already.
_AROUND = '.,;:!?()[]{}"«»“”„‹›…-–—/*،؛؟۔'
# About how much memory a stretch, and a word with its keys, takes up, in bytes.
_CHUNK_BYTES, _WORD_BYTES = 170, 350
# Stretches are forgotten when they take more than this.
_MAX_CHUNK_BYTES = 80 * 1024 * 1024


class Vocabulary(dict[str, int]):
    """Numbers the stretches between spaces, and the words that each one gives.

    Splitting at spaces is many times faster than matching words, and most stretches are seen again
    and again, so that the words of each are found only once.
    """

    def __init__(self) -> None:
        super().__init__()
        #: The number of each word.
        self.words: dict[str, int] = {}
        self._of_chunk = array("I")
        self._ends = array("I")
        self._keys: WordKeys | None = None

    def __missing__(self, chunk: str) -> int:
        bare = chunk.strip(_AROUND)
        if bare != chunk and (known := self.get(bare)) is not None:
            start, end = self._ends[known - 1] if known else 0, self._ends[known]
            self._of_chunk.extend(self._of_chunk[start:end])
        else:
            numbers = self.words
            if word := plain_word(bare):
                self._of_chunk.append(numbers.setdefault(word, len(numbers)))
            else:
                for word in words(bare):
                    self._of_chunk.append(numbers.setdefault(word, len(numbers)))
        number = len(self._ends)
        self._ends.append(len(self._of_chunk))
        if len(chunk) <= _MEMORABLE:
            self[chunk] = number
        return number

    def trim(self) -> None:
        """Forgets stretches when they are many; words, whose keys cost more to find out, are kept.
        Only between segments, since numbers of stretches are given anew."""
        if _CHUNK_BYTES * len(self._ends) > _MAX_CHUNK_BYTES:
            self.clear()
            self._of_chunk, self._ends = array("I"), array("I")

    @property
    def words_memory(self) -> int:
        """About how many bytes the words and their keys take up."""
        return _WORD_BYTES * len(self.words)

    @property
    def memory(self) -> int:
        """About how many bytes it takes up."""
        return _CHUNK_BYTES * len(self._ends) + self.words_memory

    def chunk_words(self) -> tuple[Array, Array, Array]:
        """The numbers of the words of all stretches, and where those of each begin and end."""
        ends = np.array(self._ends, np.int64)
        starts = np.append(0, ends[:-1]) if len(ends) else ends
        return np.array(self._of_chunk, np.uint32), starts, ends

    def keys(self, numbers: Array) -> tuple[Sequence[str], WordKeys]:
        """Some words, by their numbers (ascending), and their keys."""
        spelt = list(self.words)
        if self._keys is None:
            self._keys = word_keys(spelt)
        elif len(self._keys.folded) < len(spelt):
            self._keys = joined([self._keys, word_keys(spelt[len(self._keys.folded) :])])
        return [spelt[number] for number in numbers.tolist()], self._keys.of(numbers)
