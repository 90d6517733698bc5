"""Which documents of a segment hold a word, a phrase or a value, and how often: sorted arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.postings import Postings
from ..indexer.stretches import places_of, stretches
from .resolve import Variants
from .snapshot import Part

# With more postings than this share of the documents, counting in an array of all documents is
# faster than sorting the postings (measured with 100,000 documents).
_DENSE = 0.1


@dataclass(slots=True)
class Found:
    """Documents of one segment.

    Attributes:
        docs: their numbers, ascending.
        freqs: how often (float32); for several words the sum of weight × frequency.
        core: which of them count as matches, None when all do.
    """

    docs: Array
    freqs: Array
    core: Array | None = None

    @property
    def matches(self) -> Array:
        """The documents that count as matches."""
        return self.docs if self.core is None else self.docs[self.core]


NOTHING = Found(np.zeros(0, np.int64), np.zeros(0, np.float32))


def synonyms(part: Part, field: str, variants: Variants) -> Found:
    """The documents that hold any of some words, their weighted frequencies added up."""
    postings = part.files.postings[field]
    ids, weights = variants.ids, variants.weights
    if not len(ids):
        return NOTHING
    starts, ends = postings.bounds(ids)
    core = variants.core
    if len(ids) == 1:
        piece = slice(int(starts[0]), int(ends[0]))
        freqs = postings.freqs[piece].astype(np.float32)
        if weights[0] != 1:
            freqs *= np.float32(weights[0])
        # numpy looks up by its own kind of integers several times faster than by others.
        docs = postings.docs[piece].astype(np.int64)
        return Found(docs, freqs, None if core[0] else np.zeros(len(docs), bool))
    places, which = places_of(starts, ends)
    docs = postings.docs[places]
    values = postings.freqs[places] * weights[which]
    mixed = not core.all()
    if len(docs) > part.count * _DENSE:
        if int(docs.max()) >= part.count:
            raise IndexError("a document number is altered")
        sums = np.bincount(docs, weights=values, minlength=part.count)
        found = np.flatnonzero(sums)
        marks = None
        if mixed:
            matched = np.zeros(part.count, bool)
            matched[docs[core[which]]] = True
            marks = matched[found]
        return Found(found, sums[found].astype(np.float32), marks)
    if not len(docs):
        return NOTHING
    # Each document's number with its place in one number: sorting those is fastest.
    keys = docs.astype(np.int64) << 32 | np.arange(len(docs))
    keys.sort()
    order = keys & 0xFFFFFFFF
    docs = keys >> 32
    new = np.empty(len(docs), bool)
    new[0] = True
    np.not_equal(docs[1:], docs[:-1], out=new[1:])
    first = np.flatnonzero(new)
    sums = np.add.reduceat(values[order], first)
    marks = np.logical_or.reduceat(core[which[order]], first) if mixed else None
    return Found(docs[first], sums.astype(np.float32), marks)


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
    starts, ends = postings.bounds(ids)
    chosen = np.zeros(part.count, bool)
    chosen[docs] = True
    all_docs, which = stretches(postings.docs, starts, ends)
    hits = np.flatnonzero(chosen[all_docs])
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    words = which[hits]
    return (
        np.searchsorted(docs, all_docs[hits]),
        words,
        starts[words] + hits - before[words],
    )
