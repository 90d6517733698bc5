"""What a commit knows of each of its segments."""

from __future__ import annotations

import msgspec

from .storage import FileStamp


class SegmentInfo(msgspec.Struct, frozen=True):
    """What the commit record holds of a segment.

    Attributes:
        id: names its files.
        documents: how many it holds, deleted ones included.
        lengths: words in each field of words, over all documents.
        files: the checksum of each file, by its ending.
        deleted: how many documents are marked as deleted, in the file of ending `deletions`.
        deletions: that ending, "" when none are.
    """

    id: str
    documents: int
    lengths: dict[str, int]
    files: dict[str, FileStamp]
    deleted: int = 0
    deletions: str = ""
