"""What the tests of indexing share: folders of files, and what an index holds of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fihris.indexer import Index
from fihris.indexer.check import check
from fihris.indexer.ingest import Summary, index_paths

#: The user and group that own nothing.
NOBODY = 65534


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files below a folder; gives the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def lines(*records: Mapping[str, Any]) -> str:
    """Records as JSON Lines."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def held(index: Index) -> dict[str, dict[str, Any]]:
    """The live documents by id: stored fields, text and origin. No id is there twice."""
    found: dict[str, dict[str, Any]] = {}
    for segment in index.segments()[1]:
        files = segment.files
        for doc in range(files.count):
            if segment.is_deleted(doc):
                continue
            fields = {**files.fields(doc), "text": files.text(doc), "origin": files.origin_of(doc)}
            assert fields["id"] not in found
            found[fields["id"]] = fields
    return found


def texts(index: Index) -> dict[str, str]:
    """The text of each live document, by id."""
    return {name: fields["text"] for name, fields in held(index).items()}


def figures(summary: Summary) -> tuple[int, int, int, int]:
    """How many documents were added, changed, unchanged and removed."""
    return summary.added, summary.changed, summary.unchanged, summary.removed


def errors(summary: Summary) -> list[str]:
    """The errors as a person reads them, in the order of their texts."""
    return sorted(map(str, summary.errors))


def assert_settled(index: Index, paths: Sequence[Path], after: Summary, jobs: int = 1) -> None:
    """Indexing the same paths again changes nothing, says the same of errors, and the index is
    sound."""
    generation, before = index.latest_generation(), held(index)
    again = index_paths(index, paths, jobs=jobs)
    assert figures(again) == (0, 0, len(before), 0)
    assert errors(again) == errors(after)
    assert again.errors_total == after.errors_total
    assert index.latest_generation() == generation
    assert held(index) == before
    report = check(index)
    assert (report.errors, report.remarks) == ([], [])


@contextmanager
def as_nobody() -> Iterator[None]:
    """What is done in the block is done by a user whom permissions stop."""
    if os.geteuid():
        yield
        return
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
