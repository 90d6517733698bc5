"""The postings of a field on disk: for every word id its documents, frequencies and positions.

Of one field (prefix `text.` or `title.`) there are the arrays `offsets` (where each word's postings
begin) and `blocks` (where the positions of every 32nd posting begin, so that those of any posting
are found by adding at most 31 frequencies), and packed numbers (`packed.py`, five arrays each):
`docs` (document numbers, ascending for each word; 16 bits or more, no exceptions), `freqs` (how
often the word stands in it; 4 bits or 8) and `positions` (ascending, `freqs` of them for each
posting; 8 bits or more).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from . import compiled
from .arrayfile import Array, ArrayFile, ArrayWriter
from .blobs import offset_type, offsets_of
from .packed import TYPES as PACKED
from .packed import Packed
from .packedwriter import PackedStream, WholeStream
from .stretches import locate
from .strings import edges

BLOCK = 32
#: The types of `Postings.arrays`, by which kernels know them.
TYPES = f"u* {PACKED} {PACKED} {PACKED} u*"
# So many documents differ in the 16 bits of which each has an item of its own.
_CHAPTER = 1 << 16
# So many words of text are turned into postings at a time; counting takes less memory for each than
# sorting, and goes through the whole text every time.
_AT_A_TIME = 1 << 20
_COUNTED_AT_A_TIME = 1 << 21
# Postings looked up at a time, to bound the memory of their blocks' frequencies.
_ROWS = 1 << 16
# With no more than so many others to each posting, these are read too rather than passed over.
_NEAR = 16


class Inverted(msgspec.Struct):
    """Postings in memory, in the order of word ids, then documents.

    Attributes:
        first: the lowest word id that they may be of.
        counts: postings of each word, from that one on.
        docs, freqs: one for each posting.
        positions: `freqs` of them for each posting.
    """

    first: int
    counts: Array
    docs: Array
    freqs: Array
    positions: Array


def invert(words: Array, begins: Array, count: int) -> Iterator[Inverted]:
    """Turns words in the order of the text into postings, those of some words at a time.

    Args:
        words: the id of each word of the text, or another number from `count` on for what takes up
            a place but is no word (uint32; fewer than 2³² of them).
        begins: the place of each document's first word among all (uint32).
        count: how many ids there are.
    """
    if not len(words):
        return
    postings, places = _tallied(words, begins, count)
    before = edges(places)
    first, most = 0, _COUNTED_AT_A_TIME if compiled.kernels else _AT_A_TIME
    while first < count:
        end = int(np.searchsorted(before, before[first] + most, "right")) - 1
        end = min(max(end, first + 1), count)
        if before[end] > before[first] + most or not compiled.kernels:
            yield from _sorted(words, begins, first, end - first)
        elif before[end] > before[first]:
            yield _counted(words, begins, first, postings[first:end], before[first : end + 1])
        first = end


# What is not the number of a document.
_NO_DOCUMENT = 2**32 - 1


def _tallied(words: Array, begins: Array, count: int) -> tuple[Array, Array]:
    """How many postings each id has (told only where kernels need it), and how many positions."""
    if compiled.kernels:
        seen = np.zeros((count, 4), np.uint32)
        seen[:, 0] = _NO_DOCUMENT
        compiled.kernels.tally(words, begins, seen.ravel())
        return seen[:, 1].astype(np.int64), seen[:, 2].astype(np.int64)
    places = np.zeros(count, np.int64)
    for _, some in _portions(words):
        places += np.bincount(some, minlength=count)[:count]
    return places[:0], places


def _counted(words: Array, begins: Array, first: int, counts: Array, before: Array) -> Inverted:
    """The postings of the ids from the first one on, by counting: where those of each id begin is
    known, so that each place of the text is put where it belongs in one go.

    Args:
        counts: of the postings of each id.
        before: sums of the positions of all ids before each, one longer.
    """
    assert compiled.kernels
    ends = edges(counts)
    seen = np.zeros((len(counts), 4), np.uint32)
    seen[:, 0], seen[:, 1], seen[:, 2] = _NO_DOCUMENT, ends[:-1], before[:-1] - before[0]
    postings = np.empty((int(ends[-1]), 2), np.uint32)
    positions = np.empty(int(before[-1] - before[0]), np.uint32)
    compiled.kernels.invert(
        words, begins, np.array([first], np.uint32), seen.ravel(), postings.ravel(), positions
    )
    return Inverted(first, counts, postings[:, 0], postings[:, 1], positions)


def _sorted(words: Array, begins: Array, first: int, count: int) -> Iterator[Inverted]:
    """The postings of so many ids from the first one on, by sorting."""
    # Numbers below the first one become very large ones.
    found = [
        np.uint32(start) + np.flatnonzero(some - np.uint32(first) < np.uint32(count))
        for start, some in _portions(words)
    ]
    places = np.concatenate([some.astype(np.uint32) for some in found])
    if len(places):
        for piece in _pieces(places, begins) if count == 1 else [places]:
            yield _inverted(words, begins, piece, first, count)


def _portions(words: Array) -> Iterator[tuple[int, Array]]:
    """The words, so many at a time that what is worked out of them stays small."""
    for start in range(0, len(words), _AT_A_TIME):
        yield start, words[start : start + _AT_A_TIME]


def _docs_of(places: Array, begins: Array) -> Array:
    """The document of each place (uint32): the last one that begins there or before."""
    docs = np.searchsorted(begins, places, "right")
    docs -= 1
    return docs.astype(np.uint32)


def _pieces(places: Array, begins: Array) -> list[Array]:
    """The places of one word, cut between documents where they are too many."""
    edges = places[_AT_A_TIME::_AT_A_TIME]
    return np.split(places, np.searchsorted(places, begins[_docs_of(edges, begins)]))


def _inverted(words: Array, begins: Array, places: Array, first: int, count: int) -> Inverted:
    terms = words[places] - np.uint32(first)
    if count > 1:
        # One sort of (term, place in the text) is all it takes; numpy sorts integers with vectors.
        keys = terms.astype(np.uint64)
        keys <<= np.uint64(32)
        keys |= places
        keys.sort()
        places = keys.astype(np.uint32)
        keys >>= np.uint64(32)
        terms = keys.astype(np.uint32)
        del keys
    docs = _docs_of(places, begins)
    new = np.ones(len(terms), bool)
    new[1:] = (terms[1:] != terms[:-1]) | (docs[1:] != docs[:-1])
    firsts = np.flatnonzero(new)
    return Inverted(
        first,
        np.bincount(terms[firsts], minlength=count),
        docs[firsts],
        np.diff(np.append(firsts, len(terms))),
        places - begins[docs],
    )


class PostingsWriter:
    """Streams the postings of one field into an array file, in the order of word ids."""

    def __init__(self, writer: ArrayWriter, field: str) -> None:
        self._writer, self._field = writer, field
        # Documents are read the most by far, and soonest where no exception need be looked for.
        self._docs = WholeStream(writer, f"{field}.docs", (16, 17, 18, 20, 24, 32))
        self._freqs = PackedStream(writer, f"{field}.freqs", (4, 8))
        self._positions = PackedStream(
            writer, f"{field}.positions", (8, 9, 10, 12, 16, 17, 18, 20, 24, 32)
        )
        self._blocks: list[Array] = []
        self._postings = self._placed = 0

    def append(self, docs: Array, freqs: Array, positions: Array) -> None:
        """Adds the postings that come next; they may stop in the midst of a word."""
        self._docs.append(docs)
        self._freqs.append(freqs)
        self._positions.append(positions)
        begins = np.cumsum(freqs, dtype=np.int64) - freqs + self._placed
        # A copy, since a view would keep all of them.
        self._blocks.append(begins[-self._postings % BLOCK :: BLOCK].copy())
        self._postings += len(docs)
        self._placed += len(positions)

    def close(self, counts: Array) -> None:
        """Writes what is known only at the end.

        Args:
            counts: how many postings each word has.
        """
        for stream in (self._docs, self._freqs, self._positions):
            stream.close()
        blocks = np.concatenate(self._blocks) if self._blocks else np.zeros(0, np.int64)
        self._writer.add(f"{self._field}.offsets", offsets_of(counts))
        self._writer.add(f"{self._field}.blocks", blocks.astype(offset_type(self._placed)))


class Postings:
    """The postings of one field, mapped from their file.

    Attributes:
        offsets, docs, freqs, positions: as in the module's description.
    """

    def __init__(self, file: ArrayFile, field: str) -> None:
        self.offsets = file[f"{field}.offsets"]
        self.docs, self.freqs, self.positions = (
            Packed(file, f"{field}.{name}") for name in ("docs", "freqs", "positions")
        )
        self._blocks = file[f"{field}.blocks"]

    @cached_property
    def held(self) -> Any:
        """The arrays as the compiled kernels of the search take them; taken hold of once."""
        assert compiled.kernels
        return compiled.kernels.hold((self.arrays,), TYPES)

    @property
    def arrays(self) -> tuple[Array, ...]:
        """offsets, the five arrays each of docs, freqs and positions, and blocks, as the compiled
        kernels take them."""
        packed = self.docs.arrays + self.freqs.arrays + self.positions.arrays
        return self.offsets, *packed, self._blocks

    def bounds(self, ids: Array) -> tuple[Array, Array]:
        """Where the postings of words begin and end."""
        return self.offsets[ids].astype(np.int64), self.offsets[ids + 1].astype(np.int64)

    def edges_of(self, word: int) -> tuple[int, int]:
        """The same for one word, as numbers. Raises IndexError where they are not in the file."""
        start, end = self.offsets.item(word), self.offsets.item(word + 1)
        if not start <= end <= len(self.docs):
            raise IndexError("the postings of a word are not within the file")
        return start, end

    def edges(self, ids: Array) -> list[tuple[int, int]]:
        """The same for each of a few words."""
        return list(map(self.edges_of, ids.tolist()))

    def placed_at_most(self, ids: Array) -> int:
        """No fewer positions than all postings of some words have: with those of other words in
        the blocks where they begin and end, so that no frequency is read."""
        blocks, found = self._blocks, 0
        for word in ids.tolist():
            start, end = self.edges_of(word)
            if start < end:
                last = -(-end // BLOCK)
                behind = blocks.item(last) if last < blocks.size else len(self.positions)
                found += behind - blocks.item(start // BLOCK)
        return found

    def within(self, start: int, end: int, docs: Array) -> tuple[Array, Array]:
        """Of the postings of one word those of some documents (ascending): the number of each, and
        the place of its document among these."""
        numbers, places = [], []
        for first, stop, base in self.docs.chapters(start, end):
            low = self.docs.arrays[0][first:stop]
            begin, behind = docs.searchsorted((base, base + _CHAPTER)).tolist()
            # In their own type, or the list would be copied in another one.
            at, there = locate(low, (docs[begin:behind] - base).astype(np.uint16))
            numbers.append(at[there] + first)
            places.append(there + begin)
        if len(numbers) == 1:
            return numbers[0], places[0]
        return _joined(numbers), _joined(places)

    def places(
        self, postings: Array, starts: Array | None = None, freqs: Array | None = None
    ) -> tuple[Array, Array]:
        """The positions of some postings (given by their numbers in `docs`).

        Args:
            starts: what `starts` gives for them, where it is known.
            freqs: how many of each, the first ones; all of them where it is not given.

        Returns:
            Parallel arrays: the position, the place in `postings` of the posting it is of.
        """
        if starts is None:
            starts = self.starts(postings)
        freqs = self.freqs[postings] if freqs is None else freqs
        return self.positions.stretches(starts, starts + freqs)

    def starts(self, postings: Array) -> Array:
        """Where in `positions` those of each posting begin (int64); fastest for one word's, in
        order."""
        if len(postings) > _ROWS:
            parts = np.split(postings, range(_ROWS, len(postings), _ROWS))
            return np.concatenate([self.starts(part) for part in parts])
        if not len(postings):
            return np.zeros(0, np.int64)
        blocks = postings // BLOCK
        low, high = int(blocks[0]) * BLOCK, int(postings[-1])
        if 0 <= high - low < _NEAR * len(postings) and (postings[1:] >= postings[:-1]).all():
            # Close to each other, as most of one word's are: all frequencies there are added up.
            before = _sums(self.freqs[low:high])
            return int(self._blocks[blocks[0]]) + before[postings - low]
        # The frequencies from the beginning of each one's block up to it.
        begins = blocks * BLOCK
        before = _sums(self.freqs.pieces(begins, postings))
        ends = (postings - begins).cumsum()
        return self._blocks[blocks] + before[ends] - before[ends - postings + begins]


def _joined(parts: list[Array]) -> Array:
    return np.concatenate([np.zeros(0, np.int64), *parts])


def _sums(freqs: Array) -> Array:
    """The sum of all before each place (int64), one longer."""
    sums = np.zeros(len(freqs) + 1, np.int64)
    np.cumsum(freqs, dtype=np.int64, out=sums[1:])
    return sums
