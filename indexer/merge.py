"""Merging segments into one: arrays are copied and renumbered, nothing is analysed again.

Memory is bounded by working through the words in batches; documents keep their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .arrayfile import Array, ArrayWriter
from .heap import trim
from .lexiconwriter import write_lexicon
from .mergewords import Part, common_words, renumbered
from .passagetable import PassageTable
from .postings import Postings, PostingsWriter
from .schema import VALUE_FIELDS, WORD_FIELDS
from .segment import SegmentFiles
from .segmentinfo import SegmentInfo
from .segmentwriter import SegmentWriter
from .storage import Folder
from .stretches import order_of_small, pieces
from .strings import edges
from .values import merge_values, write_id_hashes

#: Words of text whose postings are held in memory at a time.
_BATCH = 500_000

#: Told of so many more bytes that were read or written.
Advance = Callable[[int], object]


def advance_of(segments: Iterable[SegmentInfo], progress: Callable[[int, int], object]) -> Advance:
    """How far the merging of all of some segments has come: each is read and then written anew.

    Args:
        progress: called with the bytes that are done, and about how many there are.
    """
    done, total = 0, 2 * sum(map(_size, segments))

    def told(more: int) -> None:
        nonlocal done
        done = min(done + more, total)
        progress(done, total)

    return told


def _size(segment: SegmentInfo) -> int:
    return sum(file.size for file in segment.files.values())


def merge_segments(
    folder: Folder,
    segment_id: str,
    segments: Sequence[tuple[SegmentFiles, Array | None]],
    new_keys: bool = False,
    advance: Advance = lambda _: None,
) -> SegmentInfo:
    """Writes the live documents of segments as a new one.

    Args:
        segments: the files of each, and which of its documents are deleted (None: no one).
        new_keys: whether the keys of words are found out again, not copied.
        advance: called now and then.

    Raises:
        IndexDamaged: a file was altered; it is not copied under a checksum that would hide it.
    """
    for files, _ in segments:
        files.verify()
        advance(_size(files.info))
    parts: list[Part] = []
    count = 0
    for files, deleted in segments:
        live = np.ones(files.count, bool) if deleted is None else ~deleted
        docs = np.where(live, np.cumsum(live) - 1 + count, -1)
        count += int(live.sum())
        parts.append(Part(files, live, docs))

    with SegmentWriter(folder, segment_id) as out:
        for part in parts:
            for run in _runs(part.live):
                for records, lengths in part.files.pieces(*run):
                    out.store.add_stored(records, lengths)
                    advance(len(records))
            part.files.release()
        numbers, words, keys, masks, folded = common_words(parts, new_keys)
        ids = write_lexicon(out.lexicon, words, keys, masks, folded)
        del words, keys, masks, folded
        ids_of = [renumbered(n, ids) for n in numbers]
        del numbers
        trim()
        advance(sum(files.info.files["lexicon"].size for files, _ in segments))
        lengths = {}
        for field in WORD_FIELDS:
            _merge_field(out.postings, field, parts, ids_of, len(ids), advance)
            merged = np.concatenate([part.files.lengths[field][part.live] for part in parts])
            out.documents.add(f"{field}.lengths", merged)
            lengths[field] = int(merged.sum(dtype=np.int64))
        _merge_documents(out.documents, parts, count)
        files = out.finish()
    return SegmentInfo(segment_id, count, lengths, files)


def _runs(live: Array) -> Iterator[tuple[int, int]]:
    """The stretches of documents that are kept."""
    borders = np.flatnonzero(np.diff(live, prepend=False, append=False)).tolist()
    return zip(borders[::2], borders[1::2], strict=True)


def _merge_field(
    writer: ArrayWriter,
    field: str,
    parts: Sequence[Part],
    renumbered: Sequence[Array],
    word_count: int,
    advance: Advance,
) -> None:
    fields = [part.files.postings[field] for part in parts]
    out = PostingsWriter(writer, field)
    counts = np.zeros(word_count, np.int64)
    for batch in _batches(parts, fields, renumbered):
        found = [
            _gather(part, postings, *piece)
            for part, postings, piece in zip(parts, fields, batch, strict=True)
        ]
        terms = np.concatenate([piece.terms for piece in found])
        docs = np.concatenate([piece.docs for piece in found])
        freqs = np.concatenate([piece.freqs for piece in found])
        places = np.concatenate([piece.positions for piece in found])
        # The postings of a word in a segment stand together and are moved together.
        inner = np.flatnonzero(terms[1:] != terms[:-1]) + 1
        starts = np.append(0, inner)[: len(terms)]
        ends = np.append(inner, len(terms))[: len(terms)]
        order = order_of_small(terms[starts])
        starts, ends = starts[order], ends[order]
        before = edges(freqs)
        positions = pieces(places, before[starts], before[ends])
        counts += np.bincount(terms, minlength=word_count)
        out.append(pieces(docs, starts, ends), pieces(freqs, starts, ends), positions)
        for part in parts:
            part.files.release()
        advance(docs.nbytes + freqs.nbytes + positions.nbytes)
    out.close(counts)


def _batches(
    parts: Sequence[Part], fields: Sequence[Postings], renumbered: Sequence[Array]
) -> Iterator[list[tuple[Array, Array, Array]]]:
    """The words in the order of their new ids, so many at a time that their positions fit.

    Yields, for each segment, the new id and the stretch of postings of each of its words. A word
    with more positions than a batch holds comes alone in several batches, document after document.
    """
    pairs = []
    for number, (part, postings, new) in enumerate(zip(parts, fields, renumbered, strict=True)):
        old = np.flatnonzero(new >= 0)
        starts, ends = postings.bounds(old)
        keep = ends > starts
        sizes = postings.starts(ends[keep] - 1) - postings.starts(starts[keep])
        part.files.release()
        for piece in _cut(postings, new[old][keep], starts[keep], ends[keep], sizes):
            # There are as many of these as words in all segments together: kept small.
            segment = np.full(len(piece[0]), number, np.uint16)
            pairs.append((segment, *(array.astype(np.uint32) for array in piece)))
    if not pairs:
        return
    segment, ids, starts, ends, sizes = (
        np.concatenate([pair[n] for pair in pairs]) for n in range(5)
    )
    del pairs
    order = np.lexsort((starts, segment, ids))
    batch_of = np.cumsum(sizes[order], dtype=np.int64) // _BATCH
    for chosen in np.split(order, np.flatnonzero(np.diff(batch_of)) + 1):
        of_segment = [chosen[segment[chosen] == n] for n in range(len(fields))]
        yield [
            (ids[rows], starts[rows].astype(np.int64), ends[rows].astype(np.int64))
            for rows in of_segment
        ]


def _cut(
    postings: Postings, ids: Array, starts: Array, ends: Array, sizes: Array
) -> Iterator[tuple[Array, Array, Array, Array]]:
    """The stretches, those with too many positions cut into several."""
    large = sizes > _BATCH
    yield ids[~large], starts[~large], ends[~large], sizes[~large] + 1
    for n in np.flatnonzero(large):
        step = max(1, int((ends[n] - starts[n]) * _BATCH // int(sizes[n])))
        borders = np.append(np.arange(starts[n], ends[n], step), ends[n])
        count = len(borders) - 1
        # Each but the last may fill a batch by itself.
        yield np.full(count, ids[n]), borders[:-1], borders[1:], np.full(count, _BATCH)


@dataclass
class _Found:
    """Some postings of one segment, renumbered."""

    terms: Array
    docs: Array
    freqs: Array
    positions: Array


def _gather(part: Part, postings: Postings, ids: Array, starts: Array, ends: Array) -> _Found:
    docs, which = postings.docs.stretches(starts, ends)
    freqs = postings.freqs.pieces(starts, ends)
    docs = part.docs[docs]
    kept = docs >= 0
    # The positions of a stretch of postings are one stretch too.
    begins = postings.starts(starts)
    places = edges(freqs)[edges(ends - starts)]
    positions = postings.positions.pieces(begins, begins + np.diff(places))
    if not kept.all():
        positions = positions[np.repeat(kept, freqs)]
    return _Found(ids[which][kept], docs[kept], freqs[kept], positions)


def _merge_documents(writer: ArrayWriter, parts: Sequence[Part], count: int) -> None:
    tables, positions = [], []
    for part in parts:
        borders = part.files.documents["passages.edges"].astype(np.int64)
        docs = np.repeat(part.docs, np.diff(borders))
        kept = docs >= 0
        arrays = [
            part.files.documents[f"passages.{name}"][kept]
            for name in ("starts", "kinds", "languages", "positions")
        ]
        tables.append((docs[kept], *arrays[:3]))
        positions.append(arrays[3])
    table = PassageTable(*(np.concatenate([t[n] for t in tables]) for n in range(4)))
    table.positions = np.concatenate(positions)
    table.write(writer, count)
    for name in VALUE_FIELDS:
        merge_values(writer, name, [(part.files.values[name], part.docs) for part in parts])
    writer.add(
        "fingerprints",
        np.concatenate([part.files.documents["fingerprints"][part.live] for part in parts]),
    )
    hashes = []
    for part in parts:
        of_doc = np.empty(part.files.count, np.uint64)
        of_doc[part.files.documents["ids.docs"]] = part.files.documents["ids.hashes"]
        hashes.append(of_doc[part.live])
    write_id_hashes(writer, np.concatenate(hashes))
