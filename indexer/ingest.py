"""Bringing an index up to date with files and folders, in one commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import numpy as np

from .arrayfile import Array
from .builder import SegmentInfo
from .codec import Segment
from .errors import InputError
from .found import Found, Skipped, shown
from .index import Index
from .intake import BlockTask, FileTask, Outcome, Task
from .known import Known
from .readers import Block, RecordReader, reader_for
from .walk import walk
from .workers import Workers
from .writer import Writer

# Files are handed out so many, or so many bytes, at a time.
_TASK_FILES = 64
_TASK_BYTES = 2 * 1024 * 1024
_INTERVAL = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far indexing has come; the totals are of what was found at the beginning."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    documents: int


@dataclass(slots=True)
class Summary:
    """What indexing did.

    Attributes:
        added, changed, unchanged, removed: documents.
        errors: what was left out, and why.
        skipped: how many files were passed over, by reason.
        kept: why documents whose files are gone were kept all the same.
        seconds: how long it took.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    errors: list[InputError] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    seconds: float = 0.0


def index_paths(
    index: Index,
    paths: Sequence[str | os.PathLike[str]],
    *,
    jobs: int = 1,
    prune: bool = False,
    progress: Callable[[Progress], None] | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Summary:
    """Indexes files and folders: what is new is added, what changed is replaced, what is gone is
    removed, what is the same is passed over; all in one commit.

    Args:
        paths: files and folders.
        jobs: how many processes read and analyse.
        prune: remove the documents of files that are gone even where a guard says no: when a
            folder is missing or empty, or over half of its files are gone.
        progress: called now and then with how far it has come.
        on_error: called with each error as it happens; they are in the summary too.

    Raises:
        IndexLocked, StorageError, WorkerFailed: the index is as it was.
    """
    begin = monotonic()
    with index.writer() as writer:
        run = _Run(writer, [Path(path) for path in paths], progress, on_error)
        run.take_in(jobs)
        run.remove_vanished(prune)
        run.refuse_repeated()
    run.summary.seconds = monotonic() - begin
    return run.summary


@dataclass(slots=True)
class _Taken:
    """The documents of a task, as parallel arrays (see Outcome)."""

    ids: Array
    lines: Array
    segments: Array
    docs: Array
    worker: int


class _Run:
    """One run of indexing."""

    def __init__(
        self,
        writer: Writer,
        paths: Sequence[Path],
        progress: Callable[[Progress], None] | None,
        on_error: Callable[[InputError], None] | None,
    ) -> None:
        self.summary = Summary()
        self._writer, self._paths = writer, paths
        self._progress, self._on_error = progress, on_error
        self._segments: list[Segment] = writer.committed
        self._known = Known(self._segments)
        self._present = [np.zeros(s.files.count, bool) for s in self._segments]
        self._failed: set[str] = set()
        self._roots: dict[str, int] = {}
        self._taken: dict[int, _Taken] = {}
        self._written: list[SegmentInfo] = []
        self._first_of_worker: list[int] = []
        self._files_done = self._bytes_done = self._documents = 0
        self._files_total = self._bytes_total = 0
        self._told = 0.0

    # Reading

    def take_in(self, jobs: int) -> None:
        """Reads everything and hands the new segments to the writer."""
        for item in walk(self._paths):
            if isinstance(item, Found):
                self._files_total += 1
                self._bytes_total += item.size
        workers = Workers(self._writer.folder, self._segments, jobs)
        for number, worker, outcome in workers.run(self._tasks()):
            self._note(number, worker, outcome)
        for segments in workers.written:
            self._first_of_worker.append(len(self._written))
            self._written.extend(segments)
        self._writer.adopt(self._written)

    def _tasks(self) -> Iterator[Task]:
        batch: list[tuple[Found, str]] = []
        size = 0
        for item in walk(self._paths):
            if isinstance(item, InputError):
                self._fail(item)
                continue
            if isinstance(item, Skipped):
                reasons = self.summary.skipped
                reasons[item.reason] = reasons.get(item.reason, 0) + 1
                continue
            self._roots[item.root] = self._roots.get(item.root, 0) + 1
            origin = _origin(item.path)
            reader = reader_for(item.path.name)
            if isinstance(reader, RecordReader):
                yield from self._blocks(item, origin, reader)
                continue
            batch.append((item, origin))
            size += item.size
            if len(batch) >= _TASK_FILES or size >= _TASK_BYTES:
                yield FileTask(batch)
                batch, size = [], 0
        if batch:
            yield FileTask(batch)

    def _blocks(self, found: Found, origin: str, reader: RecordReader) -> Iterator[Task]:
        try:
            with found.path.open("rb") as file:
                for block in reader.blocks(file, found.where):
                    if isinstance(block, Block):
                        yield BlockTask(found.where, origin, block)
                    else:
                        self._fail(block, origin)
        except OSError as error:
            self._fail(InputError(found.where, f"cannot be read ({error.strerror})"), origin)
        except InputError as error:
            self._fail(error, origin)
        self._files_done += 1

    def _note(self, number: int, worker: int, outcome: Outcome) -> None:
        taken = _Taken(
            np.array(outcome.ids, np.uint64),
            np.array(outcome.lines, np.uint32),
            np.array(outcome.segments, np.int32),
            np.array(outcome.docs, np.uint32),
            worker,
        )
        self._taken[number] = taken
        for segment, doc in outcome.replaced:
            self._present[segment][doc] = True
        for place in np.flatnonzero(taken.segments < 0):
            self._present[-1 - taken.segments[place]][taken.docs[place]] = True
        summary = self.summary
        summary.unchanged += outcome.unchanged
        summary.changed += outcome.changed
        summary.added += outcome.added
        for error, origin in zip(outcome.errors, outcome.failed, strict=True):
            self._fail(error, origin)
        self._documents += outcome.documents
        self._bytes_done += outcome.bytes
        self._files_done += outcome.files
        now = monotonic()
        if self._progress is not None and now - self._told >= _INTERVAL:
            self._told = now
            self._progress(
                Progress(
                    self._files_done,
                    self._files_total,
                    self._bytes_done,
                    self._bytes_total,
                    self._documents,
                )
            )

    def _fail(self, error: InputError, origin: str = "") -> None:
        self.summary.errors.append(error)
        if origin:
            self._failed.add(origin)
        if self._on_error is not None:
            self._on_error(error)

    # What is gone

    def remove_vanished(self, prune: bool) -> None:
        """Removes the documents whose files, or records, are no longer there."""
        for path in self._paths:
            root = shown(os.path.realpath(path))
            gone = [
                docs[~present[docs]]
                for docs, present in zip(self._below(root), self._present, strict=True)
            ]
            gone = [
                docs[[self._known.origin_of(n, int(doc)) not in self._failed for doc in docs]]
                if len(docs)
                else docs
                for n, docs in enumerate(gone)
            ]
            count = sum(map(len, gone))
            before = sum(map(len, self._below(root)))
            if not count:
                continue
            if reason := "" if prune else self._guard(root, path, count, before):
                self.summary.kept.append(reason)
                continue
            for n, docs in enumerate(gone):
                self._writer.delete_documents(self._segments[n].info.id, docs)
                self._present[n][docs] = True
            self.summary.removed += count

    def _below(self, root: str) -> list[Array]:
        return [self._known.below(n, root) for n in range(len(self._segments))]

    def _guard(self, root: str, path: Path, gone: int, before: int) -> str:
        where = shown(path)
        if not path.exists():
            state = "is missing"
        elif not self._roots.get(root):
            state = "is empty"
        elif gone * 2 > before and path.is_dir():
            state = f"lacks {gone:,} of its {before:,} documents"
        else:
            return ""
        return (
            f"{where} {state}: its documents were kept in the index; "
            "remove them with --prune if that is meant"
        )

    # What was given twice

    def refuse_repeated(self) -> None:
        """Of several documents with one id in this run keeps the first, and names the others."""
        tasks = [taken for _, taken in sorted(self._taken.items())]
        ids = np.concatenate([taken.ids for taken in tasks] or [np.zeros(0, np.uint64)])
        order = np.argsort(ids, kind="stable")
        again = np.flatnonzero(ids[order][1:] == ids[order][:-1]) + 1
        if not len(again):
            return
        edges = np.cumsum([0] + [len(taken.ids) for taken in tasks])
        opened = dict(self._writer.opened())
        first: dict[str, str] = {}
        for place in sorted({int(order[n]) for at in again for n in (at - 1, at)}):
            number = int(np.searchsorted(edges, place, "right")) - 1
            taken, row = tasks[number], place - int(edges[number])
            segment, doc, line = (int(a[row]) for a in (taken.segments, taken.docs, taken.lines))
            if segment < 0:
                name = self._segments[-1 - segment].info.id
            else:
                name = self._written[self._first_of_worker[taken.worker] + segment].id
            files = opened[name]
            document_id = files.id_of(doc)
            where = files.origin_of(doc) + (f":{line}" if line else "")
            if document_id not in first:
                first[document_id] = where
                continue
            self._count_out(name, doc, segment < 0, document_id)
            self._fail(
                InputError(
                    where,
                    f"the id {document_id!r} was given before, in {first[document_id]}",
                    "give every document an id of its own; the first was kept",
                )
            )

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


def _origin(path: Path) -> str:
    """The path by which a file is remembered: its folder's real path and its own name."""
    return shown(os.path.join(os.path.realpath(path.parent), path.name))  # noqa: PTH118
