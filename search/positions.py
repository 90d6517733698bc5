"""Words next to each other or near each other, on the positions of whole lists of documents.

A place is one number: document << 32 | position, so that sorted arrays of places are compared
at once, and neighbours in different documents are never close.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.postings import Postings
from ..indexer.stretches import distinct, locate, places_of
from . import compiled
from .found import NOTHING, Found, FoundWords
from .gathered import Gathered
from .snapshot import Part
from .workspace import clean

_SHIFT = 32
#: No place.
NOWHERE = np.zeros(0, np.int64)
_EVERYWHERE = np.zeros(0, np.uint32)
# More words than this are read together, fewer are looked up one by one.
_FEW_WORDS = 8
# Fewer postings of several words than this are looked up together.
_TOGETHER = 512


def places(part: Part, field: str, found: Found, docs: Array, most: int) -> Array:
    """The places in some documents (ascending) of the words that make them matches, sorted: of each
    word in each document so many at most, the first ones."""
    if compiled.kernels and isinstance(found, Gathered):
        ids = found.words.ids[: found.words.matching]
        held = part.files.postings[field].held
        kept = compiled.kernels.places(ids, docs.astype(np.uint32, copy=False), held, most)
        return np.frombuffer(kept, np.int64)
    if not isinstance(found, FoundWords):
        return NOWHERE
    listed = found.matching_docs
    if found.distinct and len(docs) < len(listed):
        at, there = locate(listed, docs)
        chosen = at[there]
    else:
        with part.workspaces.borrowed() as space:
            space.marks[docs] = True
            chosen = space.marks.take(listed).nonzero()[0]
            space.marks[docs] = False
    postings, docs, numbers = part.files.postings[field], listed[chosen], found.numbers_at(chosen)
    freqs = np.minimum(postings.freqs[numbers], np.int64(most))
    positions, which = postings.places(numbers, freqs=freqs)
    keys = docs[which].astype(np.int64) << _SHIFT | positions
    keys.sort(kind="stable")
    return keys


def phrase(part: Part, field: str, words: Sequence[Array], among: Array | None = None) -> Array:
    """The places where words stand side by side.

    Args:
        words: for each place of the phrase the ids of the words that may stand there.
        among: only in these documents (ascending).

    Returns:
        The place of each occurrence's first word, sorted.
    """
    postings = part.files.postings[field]
    if among is not None and not len(among):
        return NOWHERE
    if compiled.kernels:
        wanted = _EVERYWHERE if among is None else among.astype(np.uint32, copy=False)
        ids = words[0] if len(words) == 1 else np.concatenate(words)
        sizes = np.array([len(each) for each in words])
        ids = ids.astype(np.int64, copy=False)
        kept = compiled.kernels.phrase(ids, sizes, wanted, postings.held)
        found = np.frombuffer(kept, np.int64)
        if len(words) == 1 < len(ids) and among is None:
            found.sort(kind="stable")  # several ascending lists, which it only merges
        return found
    docs, held = _common(part, postings, words, among)
    if not len(docs):
        return NOWHERE
    left = []
    for found, numbers in held:
        if len(found) > len(docs):
            _, there = locate(docs, found)
            found, numbers = found[there], numbers[there]
        left.append((found, numbers))
    # Where the phrase would begin, told by each of its words: where all tell the same, it does.
    # What a word tells that stands too early in its document is beyond every position.
    sizes = [len(numbers) for _, numbers in left]
    numbers = np.concatenate([numbers for _, numbers in left])
    starts = None
    if len(numbers) > _TOGETHER:
        starts = np.concatenate([postings.starts(numbers) for _, numbers in left])
    positions, which = postings.places(numbers, starts)
    begins = np.concatenate([found for found, _ in left]).astype(np.int64) << _SHIFT
    begins -= np.arange(len(words)).repeat(sizes)
    keys = begins[which] + positions
    keys.sort(kind="stable")  # ascending for each word, which it only merges
    last = len(words) - 1
    return keys[last:][keys[last:] == keys[: len(keys) - last]]


def _common(
    part: Part, postings: Postings, words: Sequence[Array], among: Array | None = None
) -> tuple[Array, list[tuple[Array, Array]]]:
    """The documents that hold a word of each set, ascending; and for each set documents and
    numbers of postings that include all those there.

    Args:
        among: only in these documents (ascending).
    """
    # The rarest first, so that the others have few documents left to be looked up in.
    order = sorted(range(len(words)), key=lambda n: _count(postings, words[n]))
    held = [(NOWHERE, NOWHERE)] * len(words)
    docs = among
    for n in order:
        if docs is None:
            held[n] = _all_of(postings, words[n])
        else:
            held[n] = _in_documents(part, postings, words[n], docs)
        docs = held[n][0]
        if len(words[n]) > 1:
            docs = distinct(docs)
        if not len(docs):
            break
    assert docs is not None
    return docs, held


def near(groups: Sequence[Array], distance: int) -> list[Array]:
    """Of each group's places those that a chain from the first group leads to, each step no
    farther than `distance` words, in either direction."""
    chain = [groups[0]]
    for group in groups[1:]:
        reached = chain[-1]
        if compiled.kernels:
            kept = compiled.kernels.near(reached, group, distance)
            chain.append(np.frombuffer(kept, np.int64))
            continue
        at = np.searchsorted(reached, group - distance)
        close = at < len(reached)
        close[close] = reached[at[close]] <= group[close] + distance
        chain.append(group[close])
    return chain


def counted(found: Array) -> Found:
    """Places as documents with frequencies."""
    if not len(found):
        return NOTHING
    if compiled.kernels:
        listed, freqs = compiled.kernels.counted(found)
        return Found(np.frombuffer(listed, np.uint32), np.frombuffer(freqs, np.float32))
    docs = found >> _SHIFT
    edges = np.concatenate(([0], (docs[1:] != docs[:-1]).nonzero()[0] + 1, [len(docs)]))
    return Found(docs[edges[:-1]], (edges[1:] - edges[:-1]).astype(np.float32))


def frequencies(
    part: Part, field: str, words: Sequence[Array], among: Array | None = None
) -> tuple[Array, Array]:
    """The documents that hold a word of each set, ascending, and how often they hold words of any.
    A word counts as often as it is in sets.

    Args:
        words: the ids of each set.
        among: only in these documents (ascending).
    """
    postings = part.files.postings[field]
    docs, held = _common(part, postings, words, among)
    counts = np.zeros(len(docs), np.int64)
    if len(docs):
        for found, numbers in held:
            at, there = locate(docs, found)
            freqs = postings.freqs[numbers[there]]
            counts += np.bincount(at[there], freqs, len(docs)).astype(np.int64)
    return docs, counts


def at_most(part: Part, field: str, ids: Array) -> int:
    """No fewer places than some words have (`Postings.placed_at_most`)."""
    postings = part.files.postings[field]
    if compiled.kernels:
        return compiled.kernels.placed_at_most(ids, postings.held)
    return postings.placed_at_most(ids)


def common_documents(part: Part, field: str, words: Sequence[Array]) -> Array:
    """The documents that hold a word of each set, ascending.

    Args:
        words: the ids of each set.
    """
    return _common(part, part.files.postings[field], words)[0]


def _all_of(postings: Postings, ids: Array) -> tuple[Array, Array]:
    """The document and the number of each posting of some words."""
    if len(ids) == 1:
        ((start, end),) = postings.edges(ids)
        return postings.docs.ascending(start, end), np.arange(start, end)
    numbers = places_of(*postings.bounds(ids))
    return postings.docs.take(numbers).astype(np.int64), numbers


def _in_documents(part: Part, postings: Postings, ids: Array, docs: Array) -> tuple[Array, Array]:
    """The postings of some words in some documents (ascending): document and number of each."""
    if len(ids) > _FEW_WORDS:
        return _read_together(part, postings, ids, docs)
    found, numbers = [], []
    for start, end in postings.edges(ids):
        if len(docs) < end - start:
            there, which = postings.within(start, end, docs)
            found.append(docs[which])
            numbers.append(there)
        else:
            listed = postings.docs.ascending(start, end)
            _, there = locate(docs, listed)
            found.append(listed[there])
            numbers.append(there + start)
    if len(found) == 1:
        return found[0], numbers[0]
    return (np.concatenate(found), np.concatenate(numbers)) if found else (docs[:0], NOWHERE)


def _read_together(part: Part, postings: Postings, ids: Array, docs: Array) -> tuple[Array, Array]:
    starts, ends = postings.bounds(ids)
    numbers = places_of(starts, ends)
    found = postings.docs.take(numbers)
    with part.workspaces.borrowed() as space:
        space.marks[docs] = True
        there = space.marks.take(found)
        clean(space.marks, docs, False)
    return found[there], numbers[there]


def _count(postings: Postings, ids: Array) -> int:
    if len(ids) > _FEW_WORDS:
        starts, ends = postings.bounds(ids)
        return int((ends - starts).sum())
    return sum(end - start for start, end in postings.edges(ids))
