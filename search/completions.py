"""Completing what is being typed with the words of the index, in the light of the words before it.

Of the words that begin so, those come first that stand right behind the words before it in most
documents, then those that share most documents with these words, then the most frequent. Words
that begin so but for one typing error come behind all that need none; stop words, which nobody
looks for, come last of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import msgspec
import numpy as np
import regex
from msgspec.structs import replace

from ..indexer.arrayfile import Array
from ..indexer.folding import casefold_key, fold
from ..indexer.languages import STOP_WORDS
from ..indexer.words import spans
from .candidates import Candidates, almost, exact
from .positions import common_documents, phrase
from .resolve import Resolver
from .snapshot import Part, Snapshot
from .weights import Weights

#: No more words than this are given, however many are asked for.
MAX_COMPLETIONS = 100
# Between the words of one train of thought; anything else is an operator or a field.
_TOGETHER = regex.compile(r"""[\s"«»“”'’‘]*""")
_OPERATORS = frozenset({"OR", "AND", "NOT", "NEAR"})
# Candidates that stand in so many documents together are weighed by the words before them.
_MOST_DOCUMENTS = 150_000
# So many words before the last one count.
_MOST_BEFORE = 4
_SHIFT = 32


class Typed(msgspec.Struct, frozen=True):
    """What is being typed.

    Attributes:
        head: the text up to the last word.
        prefix: the last word, folded.
        before: the keys of the words that it goes on from, in order.
    """

    head: str
    prefix: str
    before: tuple[str, ...]


def typed(text: str) -> Typed | None:
    """What a text asks to be completed; None when it does not end with a word."""
    found = spans(text)
    if not found or found[-1][2] != len(text):
        return None
    key, start, end = found[-1]
    # An elided article stays: l’arm becomes l’armée.
    if casefold_key(text[end - len(key) :]) == key:
        start = max(start, end - len(key))
    before: list[str] = []
    next_start = found[-1][1]
    for other, first, last in reversed(found[:-1]):
        if first == next_start:
            continue  # another word of the same place
        gap = text[last:next_start]
        if text[first:last] in _OPERATORS or not gap or not _TOGETHER.fullmatch(gap):
            break
        before.insert(0, other)
        next_start = first
    return Typed(text[:start], fold(key), tuple(before[-_MOST_BEFORE:]))


def completions(snapshot: Snapshot, weights: Weights, text: str, limit: int = 10) -> list[str]:
    """The text with its last word completed, the best first.

    Accents and case do not matter; of words that differ only in these the first stands for all.
    A word that stands in no live document is never suggested. Empty when the text does not end
    with a word.
    """
    asked = typed(text)
    limit = min(limit, MAX_COMPLETIONS)
    if asked is None or not asked.prefix or limit < 1:
        return []
    chosen: dict[str, str] = {}
    context: _Context | None = None
    for look_up in (exact, almost):
        found = look_up(snapshot, asked.prefix)
        if len(found) and not context:
            context = _context(snapshot, weights, asked.before)
        some = bool(chosen)
        for word in _ranked(snapshot, found, context):
            form = fold(word)
            # Hardly anyone mistypes the first letter, and beside what is right it would look odd.
            if not some or form[:1] == asked.prefix[:1]:
                chosen.setdefault(form, word)
            if len(chosen) == limit:
                return [asked.head + each for each in chosen.values()]
    return [asked.head + each for each in chosen.values()]


def _ranked(snapshot: Snapshot, found: Candidates, context: _Context | None) -> Iterator[str]:
    """The words of candidates, the best first; those that nothing tells apart by their letters."""
    behind, beside = _in_context(snapshot, found, context)
    stops = found.among(snapshot.stop_words)
    keys = np.array([stops, -behind, -beside, -found.frequencies])
    order = np.lexsort(keys[::-1])
    keys = keys[:, order]
    ranks = np.append(False, (keys[:, 1:] != keys[:, :-1]).any(axis=0)).cumsum()
    columns = [ranks[: len(order)], *(ids[order] for ids in found.ids)]
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for _, equals in groupby(rows, key=itemgetter(0)):
        yield from sorted(_word(snapshot, ids) for _, *ids in equals)


def _word(snapshot: Snapshot, ids: Sequence[int]) -> str:
    """A word by its id in each segment, -1 where it is not there."""
    part, number = next(pair for pair in zip(snapshot.parts, ids, strict=True) if pair[1] >= 0)
    return part.lexicon.word(number)


class _Context(msgspec.Struct, frozen=True):
    """Where the words before stand, in each segment.

    Attributes:
        ends: the places (of `positions`) of the last one where they stand side by side: the last
            word that tells something, with the stop words behind it (armée de).
        docs: the documents that hold all that tell something, in any form, ascending.
        written: for each word before, the ids of those that are written so but for accents,
            ascending.
    """

    ends: list[Array]
    docs: list[Array]
    written: list[list[Array]]


def _context(snapshot: Snapshot, weights: Weights, before: Sequence[str]) -> _Context | None:
    """None when none of the words before tells anything."""
    content = [n for n, word in enumerate(before) if fold(word) not in STOP_WORDS]
    if not content:
        return None
    known = [_known(snapshot, weights, word) for word in before]
    follows = [each.written for each in known[content[-1] :]]
    accompanies = [known[n].forms for n in content]
    ends, docs = [], []
    for number, part in enumerate(snapshot.parts):
        sets = [ids[number] for ids in follows]
        ends.append(phrase(part, "text", sets) + (len(sets) - 1))
        docs.append(common_documents(part, "text", [ids[number] for ids in accompanies]))
    return _Context(ends, docs, [each.written for each in known])


def _in_context(
    snapshot: Snapshot, found: Candidates, context: _Context | None
) -> tuple[Array, Array]:
    """In how many live documents each candidate stands right behind the words before it, and in
    how many with them."""
    behind = np.zeros(len(found), np.int64)
    beside = np.zeros(len(found), np.int64)
    if not context or not len(found):
        return behind, beside
    weighed = max(1, int(found.frequencies.cumsum().searchsorted(_MOST_DOCUMENTS, "right")))
    for number, part in enumerate(snapshot.parts):
        ends, docs = context.ends[number], context.docs[number]
        if not len(ends) and not len(docs):
            continue
        ids = found.ids[number]
        held = np.flatnonzero(ids[:weighed] >= 0)
        after, near = _counts(part, ids[held], ends, docs)
        behind[held] += after
        beside[held] += near
    for written in context.written:  # of course a word stands with itself
        beside[found.among(written)] = 0
    return behind, beside


class _Known(msgspec.Struct, frozen=True):
    """What a word before stands for, in each segment, as ids in ascending order.

    Attributes:
        written: the words that are written so but for accents.
        forms: all that make a document a match for it.
    """

    written: list[Array]
    forms: list[Array]

    @property
    def nbytes(self) -> int:
        """The size of all its arrays."""
        return sum(each.nbytes for each in (*self.written, *self.forms))


def _known(snapshot: Snapshot, weights: Weights, word: str) -> _Known:
    # What only ranks hits is no company, and takes the longest to find.
    weights = replace(weights, similar=0, root=0)

    def find() -> _Known:
        resolver = Resolver(snapshot, weights, only_live=True)
        written = resolver.resolve(word, layers=False).variants
        forms = resolver.resolve(word).variants
        return _Known(
            [np.sort(each.ids) for each in written],
            [np.sort(each.ids[: each.matching]) for each in forms],
        )

    return snapshot.recent.get(("known", weights, word), find)


def _counts(part: Part, ids: Array, ends: Array, docs: Array) -> tuple[Array, Array]:
    """In how many live documents words stand right behind some places, and in how many of some
    documents they stand."""
    postings = part.files.postings["text"]
    marks = np.zeros(part.count, np.uint8)
    marks[docs] = 1
    marks[ends >> _SHIFT] |= 2
    if part.deleted is not None:
        marks[part.gone] = 0
    starts, stops = postings.bounds(ids)
    docs, which = postings.docs.stretches(starts, stops)
    marked = marks[docs]
    near = np.bincount(which[marked & 1 > 0], minlength=len(ids))
    chosen = np.flatnonzero(marked & 2)
    docs, which = docs[chosen], which[chosen]
    numbers = chosen + (stops - (stops - starts).cumsum())[which]
    positions, of_posting = postings.places(numbers)
    places = docs.astype(np.int64)[of_posting] << _SHIFT | positions
    at = ends.searchsorted(places - 1)
    at[at == len(ends)] = 0
    follows = np.zeros(len(numbers), bool)
    if len(ends):
        follows[of_posting[ends[at] == places - 1]] = True
    return np.bincount(which[follows], minlength=len(ids)), near
