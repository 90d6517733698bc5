"""The postings of segments that are merged, laid out in the order of the new ids of their words.

Few words are at work at a time; what is known of all of them at once are eight bytes each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from .arrayfile import Array, ArrayWriter
from .blobs import offset_type
from .mergewords import Part
from .postings import PostingsWriter
from .stretches import order_of_small
from .strings import edges

#: Positions that are held in memory at a time.
_BATCH = 500_000
# A word of a segment takes as much room besides as so many positions.
_WORD = 8
# What a deleted document has for its new number.
_GONE = np.uint32(2**32 - 1)


class _Source:
    """The words of a segment that still stand in a document.

    Attributes:
        part, postings: of the segment.
        new_docs: the new number of each document.
        words: their ids there (int32), in the order of their new ids.
        begins: where the positions of each begin.
    """

    def __init__(self, part: Part, field: str, ids: Array, sizes: Array) -> None:
        """Adds to `sizes` what each word takes, in positions, by its new id.

        Args:
            ids: the new id of each word, -1 for none.
        """
        self.part, self.postings = part, part.files.postings[field]
        self.new_docs = part.docs.astype(np.uint32)
        offsets = self.postings.offsets
        words = np.flatnonzero(offsets[1:] != offsets[:-1])
        begins = self.postings.starts(offsets[words].astype(np.int64))
        counts = np.diff(begins, append=len(self.postings.positions))
        kept = ids[words] >= 0
        words, begins, counts = words[kept], begins[kept], counts[kept]
        sizes[ids[words]] += counts + _WORD
        order = order_of_small(ids[words].view(np.uint32))
        self.words = words[order].astype(np.int32)
        self.begins = begins[order].astype(offset_type(len(self.postings.positions)))
        part.files.release()

    def bounds(self, some: slice) -> tuple[Array, Array, Array]:
        """Where the postings of some words begin and end, and where their positions begin."""
        starts, ends = self.postings.bounds(self.words[some])
        return starts, ends, self.begins[some].astype(np.int64)

    def release(self) -> None:
        """Lets go of the pages that were read, of which few words here and there make many."""
        self.part.files.release("postings")


def merge_field(
    writer: ArrayWriter,
    field: str,
    parts: Sequence[Part],
    renumbered: Sequence[Array],
    word_count: int,
    advance: Callable[[int], object],
) -> None:
    """Writes the postings of the live documents of segments.

    Args:
        renumbered: for each segment the new ids of its words (int32), -1 for those that are gone.
        word_count: so many new ids there are.
        advance: called now and then with the bytes that were written.
    """
    sizes = np.zeros(word_count, np.int64)
    sources = [
        _Source(part, field, ids, sizes) for part, ids in zip(parts, renumbered, strict=True)
    ]
    out = PostingsWriter(writer, field)
    counts = np.zeros(word_count, np.int64)
    for segment, ids, starts, ends, begins in _batches(sources, renumbered, sizes):
        of_source = [np.flatnonzero(segment == n) for n in range(len(sources))]
        borders = edges(ends - starts)
        docs = np.empty(int(borders[-1]), np.uint32)
        freqs = np.empty(len(docs), max(source.postings.freqs.dtype for source in sources))
        for source, own in zip(sources, of_source, strict=True):
            stretches = starts[own], ends[own], borders[own]
            source.postings.docs.lay(*stretches, docs, source.new_docs)
            source.postings.freqs.lay(*stretches, freqs)
            source.release()
        # The positions of a stretch of postings are one stretch too.
        places = edges(freqs)[borders]
        behind = begins + np.diff(places)
        kind = max(source.postings.positions.dtype for source in sources)
        positions = np.empty(int(places[-1]), kind)
        for source, own in zip(sources, of_source, strict=True):
            source.postings.positions.lay(begins[own], behind[own], places[own], positions)
            source.release()
        kept = docs != _GONE
        if not kept.all():
            positions = positions[np.repeat(kept, freqs)]
            docs, freqs = docs[kept], freqs[kept]
            borders = edges(kept)[borders]
        np.add.at(counts, ids, np.diff(borders))
        out.append(docs, freqs, positions)
        advance(docs.nbytes + freqs.nbytes + positions.nbytes)
    out.close(counts)


def _batches(
    sources: Sequence[_Source], renumbered: Sequence[Array], sizes: Array
) -> Iterator[tuple[Array, Array, Array, Array, Array]]:
    """The words of all segments in the order of their new ids, so many at a time that they fit.

    Yields, for each word of a segment, the number of the segment, the new id, where its postings
    begin and end, and where its positions begin. A word with more positions than a batch holds
    comes alone in several batches, document after document.
    """
    borders = _borders(sizes)
    cuts = [
        np.searchsorted(ids[source.words], borders)
        for source, ids in zip(sources, renumbered, strict=True)
    ]
    for n, (first, last) in enumerate(pairwise(borders.tolist())):
        rows = []
        for number, (source, ids, cut) in enumerate(zip(sources, renumbered, cuts, strict=True)):
            own = slice(int(cut[n]), int(cut[n + 1]))
            words = source.words[own]
            segment = np.full(len(words), number, np.uint32)
            rows.append((segment, ids[words], *source.bounds(own)))
        columns = [np.concatenate(column) for column in zip(*rows, strict=True)]
        if last - first == 1 and sizes[first] > _BATCH:
            yield from _parted(sources, columns, int(sizes[first]))
            continue
        # The stretches of a word stand in the order of segments.
        order = order_of_small((columns[1] - first).view(np.uint32))
        segment, ids, starts, ends, begins = (column[order] for column in columns)
        yield segment, ids, starts, ends, begins


def _borders(sizes: Array) -> Array:
    """Where the batches begin, and the last of them ends: each takes about `_BATCH`; a word
    that takes more has a batch of its own."""
    large = np.flatnonzero(sizes > _BATCH)
    full = np.flatnonzero(np.diff(np.cumsum(sizes) // _BATCH)) + 1
    return np.unique(np.concatenate([full, large, large + 1, [0, len(sizes)]])).astype(np.int64)


def _parted(
    sources: Sequence[_Source], columns: Sequence[Array], size: int
) -> Iterator[tuple[Array, Array, Array, Array, Array]]:
    """The stretches of one word that takes so much in all, document after document."""
    segments, ids, starts, ends, _ = columns
    step = max(1, int((ends - starts).sum()) * _BATCH // size)
    for n, source in enumerate(segments.tolist()):
        for start in range(int(starts[n]), int(ends[n]), step):
            at = np.array([start])
            end = np.minimum(at + step, ends[n])
            own = slice(n, n + 1)
            yield segments[own], ids[own], at, end, sources[source].postings.starts(at)
