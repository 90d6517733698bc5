"""Groups merged by other processes become what they become here, and failures leave nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Document, Index, IndexDamaged, mergegroups
from fihris.indexer.commit import read_commit, unused_files
from fihris.indexer.mergegroups import Group, merge_groups
from fihris.indexer.processes import WorkerFailed
from fihris.indexer.segmentinfo import SegmentInfo

from ..collections import Collection, random_collection
from .running import children

pytestmark = pytest.mark.usefixtures("others")


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return random_collection(tmp_path / "index", Random(3), 7)


def groups_of(index: Index, count: int = 3) -> list[Group]:
    _, segments = index.segments()
    pairs = [(segment.files, segment.deleted) for segment in segments]
    assert len(pairs) > count
    return [pairs[number::count] for number in range(count)]


def without_names(segments: Sequence[SegmentInfo]) -> list[object]:
    return [(s.documents, s.lengths, s.files, s.deleted, s.deletions) for s in segments]


@pytest.mark.parametrize("jobs", [2, 3, 9])
def test_processes_write_the_same_files(
    collection: Collection, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = collection.index
    groups = groups_of(index)
    told: list[int] = []
    here = merge_groups(index.folder, groups, 1, told.append)
    monkeypatch.setattr(mergegroups, "_LARGE", 0)
    told_apart: list[int] = []
    apart = merge_groups(index.folder, groups, jobs, told_apart.append)
    # The checksums of all files are the same.
    assert without_names(apart) == without_names(here)
    assert sorted(told_apart) == sorted(told)
    assert len({segment.id for segment in here + apart}) == 6


def test_small_groups_are_worth_no_processes(collection: Collection, others: set[int]) -> None:
    def alone(_: int) -> None:
        assert children() == others

    assert len(merge_groups(collection.index.folder, groups_of(collection.index), 2, alone)) == 3


def test_of_what_a_small_commit_adds_one_segment_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index.create(tmp_path / "index")

    def segments_with(document_id: str) -> list[int]:
        with index.writer() as writer:
            writer.jobs = 2
            for number in range(3):
                writer.add(Document(f"{document_id}{number}", text="text"))
                writer.flush()
        return [info.documents for info in read_commit(index.folder).segments]

    assert segments_with("a") == [3]
    monkeypatch.setattr(mergegroups, "_LARGE", 0)
    assert segments_with("b") == [3, 2, 1]


def test_damage_that_a_process_finds_is_raised_here(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mergegroups, "_LARGE", 0)
    index = collection.index
    groups = groups_of(index)
    path = index.path / f"{groups[1][0][0].info.id}.store"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(IndexDamaged, match=path.name):
        merge_groups(index.folder, groups, 2, lambda _: None)


def test_a_process_that_is_killed_leaves_the_index_as_it_was(
    tmp_path: Path, others: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mergegroups, "_LARGE", 0)
    index = Index.create(tmp_path / "index")

    def kill(*_: int) -> None:
        for child in children() - others:
            os.kill(child, signal.SIGKILL)

    with pytest.raises(WorkerFailed, match="nothing was changed"), index.writer() as writer:  # noqa: PT012
        writer.jobs, writer.merging = 2, kill
        for number in range(4):
            writer.add(Document(f"d{number}", text=f"text {number}"))
            writer.flush()
    commit = read_commit(index.folder)
    assert (commit.generation, commit.segments) == (0, [])
    assert unused_files(index.folder, commit) == []
