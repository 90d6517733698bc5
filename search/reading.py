"""Reads which documents of a segment hold words, and how often."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.postings import Postings
from . import compiled
from .found import NOTHING, Found, FoundWords
from .gathered import deferred, gathered
from .snapshot import Part
from .variants import Variants, as_written
from .workspace import Workspaces


def look_up(
    part: Part, field: str, sets: Sequence[tuple[Variants, int]], defer: bool = False
) -> list[Found]:
    """The postings of each of some sets of words, read all at once.

    Args:
        sets: words, and how many of the first are meant.
        defer: whether only few of the documents will be asked for what they hold.
    """
    if not sets:
        return []
    if compiled.kernels:
        return (deferred if defer else gathered)(part, field, sets)
    postings, space = part.files.postings[field], part.workspaces
    found: list[Found] = []
    several: list[tuple[int, Variants]] = []
    for place, (words, count) in enumerate(sets):
        if count == 1:
            start, end = postings.edges_of(int(words.ids[0]))
            # numpy looks up by its own kind of integers several times faster than by others.
            docs = postings.docs.ascending(start, end)
            matching = len(docs) if words.matching else 0
            weight = float(words.weights[0])
            numbers = slice(start, end)
            found.append(FoundWords(space, postings, numbers, docs, weight, matching))
            continue
        if count:
            several.append((place, words.first(count)))
        found.append(NOTHING)
    if several:
        _gather(space, postings, several, found)
    return found


def _gather(
    space: Workspaces,
    postings: Postings,
    several: Sequence[tuple[int, Variants]],
    found: list[Found],
) -> None:
    """Reads the postings of sets of several words, one stretch after another."""
    starts, ends = postings.bounds(np.concatenate([words.ids for _, words in several]))
    if int(ends.max()) > len(postings.docs):
        raise IndexError("the postings of a word are not within the file")
    lengths = ends - starts
    behind = lengths.cumsum()
    numbers = (starts - behind + lengths).repeat(lengths)
    numbers += np.arange(len(numbers))
    docs = postings.docs.take(numbers).astype(np.int64)
    weights = np.concatenate([words.weights for _, words in several]).repeat(lengths)
    edges = [0, *behind.tolist()]
    at = 0
    for place, words in several:
        first, last = edges[at], edges[at + len(words.ids)]
        piece = slice(first, last)
        matching = edges[at + words.matching] - first
        own = numbers[piece], docs[piece], weights[piece]
        found[place] = FoundWords(space, postings, *own, matching)
        at += len(words.ids)


def document_frequency(part: Part, field: str, ids: Array) -> int:
    """How many documents hold any of some words."""
    postings = part.files.postings[field]
    if len(ids) == 1:
        start, end = postings.edges_of(int(ids[0]))
        return end - start
    if compiled.kernels:
        return look_up(part, field, [(as_written(ids), len(ids))], defer=True)[0].frequency
    with part.workspaces.borrowed() as space:
        for start, end in postings.edges(ids):
            space.marks[postings.docs.ascending(start, end)] = True
        count = int(np.count_nonzero(space.marks))
        space.marks.fill(False)
    return count


def occurrences(
    part: Part, postings: Postings, ids: Array, docs: Array
) -> tuple[Array, Array, Array]:
    """Where words stand among some documents.

    Args:
        ids: the words' ids.
        docs: the documents, ascending.

    Returns:
        Parallel arrays: the place in `docs`, the place in `ids`, the number of the posting.
    """
    if compiled.kernels:
        ids, wanted = ids.astype(np.int64, copy=False), docs.astype(np.uint32, copy=False)
        found = compiled.kernels.occurrences(ids, wanted, postings.held)
        rows, words, numbers = np.frombuffer(found, np.int64).reshape(-1, 3).T
        return rows, words, numbers
    starts, ends = postings.bounds(ids)
    chosen = np.zeros(part.count, bool)
    chosen[docs] = True
    all_docs, which = postings.docs.stretches(starts, ends)
    hits = np.flatnonzero(chosen[all_docs])
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    words = which[hits]
    return (
        np.searchsorted(docs, all_docs[hits]),
        words,
        starts[words] + hits - before[words],
    )
