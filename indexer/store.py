"""What an index gives back of documents: their fields as JSON and their text, as given."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from .arrayfile import Array
from .blobs import offsets_of
from .document import Document
from .storage import FileStamp, Folder

# So many bytes are written in one go.
_AT_A_TIME = 1 << 20


class _Fields(msgspec.Struct, omit_defaults=True):
    """The fields of a document but its text, in the order in which they are stored."""

    id: str
    title: str
    language: str
    languages: list[str]
    date: str | None = None
    creator: str | None = None
    collection: str | None = None
    source: str | None = None
    extra: Mapping[str, Any] | None = None


class StoreWriter:
    """Writes what is given back of documents: two records each, its fields as JSON and its text."""

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder = folder
        self._file = folder.create(name)
        self._checksum = self._size = 0
        self._parts: list[bytes] = []
        self._held = 0
        self._lengths = array("Q")

    def add(self, document: Document, language: str, languages: list[str]) -> None:
        """Adds the next document."""
        fields = _Fields(
            document.id,
            document.title,
            language,
            languages,
            document.date,
            document.creator,
            document.collection,
            document.source,
            document.extra or None,
        )
        data, text = msgspec.json.encode(fields), document.text.encode()
        self._parts += (data, text)
        self._lengths.append(len(data))
        self._lengths.append(len(text))
        self._held += len(data) + len(text)
        if self._held >= _AT_A_TIME:
            self._write()

    def add_stored(self, records: bytes, lengths: Array) -> None:
        """Adds the next documents as they were stored in another segment.

        Args:
            records: of all of them, one after another; `lengths`: of each, in bytes.
        """
        self._parts.append(records)
        self._lengths.frombytes(lengths.astype(np.uint64).tobytes())
        self._held += len(records)
        if self._held >= _AT_A_TIME:
            self._write()

    def offsets(self) -> Array:
        """Where each record begins, and the end of the last."""
        return offsets_of(np.frombuffer(self._lengths, np.uint64))

    def close(self) -> FileStamp:
        """Brings the file to the disk."""
        self._write()
        self._folder.finish(self._file)
        return FileStamp(self._size, self._checksum)

    def abort(self) -> None:
        """Removes the file, finished or not."""
        self._folder.discard(self._file)

    def _write(self) -> None:
        data = b"".join(self._parts)
        self._folder.write(self._file, data)
        self._checksum = zlib.crc32(data, self._checksum)
        self._size += len(data)
        self._parts.clear()
        self._held = 0
