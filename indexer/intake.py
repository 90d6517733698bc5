"""What one process does with its share of the files: read, compare, build segments."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator

import msgspec

from .builder import FLUSH_BYTES, Origin, SegmentBuilder
from .document import Document, validated
from .errors import InputError
from .hashing import hashes
from .known import Known, Place
from .readers import Block, RecordReader, read_file, reader_for
from .segmentinfo import SegmentInfo
from .sources import Source, is_there
from .storage import Folder

#: So many errors are kept; others are only counted.
MAX_ERRORS = 1000


class FileTask(msgspec.Struct, frozen=True):
    """Whole files to read."""

    files: list[Source]


class BlockTask(msgspec.Struct, frozen=True):
    """Some records of a file."""

    where: str
    origin: str
    block: Block


Task = FileTask | BlockTask


class Outcome(msgspec.Struct):
    """What became of a task.

    Attributes:
        unchanged, changed, added: how many documents.
        replaced: documents of the index that a new version was read of: their segment's number
            in the commit, and their own.
        documents: how many records or files were read, with and without success.
        bytes, files: how much of the input is done with.
        errors: what was left out, at most MAX_ERRORS; `errors_total`: how much it was.
        failed: the origins of what was left out, whose documents are not to be removed.
        ids: the hash of the id of each document that was read; `lines`: its line in the file (0
            for a whole file); `segments`: the number of the process's segment that it was put in,
            or -1 - the number of the committed one where it stands unchanged; `docs`: its number
            in that segment.
    """

    unchanged: int = 0
    changed: int = 0
    added: int = 0
    replaced: list[tuple[int, int]] = msgspec.field(default_factory=list)
    documents: int = 0
    bytes: int = 0
    files: int = 0
    errors: list[InputError] = msgspec.field(default_factory=list)
    errors_total: int = 0
    failed: set[str] = msgspec.field(default_factory=set)
    ids: array[int] = msgspec.field(default_factory=lambda: array("Q"))
    lines: array[int] = msgspec.field(default_factory=lambda: array("I"))
    segments: array[int] = msgspec.field(default_factory=lambda: array("i"))
    docs: array[int] = msgspec.field(default_factory=lambda: array("I"))


class Intake:
    """Builds segments from tasks, in one process.

    Args:
        folder: of the index, where segments are written.
        known: what the index holds.
        flush_bytes: a segment is written when building it would take more memory than this.
    """

    def __init__(self, folder: Folder, known: Known, flush_bytes: int = FLUSH_BYTES) -> None:
        self._folder, self._known, self._flush_bytes = folder, known, flush_bytes
        self._builder: SegmentBuilder | None = None
        self.segments: list[SegmentInfo] = []

    def run(self, task: Task) -> Outcome:
        """Carries out a task."""
        outcome, ids = Outcome(), list[str]()
        items = self._files(task) if isinstance(task, FileTask) else self._records(task)
        for item in items:
            outcome.documents += 1
            if isinstance(item, _Failed):
                outcome.errors_total += 1
                outcome.failed.add(item.origin)
                if len(outcome.errors) < MAX_ERRORS:
                    outcome.errors.append(item.error)
            else:
                ids.append(item.document.id)
                self._take(item, outcome)
        outcome.ids.frombytes(hashes(ids).tobytes())
        if isinstance(task, FileTask):
            outcome.bytes = sum(source.found.size for source in task.files)
            outcome.files = len(task.files)
        else:
            outcome.bytes = len(task.block.data)
        return outcome

    def finish(self) -> list[SegmentInfo]:
        """Writes what is left and gives all segments that were written."""
        if self._builder is not None:
            builder, self._builder = self._builder, None
            self.segments.append(builder.finish())
        return self.segments

    def abort(self) -> None:
        """Forgets what was not written yet."""
        if self._builder is not None:
            self._builder.abort()
            self._builder = None

    def _take(self, item: _Read, outcome: Outcome) -> None:
        place = item.place
        outcome.lines.append(item.line)
        if place is not None:
            if place.fingerprint == item.fingerprint and place.origin == item.origin:
                outcome.unchanged += 1
                outcome.segments.append(-1 - place.segment)
                outcome.docs.append(place.doc)
                return
            outcome.changed += 1
            outcome.replaced.append((place.segment, place.doc))
        else:
            outcome.added += 1
        if self._builder is None:
            self._builder = SegmentBuilder(self._folder)
        outcome.segments.append(len(self.segments))
        outcome.docs.append(self._builder.documents)
        self._builder.add(item.document, Origin(item.origin, item.fingerprint))
        if self._builder.memory > self._flush_bytes:
            self.finish()

    def _files(self, task: FileTask) -> Iterator[_Read | _Failed]:
        for source in task.files:
            found, origin = source.found, source.origin
            try:
                document = read_file(found)
                place = self._known.by_origin(origin)
                if place is not None:
                    # Found before by another path: the document keeps its id.
                    document = msgspec.structs.replace(document, id=place.id)
                else:
                    place = self._known.by_id(document.id)
                    if place is not None and place.origin and is_there(place.origin):
                        # Two files that are both there must not push one another out.
                        yield _Failed(given_before(origin, 0, place.id, place.origin), origin)
                        continue
                document = validated(document)
            except InputError as error:
                yield _Failed(_located(error, found.where), origin)
                continue
            yield _Read(document, 0, origin, _fingerprint(document), place)

    def _records(self, task: BlockTask) -> Iterator[_Read | _Failed]:
        reader = reader_for(task.where)
        assert isinstance(reader, RecordReader)
        for number, record in reader.parse_block(task.block, task.where):
            where = f"{task.where}:{number}"
            try:
                if isinstance(record, InputError):
                    raise record
                document = validated(record)
            except InputError as error:
                yield _Failed(_located(error, where), task.origin)
                continue
            place = self._known.by_id(document.id)
            yield _Read(document, number, task.origin, _fingerprint(document), place)


class _Read(msgspec.Struct, frozen=True):
    document: Document
    line: int
    origin: str
    fingerprint: int
    place: Place | None


class _Failed(msgspec.Struct, frozen=True):
    error: InputError
    origin: str


def _fingerprint(document: Document) -> int:
    """A 64-bit hash of all that a document holds."""
    digest = hashlib.blake2b(msgspec.json.encode(document), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _located(error: InputError, where: str) -> InputError:
    """The error, naming the file and the line."""
    if error.where.startswith(where):
        return error
    return InputError(where, f"{error.where}: {error.what}", error.advice)


def given_before(
    origin: str, line: int, document_id: str, first: str, first_line: int = 0
) -> InputError:
    """The error of a document whose id another one has.

    Args:
        origin, line: where it stands; line 0 for a whole file.
        document_id: the id.
        first, first_line: where the document stands that has it.
    """
    advice = (
        "give every document an id of its own; the first was kept"
        if line
        else "index the folder that holds both, so that their ids differ"
    )
    where = f"{origin}:{line}" if line else origin
    # A file may be refused when no more than the other's path is known; it is always told alike.
    place = f"{first}:{first_line}" if line and first_line else first
    return InputError(where, f"the id {document_id!r} was given before, in {place}", advice)
