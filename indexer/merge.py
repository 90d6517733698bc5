"""Merging segments into one: arrays are copied and renumbered, nothing is analysed again.

Memory is bounded by working through the words in batches; documents keep their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from .arrayfile import Array, ArrayWriter
from .heap import trim
from .lexiconwriter import write_lexicon
from .mergepostings import merge_field
from .mergewords import Part, common_words, renumbered
from .passagetable import merge_passages
from .schema import VALUE_FIELDS, WORD_FIELDS
from .segment import SegmentFiles
from .segmentinfo import SegmentInfo
from .segmentwriter import SegmentWriter
from .storage import Folder
from .values import merge_values, write_id_hashes

#: Told of so many more bytes that were read or written.
Advance = Callable[[int], object]


def advance_of(segments: Iterable[SegmentInfo], progress: Callable[[int, int], object]) -> Advance:
    """How far the merging of all of some segments has come: each is read and then written anew.

    Args:
        progress: called with the bytes that are done, and about how many there are.
    """
    done, total = 0, 2 * sum(map(size_of, segments))

    def told(more: int) -> None:
        nonlocal done
        done = min(done + more, total)
        progress(done, total)

    return told


def size_of(segment: SegmentInfo) -> int:
    """The bytes of a segment's files."""
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
        advance(size_of(files.info))
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
            merge_field(out.postings, field, parts, ids_of, len(ids), advance)
            merged = np.concatenate([part.files.lengths[field][part.live] for part in parts])
            out.documents.add(f"{field}.lengths", merged)
            lengths[field] = int(merged.sum(dtype=np.int64))
        _merge_documents(out.documents, parts)
        files = out.finish()
    return SegmentInfo(segment_id, count, lengths, files)


def _runs(live: Array) -> Iterator[tuple[int, int]]:
    """The stretches of documents that are kept."""
    borders = np.flatnonzero(np.diff(live, prepend=False, append=False)).tolist()
    return zip(borders[::2], borders[1::2], strict=True)


def _merge_documents(writer: ArrayWriter, parts: Sequence[Part]) -> None:
    documents = [(part.files.documents, part.live) for part in parts]
    merge_passages(writer, documents)
    for name in VALUE_FIELDS:
        merge_values(writer, name, [(part.files.values[name], part.docs) for part in parts])
        for part in parts:
            part.files.release("documents")
    fingerprints = [file["fingerprints"][live] for file, live in documents]
    writer.add("fingerprints", np.concatenate(fingerprints))
    hashes = []
    for file, live in documents:
        of_doc = np.empty(len(live), np.uint64)
        of_doc[file["ids.docs"]] = file["ids.hashes"]
        hashes.append(of_doc[live])
    write_id_hashes(writer, np.concatenate(hashes))
