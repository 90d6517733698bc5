"""One segment of an index, opened for reading: its files mapped, nothing copied or parsed."""

from __future__ import annotations

import mmap
from typing import Any

import msgspec
import numpy as np

from .arrayfile import Array, ArrayFile, ArrayWriter
from .builder import SegmentInfo
from .errors import IndexDamaged
from .lexicon import Lexicon
from .postings import Postings
from .schema import VALUE_FIELDS, WORD_FIELDS
from .storage import FileStamp, Folder
from .values import Values


class SegmentFiles:
    """The immutable files of a segment.

    Attributes:
        lexicon: its words and how they are related.
        postings: by field of words.
        lengths: by field of words, how many words each document has there.
        values: by field of whole values.
        documents: the arrays of passages and fingerprints.
    """

    def __init__(self, folder: Folder, info: SegmentInfo) -> None:
        for ending, stamp in info.files.items():
            path = folder.path / f"{info.id}.{ending}"
            try:
                size = path.stat().st_size
            except OSError as error:
                raise IndexDamaged(f"{path}: cannot be read: {error.strerror}") from error
            if size != stamp.size:
                raise IndexDamaged(
                    f"{path}: has {size:,} bytes and should have {stamp.size:,}; "
                    "restore it from a copy, or index again"
                )
        self.info = info
        self.count = info.documents
        self.lexicon = Lexicon(ArrayFile(folder.path / f"{info.id}.lexicon"))
        postings = ArrayFile(folder.path / f"{info.id}.postings")
        self.postings = {field: Postings(postings, field) for field in WORD_FIELDS}
        self.documents = ArrayFile(folder.path / f"{info.id}.documents")
        self.lengths = {field: self.documents[f"{field}.lengths"] for field in WORD_FIELDS}
        self.values = {name: Values(self.documents, name) for name in VALUE_FIELDS}
        self._offsets = self.documents["store.offsets"]
        self._store = _mapped(folder, f"{info.id}.store")

    def records(self, doc: int) -> tuple[bytes, bytes]:
        """The stored fields (JSON) and the text (UTF-8) of a document."""
        start, middle, end = (int(n) for n in self._offsets[2 * doc : 2 * doc + 3])
        return bytes(self._store[start:middle]), bytes(self._store[middle:end])

    def fields(self, doc: int) -> dict[str, Any]:
        """The stored fields of a document but its text."""
        return msgspec.json.decode(self.records(doc)[0])

    def text(self, doc: int) -> str:
        """The text of a document, as it was given."""
        return self.records(doc)[1].decode()

    def id_of(self, doc: int) -> str:
        """The id of a document."""
        ids = self.values["id"]
        assert ids.codes is not None
        return ids.at(int(ids.codes[doc])).decode()


def _mapped(folder: Folder, name: str) -> mmap.mmap | bytes:
    with (folder.path / name).open("rb") as file:
        try:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:  # an empty file cannot be mapped
            return b""


def write_deletions(folder: Folder, name: str, deleted: Array) -> FileStamp:
    """Writes which documents of a segment are deleted (one bool for each)."""
    writer = ArrayWriter(folder, name)
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
        raise IndexDamaged(
            f"{folder.path / name}: is missing or altered; restore it from a copy, or index again"
        )
    bits = ArrayFile(folder.path / name)["deleted"]
    return np.unpackbits(bits, count=info.documents).astype(bool)
