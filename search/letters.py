"""How alike the letters of a query and of a document are: BM25 of groups of four letters.

It brings forward what no list of word forms relates: compounds, names in other spellings, words
that a scanner read wrongly. Only the best hits are looked at, and of each only a piece of its text,
so that the cost does not grow with the index or with the length of documents.

In how many documents a group of letters stands is estimated from a sample of them: those whose ids
have the smallest hashes, so that the same documents give the same figures however they are spread
over segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.characters import keys_of_characters
from ..indexer.folding import fold
from ..indexer.stretches import distinct, locate
from . import bm25, compiled, readahead
from .weights import Weights

if TYPE_CHECKING:
    from .snapshot import Part, Snapshot

#: Letters in a group.
SIZE = 4
#: How many bytes of a document's text are looked at.
MAX_BYTES = 2000
#: How many documents tell the frequency of a group of letters.
SAMPLE = 200
#: Of a longer query only so many groups count.
MAX_GROUPS = 400

# Letters up to the end of the Arabic block, as folded code points of 11 bits.
_LETTERS = 0x700
_BITS = np.uint64(11)
_MASK = np.uint64(2**11 - 1)
_DROPPED = 0xFFFF
# Hashes to 16 bits by multiplication (Knuth): what is not among the query's is left aside at once.
_MULTIPLIER, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(48)


class _Fields(msgspec.Struct):
    title: str = ""


@cache
def _folded_letters() -> Array:
    """For each code point its letter when folded (uint16): 0 for what parts words, and for what is
    beyond them."""
    table = np.zeros(_LETTERS + 1, np.uint16)
    for code, key in enumerate(keys_of_characters()):
        form = fold(key)
        if key.isalnum() and form:
            table[code] = ord(form[0]) % _LETTERS
        elif not form and key != "'":
            table[code] = _DROPPED  # marks, tatweel, soft hyphens
    return table


def _letters(texts: Sequence[str]) -> tuple[Array, Array]:
    """The folded letters of texts (uint16, 0 where words part), each with 0 at both ends; and
    where each text begins among them, with the end of the last."""
    sizes = np.array([0] + [len(text) + 2 for text in texts])
    points = np.frombuffer(f" {'  '.join(texts)} ".encode("utf-32-le", "replace"), np.uint32)
    found = _folded_letters().take(points, mode="clip")
    edges = sizes.cumsum()
    kept = found != _DROPPED
    if not kept.all():
        edges = np.append(0, kept.cumsum())[edges]
        found = found[kept]
    return found, edges


def _groups(letters: Array) -> Array:
    """Every SIZE letters in a row as one number (uint64), also those that reach across words."""
    wide = letters.astype(np.uint64)
    keys = wide[: len(wide) - SIZE + 1].copy()
    for n in range(1, SIZE):
        keys <<= _BITS
        keys |= wide[n : len(wide) - SIZE + 1 + n]
    return keys


def _inside(keys: Array) -> Array:
    """Which groups stand in one word, with a border at most at each end."""
    return ((keys >> _BITS & _MASK) != 0) & ((keys >> _BITS * np.uint64(2) & _MASK) != 0)


@cache
def _letter_list() -> list[int]:
    """`_folded_letters` for a few letters, which are sooner looked up one by one."""
    return _folded_letters().tolist()


def groups_of(word: str) -> set[int]:
    """The groups of letters of a word with a border before and after it."""
    table = _letter_list()
    found = [table[min(ord(letter), _LETTERS)] for letter in word]
    row = [0, *(letter for letter in found if letter != _DROPPED), 0]
    quadruples = zip(row, row[1:], row[2:], row[3:], strict=False)
    return {a << 33 | b << 22 | c << 11 | d for a, b, c, d in quadruples if b and c}


class Sample:
    """What some live documents of all segments tell of all documents.

    For the first query its own groups are counted and no others, a tenth of the work: `fihris
    search` asks no second one.

    Attributes:
        documents: how many there are.
    """

    def __init__(self, parts: Sequence[Part], size: int = SAMPLE) -> None:
        self._docs = _sampled(parts, size)
        self.documents = sum(len(docs) for _, docs in self._docs)
        self._asked = False

    def idf(self, keys: Array) -> Array:
        """The weight of each of some groups (ascending)."""
        counts = self._found(keys) if self._asked else self._counted(keys)
        self._asked = True
        return np.log(1 + (self.documents - counts + 0.5) / (counts + 0.5))  # as bm25.idf

    @cached_property
    def average(self) -> float:
        """How many letters a piece of a document has."""
        none = np.zeros(0, np.uint64)
        letters = (_frequencies(none, part, docs)[1].sum() for part, docs in self._docs)
        return int(sum(letters)) / max(1, self.documents)

    def _counted(self, keys: Array) -> Array:
        """How many of the documents hold each of some groups, by reading them."""
        found = (_frequencies(keys, part, docs)[0] for part, docs in self._docs)
        return sum((np.count_nonzero(each, axis=1) for each in found), np.zeros(len(keys), int))

    def _found(self, keys: Array) -> Array:
        """The same, by looking it up."""
        every, counts = self._all
        at, there = locate(every, keys)
        found = np.zeros(len(keys), int)
        found[there] = counts[at[there]]
        return found

    @cached_property
    def _all(self) -> tuple[Array, Array]:
        """Each group of letters in the documents, and how many of them hold it."""
        pieces = [piece(part, doc) for part, docs in self._docs for doc in docs.tolist()]
        found, edges = _letters(pieces)
        keys = _groups(found) if len(found) >= SIZE else np.zeros(0, np.uint64)
        inside = _inside(keys)
        # Each group with the number of its document in the bits below it, to count it once in each.
        bits = np.uint64(len(pieces).bit_length())
        keys <<= bits
        keys |= np.arange(len(pieces), dtype=np.uint64).repeat(np.diff(edges))[: len(keys)]
        held = distinct(keys[inside]) >> bits
        new = (
            np.flatnonzero(np.append(True, held[1:] != held[:-1]))
            if len(held)
            else np.zeros(0, int)
        )
        return held[new], np.diff(np.append(new, len(held)))


def _sampled(parts: Sequence[Part], size: int) -> list[tuple[Part, Array]]:
    """The documents of a sample, by segment."""
    hashes, chosen = [np.zeros(0, np.uint64)], list[tuple[int, int]]()
    for number, part in enumerate(parts):
        # Beyond so many are enough that are not deleted.
        docs = part.files.documents["ids.docs"][: size + len(part.gone)]
        first = np.flatnonzero(part.live[docs])[:size]
        hashes.append(part.files.documents["ids.hashes"][first])
        chosen += [(number, doc) for doc in docs[first].tolist()]
    order = np.argsort(np.concatenate(hashes), kind="stable")[:size].tolist()
    found: dict[int, list[int]] = {}
    for number, doc in (chosen[n] for n in order):
        found.setdefault(number, []).append(doc)
    return [(parts[number], np.array(docs)) for number, docs in found.items()]


def piece(part: Part, doc: int, share: float = 0.0) -> str:
    """The title of a document and a piece of its text, a long one around a place in it.

    Args:
        share: where the piece is wanted, 0 for the beginning of the text, 1 for its end.
    """
    fields, text = part.files.records(doc)
    title = msgspec.json.decode(fields, type=_Fields).title
    start = max(0, min(round(share * len(text)) - MAX_BYTES // 2, len(text) - MAX_BYTES))
    return f"{title}\n{text[start : start + MAX_BYTES].decode('utf-8', 'ignore')}"


class Groups(msgspec.Struct, frozen=True):
    """The groups of letters of a query's words, each of them once, with its weight.

    Attributes:
        keys: ascending.
        idf: their weights.
        words: for each the number of the first word that has it.
    """

    keys: Array
    idf: Array
    words: Array


def groups(snapshot: Snapshot, words: Sequence[str]) -> Groups:
    """The groups of letters of some words."""
    first: dict[int, int] = {}
    for n, word in enumerate(words):
        for key in sorted(groups_of(word)):
            if len(first) < MAX_GROUPS:
                first.setdefault(key, n)
    ordered = sorted(first)
    keys = np.array(ordered, np.uint64)
    numbers = np.array([first[key] for key in ordered], np.int64)
    return Groups(keys, snapshot.letters.idf(keys), numbers)


def scores(
    snapshot: Snapshot,
    weights: Weights,
    wanted: Groups,
    part: Part,
    docs: Array,
    shares: Array | None = None,
) -> Array:
    """The score of each group of letters in the pieces of some documents of a segment: BM25, times
    its weight (groups × documents).

    Args:
        shares: for each document where in its text the piece is wanted (see `piece`).
    """
    frequencies, lengths = _frequencies(wanted.keys, part, docs, shares)
    norms = bm25.norms(lengths, snapshot.letters.average, weights.k1, weights.b)
    factors = wanted.idf * (weights.k1 + 1) * weights.letters
    return factors[:, None] * frequencies / (frequencies + norms)


def _frequencies(
    keys: Array, part: Part, docs: Array, shares: Array | None = None
) -> tuple[Array, Array]:
    """How often each group stands in the piece of each document (groups × documents, float64), and
    how many letters the pieces have."""
    count = len(keys)
    shares = np.zeros(len(docs)) if shares is None else shares
    readahead.records(part.files, docs)
    if compiled.kernels:
        counted = compiled.kernels.letters(
            *part.files.stored, docs, shares, keys, _folded_letters(), MAX_BYTES
        )
        frequencies = np.frombuffer(counted[0], np.float64).reshape(count, len(docs))
        return frequencies, np.frombuffer(counted[1], np.int64)
    pairs = zip(docs.tolist(), shares.tolist(), strict=True)
    found, edges = _letters([piece(part, doc, share) for doc, share in pairs])
    frequencies = np.zeros((count, len(docs)))
    if count and len(found) >= SIZE:
        every = _groups(found)
        table = np.zeros(1 << 16, bool)
        table[(keys * _MULTIPLIER) >> _SHIFT] = True
        hits = np.flatnonzero(table[(every * _MULTIPLIER) >> _SHIFT])
        every = every[hits]
        rows = keys.searchsorted(every)
        rows[rows == count] = 0
        real = keys[rows] == every
        # No group of a word reaches across the borders that stand between two pieces.
        which = edges[1:].searchsorted(hits[real], "right")
        places = rows[real] * len(docs) + which
        frequencies = np.bincount(places, minlength=count * len(docs)).reshape(count, -1)
    return frequencies, np.add.reduceat(found != 0, edges[:-1], dtype=np.int64)
