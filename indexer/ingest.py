"""Bringing an index up to date with files and folders, in one commit."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import BinaryIO

import msgspec
import numpy as np

from .codec import Segment
from .errors import InputError
from .found import Found, Skipped
from .index import Index
from .intake import MAX_ERRORS, BlockTask, FileTask, Outcome, Task, given_before
from .known import Known
from .readers import Block, RecordReader, reader_for
from .repeated import Taken, candidates
from .segmentinfo import SegmentInfo
from .sources import Source, Sources, Unread
from .vanished import Vanished
from .workers import Workers
from .writer import Writer

# Files are handed out so many, or so many bytes, at a time.
_TASK_FILES = 64
_TASK_BYTES = 2 * 1024 * 1024
# Reading more than so many bytes takes much memory, which merging would need again.
_LARGE = 32 * 1024 * 1024
_INTERVAL = 0.1


class Progress(msgspec.Struct, frozen=True):
    """How far indexing has come; the totals are of what was found at the beginning."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    documents: int


class Summary(msgspec.Struct):
    """What indexing did.

    Attributes:
        added, changed, unchanged, removed: documents.
        errors: what was left out, and why; at most MAX_ERRORS of them.
        errors_total: how much was left out.
        skipped: how many files were passed over, by reason.
        kept: why documents whose files are gone were kept all the same.
        seconds: how long it took.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    errors: list[InputError] = msgspec.field(default_factory=list)
    errors_total: int = 0
    skipped: dict[str, int] = msgspec.field(default_factory=dict)
    kept: list[str] = msgspec.field(default_factory=list)
    seconds: float = 0.0


def index_paths(
    index: Index,
    paths: Sequence[str | os.PathLike[str]],
    *,
    jobs: int = 1,
    prune: bool = False,
    progress: Callable[[Progress], None] | None = None,
    merging: Callable[[int, int], object] | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Summary:
    """Indexes files and folders: what is new is added, what changed is replaced, what is gone is
    removed, what is the same is passed over; all in one commit.

    Args:
        paths: files and folders; what lies in the folder of the index is passed over.
        jobs: how many processes read and analyse, and then merge.
        prune: remove the documents of files that are gone even where a guard says no: when a
            folder is missing or empty, or over half of its files are gone.
        progress: called now and then with how far it has come.
        merging: called now and then when all is read and segments are merged (`Writer.merging`).
        on_error: called with each error of the summary, as it happens.

    Raises:
        ValueError: there is no job.
        IndexLocked, StorageError, WorkerFailed: the index is as it was.
    """
    if jobs < 1:
        raise ValueError(f"jobs is {jobs}, and must be at least 1")
    begin = monotonic()
    with index.writer() as writer:
        writer.merging, writer.jobs = merging, jobs
        sources = Sources([Path(path) for path in paths], index.path)
        run = _Run(writer, sources, progress, on_error)
        run.take_in(jobs)
        run.remove_vanished(prune)
        run.refuse_repeated()
    run.summary.seconds = monotonic() - begin
    return run.summary


class _Run:
    """One run of indexing."""

    def __init__(
        self,
        writer: Writer,
        sources: Sources,
        progress: Callable[[Progress], None] | None,
        on_error: Callable[[InputError], None] | None,
    ) -> None:
        self.summary = Summary()
        self._writer, self._sources = writer, sources
        self._progress, self._on_error = progress, on_error
        self._segments: list[Segment] = writer.committed
        self._known = Known(self._segments)
        self._present = [np.zeros(s.files.count, bool) for s in self._segments]
        self._failed: set[str] = set()
        self._taken: dict[int, Taken] = {}
        self._written: list[SegmentInfo] = []
        self._first_of_worker: list[int] = []
        self._files_done = self._bytes_done = self._documents = 0
        self._files_total = self._bytes_total = 0
        self._told = 0.0

    # Reading

    def take_in(self, jobs: int) -> None:
        """Reads everything and hands the new segments to the writer."""
        for item in self._sources:
            if isinstance(item, Source):
                self._files_total += 1
                self._bytes_total += item.found.size
        workers = Workers(
            self._writer.folder, self._segments, jobs, apart=self._bytes_total > _LARGE
        )
        with closing(workers.run(self._tasks())) as outcomes:
            for number, worker, outcome in outcomes:
                self._note(number, worker, outcome)
        self._tell()
        for segments in workers.written:
            self._first_of_worker.append(len(self._written))
            self._written.extend(segments)
        self._writer.adopt(self._written)

    def _tasks(self) -> Iterator[Task]:
        batch: list[Source] = []
        size = 0
        for item in self._sources:
            if isinstance(item, Unread):
                self._fail(item.error, *item.origins)
                continue
            if isinstance(item, Skipped):
                reasons = self.summary.skipped
                reasons[item.reason] = reasons.get(item.reason, 0) + 1
                continue
            reader = reader_for(item.found.path.name)
            if isinstance(reader, RecordReader):
                yield from self._blocks(item, reader)
                continue
            batch.append(item)
            size += item.found.size
            if len(batch) >= _TASK_FILES or size >= _TASK_BYTES:
                yield FileTask(batch)
                batch, size = [], 0
        if batch:
            yield FileTask(batch)

    def _blocks(self, source: Source, reader: RecordReader) -> Iterator[Task]:
        found, left, empty = source.found, source.found.size, True
        try:
            with _opened(found) as file:
                for block in reader.blocks(file, found.where):
                    empty = False
                    if isinstance(block, Block):
                        left -= len(block.data)
                        yield BlockTask(found.where, source.origin, block)
                    else:
                        self._fail(block, source.origin)
            if empty:
                raise InputError(found.where, "is empty", "leave it out or fill it")
        except OSError as error:
            reason = f"cannot be read ({error.strerror})"
            self._fail(InputError(found.where, reason, "check its permissions"), source.origin)
        except InputError as error:
            self._fail(error, source.origin)
        self._files_done += 1
        # What was passed over is done with too.
        self._bytes_done += max(left, 0)

    def _note(self, number: int, worker: int, outcome: Outcome) -> None:
        taken = self._taken[number] = Taken.of(outcome, worker)
        for segment, doc in outcome.replaced:
            self._present[segment][doc] = True
        for place in np.flatnonzero(taken.segments < 0):
            self._present[-1 - taken.segments[place]][taken.docs[place]] = True
        summary = self.summary
        summary.unchanged += outcome.unchanged
        summary.changed += outcome.changed
        summary.added += outcome.added
        for error in outcome.errors:
            self._fail(error)
        summary.errors_total += outcome.errors_total - len(outcome.errors)
        self._failed |= outcome.failed
        self._documents += outcome.documents
        self._bytes_done += outcome.bytes
        self._files_done += outcome.files
        if monotonic() - self._told >= _INTERVAL:
            self._tell()

    def _tell(self) -> None:
        self._told = monotonic()
        if self._progress is not None:
            self._progress(
                Progress(
                    self._files_done,
                    self._files_total,
                    self._bytes_done,
                    self._bytes_total,
                    self._documents,
                )
            )

    def _fail(self, error: InputError, *origins: str) -> None:
        self._failed.update(origins)
        self.summary.errors_total += 1
        if len(self.summary.errors) < MAX_ERRORS:
            self.summary.errors.append(error)
            if self._on_error is not None:
                self._on_error(error)

    # What is gone

    def remove_vanished(self, prune: bool) -> None:
        """Removes the documents whose files, or records, are no longer there."""
        vanished = Vanished(self._known, self._sources, self._present, self._failed)
        # The innermost first: what is kept there is not removed with the folder around it.
        for root, path in sorted(self._sources.roots.items(), key=lambda item: -len(item[0])):
            gone = vanished.below(root)
            if not any(map(len, gone)):
                continue
            reason = "" if prune else vanished.guard(root, path, gone)
            if reason:
                self.summary.kept.append(reason)
            for n, docs in enumerate(gone):
                self._present[n][docs] = True
                if not reason:
                    self._writer.delete_documents(self._segments[n].info.id, docs)
                    self.summary.removed += len(docs)

    # What was given twice

    def refuse_repeated(self) -> None:
        """Of several documents with one id in this run keeps the first, and names the others."""
        opened = dict(self._writer.opened())
        first: dict[str, tuple[str, int]] = {}
        for taken, row in candidates([taken for _, taken in sorted(self._taken.items())]):
            segment, doc, line = (int(a[row]) for a in (taken.segments, taken.docs, taken.lines))
            if segment < 0:
                name = self._segments[-1 - segment].info.id
            else:
                name = self._written[self._first_of_worker[taken.worker] + segment].id
            files = opened[name]
            document_id, origin = files.id_of(doc), files.origin_of(doc)
            if document_id in first:
                self._count_out(name, doc, segment < 0, document_id)
                self._fail(given_before(origin, line, document_id, *first[document_id]))
            else:
                first[document_id] = origin, line

    def _count_out(self, segment: str, doc: int, unchanged: bool, document_id: str) -> None:
        summary = self.summary
        if unchanged:
            summary.unchanged -= 1
            return
        self._writer.delete_documents(segment, np.array([doc]))
        if self._known.by_id(document_id) is not None:
            summary.changed -= 1
        else:
            summary.added -= 1


def _opened(found: Found) -> BinaryIO:
    """The file, open for reading. Raises OSError, or InputError when it is no file any more."""
    # A pipe put in the file's place since it was found must not be waited for.
    file = os.fdopen(os.open(found.path, os.O_RDONLY | os.O_NONBLOCK), "rb")
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise InputError(found.where, "is no longer a file", "index it again")
