"""Where the words of a query stand in the documents found, read from the postings."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.postings import Postings
from ..indexer.stretches import owners_of, places_of
from .plan import Leaf, Plan, leaves
from .reading import occurrences
from .results import Match
from .snapshot import Part
from .variants import Variants
from .weights import Layer

# So many words of one document are told of at most: a wildcard may fit thousands.
_MAX_MATCHES = 50
#: So many words of one leaf, or of each operand of NEAR, are marked in a document at most, its
#: first ones: a word may stand in one text millions of times.
MAX_PLACES = 1 << 16
#: All leaves have so many together, each the same.
MAX_TOGETHER = 1 << 18


class Marks(msgspec.Struct):
    """What stands where in one document.

    Attributes:
        positions: of the words to be marked in the field `text`, ascending.
        worth: how much each of them tells (the weight of its word in the query).
        leaf: which leaf of the query each belongs to.
        title: positions of the words to be marked in the title, ascending.
        matches: why the document was found.
        core: whether any of them makes it a match.
    """

    positions: Array
    worth: Array
    leaf: Array
    title: Array
    matches: list[Match] = msgspec.field(default_factory=list)
    core: bool = False


class _Gathered(msgspec.Struct):
    """Words to be marked in some documents, as parallel lists of arrays."""

    rows: list[Array] = msgspec.field(default_factory=list)
    positions: list[Array] = msgspec.field(default_factory=list)
    worth: list[Array] = msgspec.field(default_factory=list)
    leaf: list[Array] = msgspec.field(default_factory=list)

    def add(self, rows: Array, positions: Array, worth: Array | float, leaf: int) -> None:
        self.rows.append(rows)
        self.positions.append(positions.astype(np.int64))
        self.worth.append(np.broadcast_to(worth, len(rows)))
        self.leaf.append(np.full(len(rows), leaf))

    def by_row(self, count: int) -> list[tuple[Array, Array, Array]]:
        """Positions, worth and leaves of each document; of two leaves at one place the worthier."""
        if not self.rows:
            none = np.zeros(0, np.int64)
            return [(none, none, none)] * count
        rows, positions = np.concatenate(self.rows), np.concatenate(self.positions)
        worth, leaf = np.concatenate(self.worth), np.concatenate(self.leaf)
        order = np.lexsort((leaf, -worth, positions, rows))
        rows, positions = rows[order], positions[order]
        first = np.ones(len(order), bool)
        first[1:] = (rows[1:] != rows[:-1]) | (positions[1:] != positions[:-1])
        order, rows, positions = order[first], rows[first], positions[first]
        edges = np.searchsorted(rows, np.arange(count + 1))
        return [(positions[a:b], worth[order[a:b]], leaf[order[a:b]]) for a, b in pairwise(edges)]


def marks(plan: Plan, number: int, part: Part, docs: Array) -> list[Marks]:
    """What is to be marked in some documents of a segment.

    Args:
        number: the segment's.
        docs: the documents, ascending.
    """
    text, title = _Gathered(), _Gathered()
    matches: list[dict[Match, None]] = [{} for _ in docs]
    core = np.zeros(len(docs), bool)
    wanted = list(leaves(plan))
    most = min(MAX_PLACES, MAX_TOGETHER // max(len(wanted), 1))
    for order, leaf in enumerate(wanted):
        if leaf.word is not None:
            core |= _mark_word(part, number, leaf, order, docs, most, text, title, matches)
            continue
        found = leaf.main.found[number].among(docs)
        core |= found
        if leaf.spans is not None:
            _mark_spans(part, number, leaf, order, docs, most, text, title)
            _tell_synonyms(number, leaf, docs, matches)
            for word, places in leaf.parts:
                variants = word.variants[number]
                postings = part.files.postings[leaf.main.field]
                rows, words, _ = occurrences(part, postings, variants.ids, docs)
                here = _holding(docs, places[number])[rows]
                _tell(part, word.text, variants, rows[here], words[here], matches)
    rows = zip(text.by_row(len(docs)), title.by_row(len(docs)), matches, core, strict=True)
    return [
        Marks(*in_text, in_title[0], list(why)[:_MAX_MATCHES], bool(counts))
        for in_text, in_title, why, counts in rows
    ]


def _mark_word(
    part: Part,
    number: int,
    leaf: Leaf,
    order: int,
    docs: Array,
    most: int,
    text: _Gathered,
    title: _Gathered,
    matches: list[dict[Match, None]],
) -> Array:
    """Marks the words of a leaf, and tells which documents they make matches."""
    assert leaf.word is not None
    variants = leaf.word.variants[number]
    worth = variants.weights * leaf.main.factor
    fields = ("title",) if leaf.main.field == "title" else ("text", "title")
    found = np.zeros(len(docs), bool)
    for name in fields:
        postings: Postings = part.files.postings[name]
        rows, words, numbers = occurrences(part, postings, variants.ids, docs)
        if name == leaf.main.field:
            found[rows[words < variants.matching]] = True
        # Words that are merely alike are shown only where nothing closer stands.
        shown = (words < variants.matching) | ~found[rows]
        rows, words, numbers = rows[shown], words[shown], numbers[shown]
        freqs = postings.freqs[numbers]
        if int(freqs.sum(dtype=np.int64)) > most:
            freqs = _first_of(rows, freqs, most)
        positions, which = postings.places(numbers, freqs=freqs)
        gathered = text if name == "text" else title
        gathered.add(rows[which], positions, worth[words[which]], order)
        _tell(part, leaf.word.text, variants, rows, words, matches)
    return found


def _first_of(rows: Array, counts: Array, most: int) -> Array:
    """Of so many places for each entry those that are among the first `most` of its row."""
    order = rows.argsort(kind="stable")
    ordered, behind = rows[order], np.cumsum(counts[order], dtype=np.int64)
    before = behind - counts[order]
    before -= before[np.searchsorted(ordered, ordered)]
    left = np.empty(len(rows), np.int64)
    left[order] = np.minimum(counts[order], np.maximum(most - before, 0))
    return left


def _tell(
    part: Part,
    text: str,
    variants: Variants,
    rows: Array,
    words: Array,
    matches: list[dict[Match, None]],
) -> None:
    """Notes which words stand in which documents: the closest relation first, then in the order
    of the words."""
    for n in np.lexsort((words, variants.layers[words])):
        why = matches[int(rows[n])]
        if len(why) < _MAX_MATCHES:
            layer = Layer(int(variants.layers[words[n]]))
            word = part.lexicon.word(int(variants.ids[words[n]]))
            why[Match(text, word, layer.name.lower())] = None


def _tell_synonyms(number: int, leaf: Leaf, docs: Array, matches: list[dict[Match, None]]) -> None:
    for match, places in leaf.synonyms:
        for row in np.flatnonzero(_holding(docs, places[number])).tolist():
            if len(matches[row]) < _MAX_MATCHES:
                matches[row][match] = None


def _holding(docs: Array, places: Array) -> Array:
    """Which of some documents hold any of some places (of `positions`, ascending)."""
    if not len(places):
        return np.zeros(len(docs), bool)
    at = places.searchsorted(docs.astype(np.int64) << 32)
    at[at == len(places)] = 0
    return places[at] >> 32 == docs


def _mark_spans(
    part: Part,
    number: int,
    leaf: Leaf,
    order: int,
    docs: Array,
    most: int,
    text: _Gathered,
    title: _Gathered,
) -> None:
    assert leaf.spans is not None
    begins = docs.astype(np.int64) << 32
    for places, lengths in leaf.spans[number]:
        first, end = places.searchsorted(begins), places.searchsorted(begins + (1 << 32))
        end = np.minimum(end, first + most)
        chosen = places_of(first, end)
        lengths, rows = lengths[chosen], owners_of(first, end)
        if int(lengths.sum()) > most:
            lengths = _first_of(rows, lengths, most)
        starts = np.repeat(places[chosen] & 0xFFFFFFFF, lengths)
        before = np.cumsum(lengths) - lengths
        positions = starts + np.arange(len(starts)) - np.repeat(before, lengths)
        rows = np.repeat(rows, lengths)
        if leaf.main.field != "title":
            text.add(rows, positions, leaf.main.factor, order)
            # The words of a title are the first of the field `text`, be they posted there for the
            # title or because the text begins with it.
            within = positions < part.files.lengths["title"][docs[rows]]
            rows, positions = rows[within], positions[within]
        title.add(rows, positions, leaf.main.factor, order)
