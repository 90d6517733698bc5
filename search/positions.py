"""Words next to each other or near each other, on the positions of whole lists of documents.

A place is one number: document << 32 | position, so that sorted arrays of places are compared
at once, and neighbours in different documents are never close.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..indexer.arrayfile import Array
from .found import NOTHING, Found, occurrences
from .snapshot import Part

_SHIFT = 32
_POSITION = 2**_SHIFT - 1


def places(part: Part, field: str, ids: Array, docs: Array) -> Array:
    """The places of some words in some documents (ascending), sorted."""
    postings = part.files.postings[field]
    rows, _, numbers = occurrences(part, postings, ids, docs)
    positions, which = postings.places(numbers)
    keys = docs[rows[which]].astype(np.int64) << _SHIFT | positions
    keys.sort()
    return keys


def phrase(part: Part, field: str, words: Sequence[Array]) -> Array:
    """The places where words stand side by side.

    Args:
        words: for each place of the phrase the ids of the words that may stand there.

    Returns:
        The place of each occurrence's first word, sorted.
    """
    docs = common_documents(part, field, words)
    # The rarest word first, so that the others have few documents left to be looked up in.
    places_left: Array | None = None
    for offset in sorted(range(len(words)), key=lambda n: _count(part, field, words[n])):
        if not len(docs):
            return np.zeros(0, np.int64)
        here = places(part, field, words[offset], docs)
        # Where the document begins too late for the words before, there is no place.
        here = here[here & _POSITION >= offset] - offset
        places_left = here if places_left is None else _in_both(places_left, here)
        docs = np.unique(places_left >> _SHIFT)
    assert places_left is not None
    return places_left


def near(groups: Sequence[Array], distance: int) -> list[Array]:
    """Of each group's places those that a chain from the first group leads to, each step no
    farther than `distance` words, in either direction."""
    chain = [groups[0]]
    for group in groups[1:]:
        reached = chain[-1]
        at = np.searchsorted(reached, group - distance)
        close = at < len(reached)
        close[close] = reached[at[close]] <= group[close] + distance
        chain.append(group[close])
    return chain


def counted(found: Array) -> Found:
    """Places as documents with frequencies."""
    if not len(found):
        return NOTHING
    docs, counts = np.unique(found >> _SHIFT, return_counts=True)
    return Found(docs, counts.astype(np.float32))


def common_documents(part: Part, field: str, words: Sequence[Array]) -> Array:
    """The documents that hold a word of each set, ascending."""
    lists = []
    for ids in words:
        postings = part.files.postings[field]
        starts, ends = postings.bounds(ids)
        if len(ids) == 1:
            lists.append(postings.docs[int(starts[0]) : int(ends[0])])
        else:
            pieces = [postings.docs[a:b] for a, b in zip(starts, ends, strict=True)]
            lists.append(np.unique(np.concatenate(pieces)) if pieces else np.zeros(0, np.uint32))
    return intersection(lists)


def intersection(lists: Sequence[Array]) -> Array:
    """What stands in all of some sorted arrays without repetitions."""
    lists = sorted(lists, key=len)
    kept = lists[0]
    for other in lists[1:]:
        kept = _in_both(kept, other)
    return kept


def _in_both(kept: Array, other: Array) -> Array:
    if not len(kept) or not len(other):
        return kept[:0]
    at = np.searchsorted(other, kept)
    at[at == len(other)] = 0
    return kept[other[at] == kept]


def _count(part: Part, field: str, ids: Array) -> int:
    starts, ends = part.files.postings[field].bounds(ids)
    return int((ends - starts).sum())
