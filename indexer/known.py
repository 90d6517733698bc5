"""What an index holds already, to tell which files and records are new, changed or the same."""

from __future__ import annotations

import msgspec
import numpy as np

from .arrayfile import Array
from .codec import Segment
from .hashing import hash_of


class Place(msgspec.Struct, frozen=True):
    """A live document of the index.

    Attributes:
        segment: the number of its segment in the commit.
        doc: its number there.
        id: its id.
        origin: the file that it was read from.
        fingerprint: of its content.
    """

    segment: int
    doc: int
    id: str
    origin: str
    fingerprint: int


class Known:
    """Looks documents up in the segments of a commit."""

    def __init__(self, segments: list[Segment]) -> None:
        self.segments = segments

    def by_id(self, document_id: str) -> Place | None:
        """The document of an id."""
        if not self.segments:
            return None
        key = np.uint64(hash_of(document_id))
        for number, segment in enumerate(self.segments):
            table = segment.files.documents["ids.hashes"]
            start = int(np.searchsorted(table, key, "left"))
            while start < len(table) and table[start] == key:
                place = self._place(number, int(segment.files.documents["ids.docs"][start]))
                if place is not None and place.id == document_id:
                    return place
                start += 1
        return None

    def by_origin(self, path: str) -> Place | None:
        """A document that was read from a file."""
        for number, segment in enumerate(self.segments):
            for doc in segment.files.values["origin"].docs_of(path).tolist():
                place = self._place(number, doc)
                if place is not None:
                    return place
        return None

    def below(self, number: int, root: str) -> Array:
        """The live documents of a segment whose file is `root` or stands below it, ascending."""
        segment = self.segments[number]
        origins = segment.files.values["origin"]
        folder = root.rstrip("/") + "/"
        codes = self.origin_codes(number, slice(None))
        first, end = (origins.place_of(folder.encode() + rest) for rest in (b"", b"\xff"))
        chosen = (codes >= first) & (codes < end)
        if (own := origins.find(root.encode())) >= 0:
            chosen |= codes == own
        if segment.deleted is not None:
            chosen &= ~segment.deleted
        return np.flatnonzero(chosen)

    def origin_codes(self, number: int, docs: Array | slice) -> Array:
        """A number for each document of a segment that tells its file from others; see `origin`."""
        codes = self.segments[number].files.values["origin"].codes
        assert codes is not None
        return codes[docs]

    def origin(self, number: int, code: int) -> str:
        """The file that a number of `origin_codes` stands for."""
        return self.segments[number].files.values["origin"].at(code).decode()

    def origins(self, docs: list[Array]) -> set[str]:
        """The files of some documents of each segment."""
        return {
            self.origin(number, int(code))
            for number, of_segment in enumerate(docs)
            for code in np.unique(self.origin_codes(number, of_segment))
        }

    def _place(self, number: int, doc: int) -> Place | None:
        segment = self.segments[number]
        if segment.deleted is not None and segment.deleted[doc]:
            return None
        files = segment.files
        return Place(
            number,
            doc,
            files.id_of(doc),
            files.origin_of(doc),
            int(files.documents["fingerprints"][doc]),
        )
