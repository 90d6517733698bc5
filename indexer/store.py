"""What an index gives back of documents: their fields as JSON and their text, as given."""

from __future__ import annotations

import zlib
from array import array
from typing import Any

import msgspec
import numpy as np

from .arrayfile import Array
from .document import Document
from .lexicon import offset_type
from .storage import FileStamp, Folder


class StoreWriter:
    """Writes what is given back of documents: two records each, its fields as JSON and its text."""

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder = folder
        self._file = folder.create(name)
        self._checksum = 0
        self._offsets = array("Q", [0])

    def add(self, document: Document, language: str, languages: list[str]) -> None:
        """Adds the next document."""
        fields: dict[str, Any] = {
            "id": document.id,
            "title": document.title,
            "language": language,
            "languages": languages,
        }
        for name in ("date", "creator", "collection", "source"):
            if (value := getattr(document, name)) is not None:
                fields[name] = value
        if document.extra:
            fields["extra"] = dict(document.extra)
        self.add_records(msgspec.json.encode(fields), document.text.encode())

    def add_records(self, fields: bytes | memoryview, text: bytes | memoryview) -> None:
        """Adds the next document as it was stored in another segment."""
        for data in (fields, text):
            self._folder.write(self._file, data)
            self._checksum = zlib.crc32(data, self._checksum)
            self._offsets.append(self._offsets[-1] + len(data))

    def offsets(self) -> Array:
        """Where each record begins, and the end of the last."""
        return np.frombuffer(self._offsets, np.uint64).astype(offset_type(self._offsets[-1]))

    def close(self) -> FileStamp:
        """Brings the file to the disk."""
        self._folder.finish(self._file)
        return FileStamp(self._offsets[-1], self._checksum)

    def abort(self) -> None:
        """Removes the file, finished or not."""
        self._folder.discard(self._file)
