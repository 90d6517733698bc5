"""The lexicon of a segment: its distinct words and the tables by which they are related.

Word ids number the words so that forms of one word stand together (in the order of their main
key); their postings lie in that order too, so that a class of forms is one stretch. Words are
also kept in the order of their UTF-8 bytes, for cursors and prefixes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import regex

from . import compiled
from .arrayfile import Array, ArrayFile
from .folding import folds
from .hashing import UInt64Array
from .hashtable import HashTable, read_table
from .keytables import KeyTables
from .relations import FOLDED, FOREIGN, WordKeys, key_hashes
from .spelling import GRAM_BITS
from .stretches import distinct, order_of_small, pieces
from .strings import Strings, edges

#: In the place of one of a word's keys: the FOLDED hash.
AS_FOLDED = 255
_WILDCARDS = {"*": ".*", "?": "."}
# A byte that no UTF-8 has: what begins with a prefix comes before the prefix with this behind it.
_LAST = b"\xff"
# Of so many words one must be found before it is quicker to mark them than to sort them.
_MARKED = 64
# Of so many words one is kept at hand, to begin a search with.
_STEP = 256
# What words whose keys are not asked for have for a number.
_OTHERS = np.uint32(2**32 - 1)


class _Ascending:
    """Strings in the order of bytes."""

    def __init__(self, blob: Array, offsets: Array) -> None:
        self.blob, self.offsets = blob, offsets
        # Python reads single items of these several times sooner than those of arrays.
        self._bytes, self._edges = blob.data, offsets.data

    def at(self, rank: int) -> bytes:
        """The string of that place."""
        return bytes(self._bytes[self._edges[rank] : self._edges[rank + 1]])

    def place(self, word: bytes) -> int:
        """The place of the first string that is not before a word."""
        if compiled.kernels:
            return compiled.kernels.place(self.blob, self.offsets, word)
        step = bisect_left(self._steps, word)
        low, high = max(0, step - 1) * _STEP, min(step * _STEP, len(self.offsets) - 1)
        return low + bisect_left(range(low, high), word, key=self.at)

    @cached_property
    def _steps(self) -> list[bytes]:
        """Every so many strings, so that a search need not go through the file for each half."""
        return [self.at(rank) for rank in range(0, len(self.offsets) - 1, _STEP)]


class Lexicon:
    """The lexicon of a segment, mapped from its file."""

    def __init__(self, file: ArrayFile) -> None:
        self.file = file
        self._words = _Ascending(file["words.blob"], file["words.offsets"])
        self._ids = file["words.ids"]
        self._ranks = file["words.ranks"]
        #: The EXACT hash of each word, by which it is the same word in every segment.
        self.identities: UInt64Array = file["identities"]
        #: The languages of the paragraphs where each word stood, a bit for each of LANGUAGES.
        self.masks = file["masks"]

    def __len__(self) -> int:
        return len(self._ids)

    def keys(self, numbers: Array, words: Sequence[str] | Strings) -> WordKeys:
        """The keys of some words (ids ascending), as they were found out when first written."""
        keys, rests = self.key_table, self.rest_table
        known = np.full(len(self), _OTHERS, np.uint32)
        known[numbers] = np.arange(len(numbers))
        rows, owners = _by_word(known, keys.words)
        of_rests, rest_owners = _by_word(known, rests.words)
        folded, hashes = folds(Strings.of(words))[0], keys.hashes_of(rows)
        # A class is one of the word's keys, or that of its folded form.
        places = self.file["classes"][numbers]
        firsts = edges(np.bincount(owners, minlength=len(numbers)))
        among = np.flatnonzero(places != AS_FOLDED)
        as_folded = np.flatnonzero(places == AS_FOLDED)
        classes = np.empty(len(numbers), np.uint64)
        classes[among] = hashes[firsts[among] + places[among]]
        classes[as_folded] = key_hashes(folded.take(as_folded), FOLDED)
        return WordKeys(
            folded,
            hashes,
            owners,
            rests.hashes_of(of_rests),
            rest_owners,
            rests.checks[of_rests],
            classes.reshape(1, len(numbers)),
            np.full(len(numbers), FOREIGN, np.uint8),  # what counts was decided when first written
        )

    def at(self, rank: int) -> bytes:
        """The word of that place in the order of UTF-8 bytes."""
        return self._words.at(rank)

    def id_at(self, rank: int) -> int:
        """The id of the word of that place."""
        return int(self._ids[rank])

    def word(self, number: int) -> str:
        """The word with that id."""
        return self.at(int(self._ranks[number])).decode()

    def words_of(self, numbers: Array) -> Strings:
        """The words with those ids, all at once."""
        ranks = self._ranks[numbers].astype(np.int64)
        starts, ends = (self._words.offsets[ranks + n].astype(np.int64) for n in (0, 1))
        encoded = pieces(self._words.blob, starts, ends)
        return Strings.decoded(encoded, ends - starts)

    def rank_of(self, prefix: bytes) -> int:
        """The place of the first word that is not before the prefix."""
        return self._words.place(prefix)

    def find(self, word: bytes) -> int:
        """The id of a word, or -1."""
        rank = self.rank_of(word)
        return self.id_at(rank) if rank < len(self) and self.at(rank) == word else -1

    def between(self, start: bytes, end: bytes) -> Array:
        """The ids of the words from one on up to another, in the order of UTF-8 bytes."""
        return self._ids[self.rank_of(start) : self.rank_of(end)]

    def having(self, keys: UInt64Array) -> tuple[Array, Array]:
        """The words that have any of the keys.

        Returns:
            Parallel arrays: the word's id, the place of its key in `keys`.
        """
        return self._by_key.having(keys)

    @cached_property
    def _by_key(self) -> KeyTables:
        return KeyTables([self.key_table])

    @property
    def key_table(self) -> HashTable:
        """The words of all keys."""
        return read_table(self.file, "keys")

    @property
    def rest_table(self) -> HashTable:
        """The same of words without their proclitics, with the FOLDED hash of each rest."""
        return read_table(self.file, "rests")

    @property
    def deletion_table(self) -> HashTable:
        """The words by what is left of them without one letter."""
        return read_table(self.file, "deletions")

    @property
    def gram_table(self) -> tuple[Array, Array, Array, Array, Array]:
        """The 3-grams, ascending; where the words of each begin, and these words, ascending for
        each; by word, how many grams it has, and its identity."""
        file = self.file
        codes, starts, words = file["grams.codes"], file["grams.starts"], file["grams.words"]
        return codes, starts, words, file["grams.counts"], self.identities

    @property
    def dictionary(self) -> tuple[Array, ...]:
        """What patterns are looked for in (LEXICON in kernels/held.h)."""
        folded = (self.file[f"folded.{name}"] for name in ("blob", "offsets", "ids"))
        words = self._words
        return words.blob, words.offsets, self._ids, self._ranks, *folded

    @property
    def changed(self) -> Array:
        """The ids of the words that folding changes, in no order."""
        return self.file["folded.ids"]

    def matching(self, pattern: str) -> Array:
        """The ids of the words whose folded form fits a folded pattern, ascending. (`Lexicons` does
        this with compiled kernels.)

        Args:
            pattern: `*` stands for any letters and `?` for any one.
        """
        prefix = head_of(pattern)
        places, folded = self._range(prefix), self._folded_range(prefix)
        if is_prefix(pattern):
            return self._distinct(self._ids[slice(*places)], self.changed[slice(*folded)])
        ranks = _matching(self._words, pattern, places)
        forms = _matching(self._folded, pattern, folded)
        # What fits as it is written may fit no longer when it is folded, so no word is there twice.
        whole = self._ids[ranks]
        return np.sort(np.concatenate([whole[~self._changed[whole]], self.changed[forms]]))

    @cached_property
    def _changed(self) -> Array:
        """Which words (bool) folding changes."""
        changed = np.zeros(len(self), bool)
        changed[self.changed] = True
        return changed

    def _distinct(self, *ids: Array) -> Array:
        """The ids among several, ascending."""
        if sum(map(len, ids)) * _MARKED < len(self):
            return distinct(np.concatenate(ids))
        among = np.zeros(len(self), bool)
        for some in ids:
            among[some] = True
        return among.nonzero()[0].astype(np.uint32)

    def _range(self, prefix: str) -> tuple[int, int]:
        """The ranks of the words that begin with a prefix: the first, and one past the last."""
        start = prefix.encode()
        return self.rank_of(start), self.rank_of(start + _LAST)

    def beginning_with(self, prefix: str) -> Array:
        """The ids of the words whose folded form begins with a folded prefix, in no order."""
        first, last = self._range(prefix)
        begin, end = self._folded_range(prefix)
        forms = self.file["folded.ids"][begin:end]
        # Written otherwise, a word may begin so as well.
        ranks = self._ranks[forms]
        return np.concatenate([self._ids[first:last], forms[(ranks < first) | (ranks >= last)]])

    @cached_property
    def alphabet(self) -> list[str]:
        """The letters of its words."""
        letters = self.file["grams.codes"] >> np.uint64(GRAM_BITS) & np.uint64((1 << GRAM_BITS) - 1)
        return [chr(code) for code in distinct(letters).tolist()]

    def _folded_range(self, prefix: str) -> tuple[int, int]:
        """The same among the forms of those words that folding changes."""
        start = prefix.encode()
        return self._folded.place(start), self._folded.place(start + _LAST)

    @cached_property
    def _folded(self) -> _Ascending:
        return _Ascending(self.file["folded.blob"], self.file["folded.offsets"])


def _by_word(known: Array, words: Array) -> tuple[Array, Array]:
    """Rows of a table in the order of their words, and the number of each one's word.

    Args:
        known: the number of each word of the lexicon, _OTHERS for those whose rows are left out.
        words: of each row.
    """
    numbers = known[words]
    rows = np.flatnonzero(numbers != _OTHERS)
    numbers = numbers[rows]
    order = order_of_small(numbers)
    return rows[order], numbers[order]


def head_of(pattern: str) -> str:
    """The letters before the first wildcard of a pattern."""
    return pattern.partition("*")[0].partition("?")[0]


def is_prefix(pattern: str) -> bool:
    """Whether a pattern is letters and a star behind them."""
    return pattern == f"{head_of(pattern)}*"


def _matching(strings: _Ascending, pattern: str, places: tuple[int, int]) -> Array:
    """Those of some places, from one on up to another, whose string fits a pattern."""
    blob, offsets = strings.blob, strings.offsets
    first, last = places
    if first >= last:
        return np.zeros(0, np.int64)
    literals = pattern.replace("?", "*").split("*")
    borders = offsets[first : last + 1].astype(np.int64)
    starts, ends = borders[:-1], borders[1:]
    least = len("".join(literals).encode()) + pattern.count("?")
    found = (ends - starts >= least).nonzero()[0]
    behind = ends.take(found)
    for back, byte in enumerate(reversed(literals[-1].encode()), 1):
        fits = (blob.take(behind - back) == byte).nonzero()[0]
        found, behind = found.take(fits), behind.take(fits)
    if pattern.count("*") == len(pattern) - len(literals[0]) - len(literals[-1]) == 1:
        return found + first  # the beginning they have in common
    parts = (_WILDCARDS.get(letter) or regex.escape(letter) for letter in pattern)
    fits = regex.compile("".join(parts), regex.DOTALL).fullmatch
    edges = zip(starts[found].tolist(), ends[found].tolist(), strict=True)
    wanted = [fits(str(blob.data[start:end], "utf-8")) is not None for start, end in edges]
    return found[np.array(wanted, bool)] + first
