"""Writing to an index: documents are added and deleted, and all of it is committed at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from whoosh.writing import IndexWriter

from .arrayfile import Array
from .builder import FLUSH_BYTES, Origin, SegmentBuilder
from .codec import Segment
from .commit import (
    FORMAT,
    LOCK_NAME,
    Commit,
    language_versions,
    read_commit,
    remove_unused,
    write_commit,
)
from .document import FIELD_NAMES, Document, validated
from .errors import DocumentError, FihrisError, WriterClosed
from .lexicons import about_different
from .merge import advance_of
from .mergegroups import merge_groups, worthwhile_jobs
from .mergepolicy import choose_merges
from .segment import SegmentFiles, write_deletions
from .segmentinfo import SegmentInfo
from .storage import Folder
from .stretches import stretches

if TYPE_CHECKING:
    from .index import Index


class Writer(IndexWriter):
    """The one writer of an index. Use it in a `with` block: leaving it commits, all or nothing;
    an exception inside it leaves the index as it was.

    Attributes:
        schema: the fields, for Whoosh.
        optimize: set to True to merge all segments at the commit.
        jobs: how many processes may merge segments at the same time.
        merging: called now and then while segments are merged, with the bytes that are done and
            those there are; None for nobody.
    """

    def __init__(self, index: Index) -> None:
        self._index, self._folder = index, index.folder
        self.schema = index.schema
        self.optimize = False
        self.jobs = 1
        self.merging: Callable[[int, int], object] | None = None
        self._lock = ExitStack()
        self._lock.enter_context(self._folder.locked(LOCK_NAME))
        try:
            self._before = read_commit(self._folder)
            remove_unused(self._folder, self._before)
            self._old = index.open_segments(self._before)
        except BaseException:
            self._lock.close()
            raise
        self._deleted: dict[str, Array] = {
            segment.info.id: segment.deleted.copy()
            for segment in self._old
            if segment.deleted is not None
        }
        self._new: list[SegmentInfo] = []
        self._opened: dict[str, SegmentFiles] = {s.info.id: s.files for s in self._old}
        self._builder: SegmentBuilder | None = None
        self.is_closed = self._failed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.is_closed:
            if self._failed and kind is None:
                raise WriterClosed("nothing was committed, because writing failed before")
            return
        if kind is None:
            self.commit()
        else:
            self.cancel()

    def add(self, document: Document, origin: Origin = Origin()) -> None:  # noqa: B008
        """Adds a document; one that has the same id, committed or not, is replaced.

        Raises DocumentError, and then nothing of the document was added.
        """
        self._check_open()
        document = validated(document)
        with self._or_nothing():
            if self._builder is None:
                self._builder = SegmentBuilder(self._folder)
            self._builder.add(document, origin)
        if self._builder.memory > FLUSH_BYTES:
            self.flush()

    def add_document(self, **fields: Any) -> None:
        """Whoosh's way to add a document: fields by name."""
        if unknown := sorted(set(fields) - set(FIELD_NAMES)):
            raise DocumentError(
                f"document {fields.get('id')!r}",
                f"has no field named {unknown[0]!r}",
                f"the fields are {', '.join(FIELD_NAMES)}; put others into extra",
            )
        self.add(Document(**fields))

    def update_document(self, **fields: Any) -> None:
        """Whoosh's way to replace a document; `add_document` does it too."""
        self.add_document(**fields)

    def delete(self, document_id: str) -> bool:
        """Deletes the document of that id; tells whether there was one."""
        self._check_open()
        self.flush()
        found = False
        for name, files in self.opened():
            for doc in files.values["id"].docs_of(document_id).tolist():
                found |= self._mark(name, files, np.array([doc]))
        return found

    def delete_documents(self, segment_id: str, docs: Array) -> None:
        """Deletes documents of a committed segment by their numbers there."""
        self._check_open()
        self._mark(segment_id, self._opened[segment_id], docs)

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Whoosh's way to delete: by the document's number in the index."""
        self._check_open()
        first = 0
        for segment in self._old:
            if first <= docnum < first + segment.info.documents:
                self._mark(segment.info.id, segment.files, np.array([docnum - first]))
                return
            first += segment.info.documents
        raise ValueError(f"there is no document number {docnum}")

    def reader(self, **_: Any) -> Any:
        """Whoosh's reader of what is committed."""
        return self._index.reader()

    @property
    def folder(self) -> Folder:
        """The folder of the index."""
        return self._folder

    @property
    def committed(self) -> list[Segment]:
        """The segments of the commit that is being added to."""
        return list(self._old)

    def opened(self) -> list[tuple[str, SegmentFiles]]:
        """All segments by id, oldest first, those written since the last commit included."""
        for info in self._new:
            if info.id not in self._opened:
                self._opened[info.id] = SegmentFiles(self._folder, info)
        infos = [segment.info for segment in self._old] + self._new
        return [(info.id, self._opened[info.id]) for info in infos]

    def flush(self) -> None:
        """Writes what was added as a segment, without committing it."""
        if self._builder is not None:
            builder, self._builder = self._builder, None
            with self._or_nothing():
                self._new.append(builder.finish())

    def adopt(self, segments: Sequence[SegmentInfo]) -> None:
        """Takes over segments that other processes wrote into the index's folder."""
        self._check_open()
        self.flush()
        self._new.extend(segments)

    def commit(self, **_: Any) -> None:  # type: ignore[override]
        """Makes all changes lasting and visible. When it raises, nothing has changed."""
        self._check_open()
        with self._or_nothing():
            self.flush()
            self._replace_older()
            kept = [info for info in self._current() if info.deleted < info.documents]
            kept = self._merged(kept)
            if kept != self._before.segments:
                commit = Commit(FORMAT, self._before.generation + 1, language_versions(), kept)
                write_commit(self._folder, commit)
        self._close()

    def cancel(self) -> None:
        """Forgets all changes since the last commit."""
        if self.is_closed:
            return
        if self._builder is not None:
            self._builder.abort()
        self._close()

    def _close(self) -> None:
        self.is_closed = True
        self._builder = None
        self._opened.clear()
        # What cannot be removed now is removed by the next writer; the commit stands or falls
        # without it. The record is read again: when the disk failed at the last step of a commit,
        # only the record tells whether it was made.
        with suppress(FihrisError):
            remove_unused(self._folder, read_commit(self._folder))
        self._lock.close()

    @contextmanager
    def _or_nothing(self) -> Iterator[None]:
        """A step after whose failure half a change would remain: then all of them are forgotten,
        also when the caller goes on."""
        try:
            yield
        except BaseException:
            self._failed = True
            self.cancel()
            raise

    def _check_open(self) -> None:
        if self.is_closed:
            raise WriterClosed("this writer has finished; ask the index for another one")

    def _mark(self, segment_id: str, files: SegmentFiles, docs: Array) -> bool:
        deleted = self._deleted.setdefault(segment_id, np.zeros(files.count, bool))
        changed = not deleted[docs].all()
        deleted[docs] = True
        return changed

    def _replace_older(self) -> None:
        """Marks as deleted every document whose id is given again by a later, live one."""
        segments = self.opened()
        for number in range(len(self._old), len(segments)):
            name, files = segments[number]
            deleted = self._deleted.get(name)
            hashes, docs = files.documents["ids.hashes"], files.documents["ids.docs"]
            if deleted is not None:
                hashes, docs = hashes[~deleted[docs]], docs[~deleted[docs]]
            # Within a segment equal ids stand next to each other; of them the last one counts.
            again = np.flatnonzero(hashes[1:] == hashes[:-1])
            self._mark_same(name, files, docs[again], files, docs[again + 1])
            for other_name, older in segments[:number]:
                theirs = older.documents["ids.hashes"]
                places, newer = stretches(
                    np.arange(len(theirs)),
                    np.searchsorted(theirs, hashes, "left"),
                    np.searchsorted(theirs, hashes, "right"),
                )
                self._mark_same(
                    other_name, older, older.documents["ids.docs"][places], files, docs[newer]
                )

    def _mark_same(
        self, name: str, files: SegmentFiles, docs: Array, others: SegmentFiles, by: Array
    ) -> None:
        """Deletes those documents whose id is that of the other one; hashes only point out
        candidates, so that no document is lost to a chance likeness."""
        same = [
            doc
            for doc, other in zip(docs.tolist(), by.tolist(), strict=True)
            if files.id_of(doc) == others.id_of(other)
        ]
        if same:
            self._mark(name, files, np.array(same))

    def _current(self) -> list[SegmentInfo]:
        """The segments with their deletions as of now, newly written where they changed."""
        committed = {segment.info.id: segment for segment in self._old}
        current = []
        for name, files in self.opened():
            deleted = self._deleted.get(name)
            count = 0 if deleted is None else int(deleted.sum())
            info = committed[name].info if name in committed else files.info
            if deleted is not None and count > info.deleted and count < info.documents:
                ending = f"deleted{self._before.generation + 1}"
                stamp = write_deletions(self._folder, f"{name}.{ending}", deleted)
                kept = {key: value for key, value in info.files.items() if key != info.deletions}
                info = SegmentInfo(
                    info.id, info.documents, info.lengths, {**kept, ending: stamp}, count, ending
                )
            elif count == info.documents:
                info = SegmentInfo(info.id, info.documents, info.lengths, info.files, count)
            current.append(info)
        return current

    def _merged(self, segments: list[SegmentInfo]) -> list[SegmentInfo]:
        if self.optimize:
            groups = [segments] if len(segments) > 1 or any(s.deleted for s in segments) else []
        else:
            added = {info.id for info in self._new}
            at_once = worthwhile_jobs(self._new, self.jobs)
            groups = choose_merges(segments, self._different, added, at_once)
        told = advance_of(chain(*groups), self.merging or (lambda _done, _total: None))
        files = [[(self._opened[s.id], self._deleted.get(s.id)) for s in group] for group in groups]
        merged = merge_groups(self._folder, files, self.jobs, told)
        for group, whole in zip(groups, merged, strict=True):
            place = min(segments.index(info) for info in group)
            segments = [info for info in segments if info not in group]
            segments.insert(place, whole)
        return segments

    def _different(self, segments: Sequence[SegmentInfo]) -> int:
        return about_different([self._opened[info.id].lexicon for info in segments])
