"""The files of a new segment, which are all there in the end, or none."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Self

from .arrayfile import ArrayWriter
from .storage import FileStamp, Folder
from .store import StoreWriter


class SegmentWriter:
    """Opens the files of a new segment. In a `with` block an exception removes them.

    Attributes:
        store, lexicon, postings, documents: to be written to, in any order.
    """

    def __init__(self, folder: Folder, segment_id: str) -> None:
        with ExitStack() as undo:
            self.store = StoreWriter(folder, f"{segment_id}.store")
            undo.callback(self.store.abort)
            self.lexicon = ArrayWriter(folder, f"{segment_id}.lexicon")
            undo.callback(self.lexicon.abort)
            self.postings = ArrayWriter(folder, f"{segment_id}.postings")
            undo.callback(self.postings.abort)
            self.documents = ArrayWriter(folder, f"{segment_id}.documents")
            undo.callback(self.documents.abort)
            self._undo = undo.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.abort()

    def finish(self) -> dict[str, FileStamp]:
        """Brings all of the files to the disk."""
        self.documents.add("store.offsets", self.store.offsets())
        return {
            "store": self.store.close(),
            "lexicon": self.lexicon.close(),
            "postings": self.postings.close(),
            "documents": self.documents.close(),
        }

    def abort(self) -> None:
        """Leaves nothing behind."""
        self._undo.close()
