"""What an index holds, in figures."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import asdict

from ..indexer import Index
from ..indexer.commit import Commit, record_name

_KINDS: tuple[str, ...] = ("store", "lexicon", "postings", "documents", "deletions")


class Statistics(msgspec.Struct, frozen=True):
    """The figures of an index at its last commit.

    Attributes:
        index: the path of its folder.
        documents: those that can be found.
        languages: how many of them by main language, the most frequent first; "" is unknown.
        words: of their titles and texts, each time it stands there.
        distinct_words: how many different ones; those of deleted documents count until a merge.
        deleted: documents that are deleted but still on the disk.
        segments: parts that the index consists of.
        bytes: size on the disk.
        files: the same by kind of file: store (texts), lexicon, postings, documents (metadata),
            deletions.
        generation: the number of the last commit.
        committed: when that was, ISO 8601.
    """

    index: str
    documents: int
    languages: dict[str, int]
    words: int
    distinct_words: int
    deleted: int
    segments: int
    bytes: int
    files: dict[str, int]
    generation: int
    committed: str

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return asdict(self)


def statistics(path: str | os.PathLike[str]) -> Statistics:
    """The figures of the index in a folder. Raises FihrisError."""
    index = Index.open(path)
    commit = index.commit_record()
    words = deleted = 0
    languages: dict[str, int] = {}
    lexicons = [np.zeros(0, np.uint64)]
    for segment in index.open_segments(commit):
        files = segment.files
        live = np.ones(files.count, bool) if segment.deleted is None else ~segment.deleted
        deleted += files.count - int(live.sum())
        words += int(files.lengths["text"][live].sum())
        column = files.values["language"]
        assert column.codes is not None
        codes, counts = np.unique(column.codes[live], return_counts=True)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            name = column.at(code).decode()
            languages[name] = languages.get(name, 0) + count
        lexicons.append(files.lexicon.identities)
    record = (index.path / record_name(commit.generation)).stat()
    return Statistics(
        index=os.fspath(index.path),
        documents=sum(languages.values()),
        languages=dict(sorted(languages.items(), key=lambda item: (-item[1], item[0]))),
        words=words,
        distinct_words=len(np.unique(np.concatenate(lexicons))),
        deleted=deleted,
        segments=len(commit.segments),
        bytes=sum(by_kind(commit).values()),
        files=by_kind(commit),
        generation=commit.generation,
        committed=datetime.fromtimestamp(record.st_mtime, UTC).isoformat(timespec="seconds"),
    )


def by_kind(commit: Commit) -> dict[str, int]:
    """The bytes of a commit's files, by kind."""
    sizes: dict[str, int] = dict.fromkeys(_KINDS, 0)
    for segment in commit.segments:
        for ending, stamp in segment.files.items():
            kind = "deletions" if ending == segment.deletions else ending
            sizes[kind] = sizes.get(kind, 0) + stamp.size
    return sizes
