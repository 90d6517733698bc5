"""One segment of an index, opened for reading: its files mapped, nothing copied or parsed."""

from __future__ import annotations

import contextlib
import mmap
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from .arrayfile import Array, ArrayFile, ArrayWriter
from .errors import FihrisError, IndexDamaged
from .lexicon import Lexicon
from .postings import Postings
from .schema import VALUE_FIELDS, WORD_FIELDS
from .segmentinfo import SegmentInfo
from .storage import FileStamp, Folder
from .values import Values

# Bytes of stored documents read at a time.
_PIECE = 1 << 20
# Bytes of a file that are read from beginning to end before their pages are let go of.
_HELD = 1 << 24


class SegmentFiles:
    """The immutable files of a segment.

    Attributes:
        lexicon: its words and how they are related.
        postings: by field of words.
        lengths: by field of words, how many words each document has there.
        values: by field of whole values.
        documents: the arrays of passages and fingerprints.
        data: the bytes of each file, by the ending of its name.
    """

    def __init__(self, folder: Folder, info: SegmentInfo) -> None:
        self.info = info
        self.count = info.documents
        self._folder = folder
        lexicon, postings, self.documents = (
            ArrayFile(folder.path / f"{info.id}.{ending}")
            for ending in ("lexicon", "postings", "documents")
        )
        self._store = _mapped(folder.path / f"{info.id}.store")
        self.data = {
            "lexicon": lexicon.data,
            "postings": postings.data,
            "documents": self.documents.data,
            "store": self._store,
        }
        for ending, data in self.data.items():
            size, stamp = len(data), info.files.get(ending)
            if stamp is None or size != stamp.size:
                expected = "is unknown" if stamp is None else f"should be {stamp.size:,}"
                raise self._damaged(ending, f"has {size:,} bytes, and its size {expected}")
        self.lexicon = Lexicon(lexicon)
        self.postings = {field: Postings(postings, field) for field in WORD_FIELDS}
        self.lengths = {field: self.documents[f"{field}.lengths"] for field in WORD_FIELDS}
        self.values = {name: Values(self.documents, name) for name in VALUE_FIELDS}
        self._offsets = self.documents["store.offsets"]

    @property
    def stored(self) -> tuple[Any, Array]:
        """The bytes of all records, and where each begins: the fields and the text of each document
        in turns."""
        return self._store, self._offsets

    def records(self, doc: int) -> tuple[bytes, bytes]:
        """The stored fields (JSON) and the text (UTF-8) of a document."""
        start, middle, end = (int(n) for n in self._offsets[2 * doc : 2 * doc + 3])
        return bytes(self._store[start:middle]), bytes(self._store[middle:end])

    def pieces(self, first: int, end: int) -> Iterator[tuple[bytes, Array]]:
        """The records of the documents from one up to another, about a megabyte or one document
        at a time, and the length of each record."""
        begins, read = self._offsets[::2], 0
        while first < end:
            fit = int(np.searchsorted(begins, int(begins[first]) + _PIECE, "right")) - 1
            last = min(max(fit, first + 1), end)
            offsets = self._offsets[2 * first : 2 * last + 1].astype(np.int64)
            yield bytes(self._store[int(offsets[0]) : int(offsets[-1])]), np.diff(offsets)
            first, read = last, read + int(offsets[-1] - offsets[0])
            if read >= _HELD:
                read = 0
                self.release()

    def fields(self, doc: int) -> dict[str, Any]:
        """The stored fields of a document but its text."""
        try:
            return msgspec.json.decode(self.records(doc)[0], type=dict[str, Any])
        except (msgspec.DecodeError, ValueError) as error:
            raise self._damaged("store", f"the fields of document {doc} are altered") from error

    def text(self, doc: int) -> str:
        """The text of a document, as it was given."""
        try:
            return self.records(doc)[1].decode()
        except ValueError as error:
            raise self._damaged("store", f"the text of document {doc} is altered") from error

    def id_of(self, doc: int) -> str:
        """The id of a document."""
        return self._value("id", doc)

    def origin_of(self, doc: int) -> str:
        """The file that a document was read from, "" when it came from a program."""
        return self._value("origin", doc)

    def _value(self, name: str, doc: int) -> str:
        values = self.values[name]
        assert values.codes is not None
        try:
            return values.at(int(values.codes[doc])).decode()
        except (IndexError, ValueError) as error:
            raise self._damaged("documents", f"the {name} of document {doc} is altered") from error

    def release(self, *endings: str) -> None:
        """Lets go of the memory that the pages of these files, or of all, take up; what is read
        again comes back."""
        for ending in endings or self.data:
            data = self.data[ending]
            if isinstance(data, mmap.mmap):
                data.madvise(mmap.MADV_DONTNEED)

    def verify(self) -> None:
        """Reads all of the files; raises IndexDamaged when any is not as it was written."""
        for ending, data in self.data.items():
            checksum, view = 0, memoryview(data)
            for start in range(0, len(view), _HELD):
                checksum = zlib.crc32(view[start : start + _HELD], checksum)
                self.release()
            if checksum != self.info.files[ending].checksum:
                raise self._damaged(ending, "is altered")

    def _damaged(self, ending: str, what: str) -> IndexDamaged:
        return IndexDamaged(self._folder.path / f"{self.info.id}.{ending}", what)


@contextlib.contextmanager
def damage_named(segments: Iterable[SegmentFiles]) -> Iterator[None]:
    """Whatever reading of altered files raises becomes IndexDamaged, which names the file.

    Opening a segment looks at no more than the size and the end of each file, so that an altered
    number may lead anywhere: out of an array, to no memory. Only when something was raised, the
    files are read to see whether they are to blame; if they are intact, it is raised as it was.
    """
    try:
        yield
    except FihrisError:
        raise
    except Exception:
        for files in segments:
            files.verify()
        raise


def _mapped(path: Path) -> mmap.mmap | bytes:
    try:
        with path.open("rb") as file:
            if not os.fstat(file.fileno()).st_size:
                return b""  # an empty file cannot be mapped
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise IndexDamaged.unreadable(path, error) from error


def write_deletions(folder: Folder, name: str, deleted: Array) -> FileStamp:
    """Writes which documents of a segment are deleted (one bool for each)."""
    with ArrayWriter(folder, name) as writer:
        writer.add("deleted", np.packbits(deleted))
        return writer.close()


def read_deletions(folder: Folder, info: SegmentInfo) -> Array | None:
    """Which documents of a segment are deleted, one bool for each; None when none are."""
    if not info.deletions:
        return None
    name = f"{info.id}.{info.deletions}"
    try:
        intact = folder.stamp(name) == info.files[info.deletions]
    except OSError:
        intact = False
    if not intact:
        raise IndexDamaged(folder.path / name, "is missing or altered")
    bits = ArrayFile(folder.path / name)["deleted"]
    return np.unpackbits(bits, count=info.documents).astype(bool)
