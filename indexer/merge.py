"""Merging segments into one: arrays are copied and renumbered, nothing is analysed again.

Memory is bounded by working through the words in batches; documents keep their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from .arrayfile import Array, ArrayWriter
from .blobs import offset_type
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
from .stretches import order_of_small
from .strings import edges
from .values import merge_values, write_id_hashes

#: Words of text whose postings are held in memory at a time.
_BATCH = 500_000
# What a deleted document has for its new number.
_GONE = np.uint32(2**32 - 1)

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
    new_docs = [part.docs.astype(np.uint32) for part in parts]
    for segment, ids, starts, ends, begins in _batches(parts, fields, renumbered):
        of_part = [np.flatnonzero(segment == n) for n in range(len(parts))]
        borders = edges(ends - starts)
        docs = np.empty(int(borders[-1]), np.uint32)
        freqs = np.empty(len(docs), max(postings.freqs.dtype for postings in fields))
        for own, postings, new in zip(of_part, fields, new_docs, strict=True):
            postings.docs.lay(starts[own], ends[own], borders[own], docs, new)
            postings.freqs.lay(starts[own], ends[own], borders[own], freqs)
        # The positions of a stretch of postings are one stretch too.
        places = edges(freqs)[borders]
        behind = begins + np.diff(places)
        positions = np.empty(int(places[-1]), max(postings.positions.dtype for postings in fields))
        for own, postings in zip(of_part, fields, strict=True):
            postings.positions.lay(begins[own], behind[own], places[own], positions)
        kept = docs != _GONE
        if not kept.all():
            positions = positions[np.repeat(kept, freqs)]
            docs, freqs = docs[kept], freqs[kept]
            borders = edges(kept)[borders]
        np.add.at(counts, ids, np.diff(borders))
        out.append(docs, freqs, positions)
        for part in parts:
            part.files.release()
        advance(docs.nbytes + freqs.nbytes + positions.nbytes)
    out.close(counts)


def _batches(
    parts: Sequence[Part], fields: Sequence[Postings], renumbered: Sequence[Array]
) -> Iterator[tuple[Array, Array, Array, Array, Array]]:
    """The words of all segments in the order of their new ids, so many at a time that their
    positions fit.

    Yields, for each word of a segment, the number of the segment, the new id, where its postings
    begin and end, and where its positions begin. A word with more positions than a batch holds
    comes alone in several batches, document after document.
    """
    pairs = []
    for number, (part, postings, new) in enumerate(zip(parts, fields, renumbered, strict=True)):
        old = np.flatnonzero(postings.offsets[1:] != postings.offsets[:-1])
        starts, ends = postings.bounds(old)
        begins = postings.starts(starts)
        sizes = np.diff(begins, append=len(postings.positions))
        part.files.release()
        keep = new[old] >= 0
        columns = [array[keep] for array in (new[old], starts, ends, begins, sizes)]
        for piece in _cut(postings, *columns):
            # There are as many of these as words in all segments together: kept small.
            segment = np.full(len(piece[0]), number, np.uint16)
            pairs.append((segment, *map(_small, piece)))
    if not pairs:
        return
    segment, ids, starts, ends, begins, sizes = (
        np.concatenate([pair[n] for pair in pairs]) for n in range(6)
    )
    del pairs
    # The stretches of a word stand in the order of segments and of their postings already.
    order = order_of_small(ids)
    batch_of = np.cumsum(sizes[order], dtype=np.int64) // _BATCH
    del sizes
    for rows in np.split(order, np.flatnonzero(np.diff(batch_of)) + 1):
        at = [array[rows].astype(np.int64) for array in (starts, ends, begins)]
        yield segment[rows], ids[rows], at[0], at[1], at[2]


def _small(numbers: Array) -> Array:
    return numbers.astype(offset_type(int(numbers.max(initial=0))))


def _cut(
    postings: Postings, ids: Array, starts: Array, ends: Array, begins: Array, sizes: Array
) -> Iterator[tuple[Array, ...]]:
    """The stretches, those with too many positions cut into several."""
    large = sizes > _BATCH
    yield tuple(array[~large] for array in (ids, starts, ends, begins, sizes))
    for n in np.flatnonzero(large):
        step = max(1, int((ends[n] - starts[n]) * _BATCH // int(sizes[n])))
        firsts = np.arange(starts[n], ends[n], step)
        lasts = np.append(firsts[1:], ends[n])
        of_word, full = np.full_like(firsts, ids[n]), np.full_like(firsts, _BATCH)
        # Each but the last may fill a batch by itself.
        yield of_word, firsts, lasts, postings.starts(firsts), full


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
