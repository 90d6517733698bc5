import gc
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fihris.indexer import (
    Document,
    DocumentError,
    Index,
    IndexDamaged,
    IndexLocked,
    StorageError,
    mergepolicy,
)
from fihris.indexer import writer as writer_module
from fihris.indexer.builder import Origin, SegmentBuilder
from fihris.indexer.check import check
from fihris.indexer.commit import read_commit, unused_files
from fihris.indexer.errors import WriterClosed
from fihris.indexer.segmentwriter import SegmentWriter
from fihris.indexer.storage import Folder

Contents = dict[str, str]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """An index with two segments and a deletion."""
    index = Index.create(tmp_path / "index")
    add(index, a="first a", b="first b", c="first c")
    add(index, d="first d", c="second c")
    return index


def add(index: Index, **texts: str) -> None:
    with index.writer() as writer:
        for document_id, text in texts.items():
            writer.add(Document(id=document_id, title=document_id, text=text))


def contents(index: Index) -> Contents:
    with index.reader() as reader:
        found = {fields["id"]: fields["text"] for fields in reader.all_stored_fields()}
        assert len(found) == reader.doc_count()
        return found


BEFORE = {"a": "first a", "b": "first b", "c": "second c", "d": "first d"}


def assert_unchanged(index: Index, before: Contents = BEFORE) -> None:
    """The index is as it was, nothing is left behind, and the lock is free."""
    assert contents(index) == before
    assert unused_files(index.folder, read_commit(index.folder)) == []
    report = check(index)
    assert report.ok, report.errors
    with index.writer() as writer:
        writer.cancel()


def test_a_later_document_replaces_one_of_the_same_id(index: Index) -> None:
    assert contents(index) == BEFORE
    with index.writer() as writer:
        for number in range(4):
            writer.add(Document("a", text=f"new {number}"))
            if number == 1:
                writer.flush()
    assert contents(index) == {**BEFORE, "a": "new 3"}
    assert check(index).ok


def test_deleting(index: Index) -> None:
    with index.writer() as writer:
        assert writer.delete("a")
        assert not writer.delete("a")
        assert not writer.delete("nobody")
        writer.add(Document("e", text="new"))
        assert writer.delete("e")
        writer.add(Document("b", text="new"))
        assert writer.delete("b")
        writer.add(Document("b", text="newer"))
    assert contents(index) == {"b": "newer", "c": "second c", "d": "first d"}
    with index.writer() as writer:
        for document_id in "bcd":
            assert writer.delete(document_id)
    assert contents(index) == {}
    assert read_commit(index.folder).segments == []
    assert_unchanged(index, {})


def test_deleting_by_number(index: Index) -> None:
    with index.reader() as reader:
        numbers = {reader.stored_fields(n)["id"]: n for n in reader.all_doc_ids()}
    with index.writer() as writer:
        writer.delete_document(numbers["d"])
        writer.delete_document(numbers["a"])
        with pytest.raises(ValueError, match="no document number 99"):
            writer.delete_document(99)
        name = read_commit(index.folder).segments[0].id
        writer.delete_documents(name, np.array([1]))
    assert contents(index) == {"c": "second c"}


def test_whoosh_s_way_to_write(index: Index) -> None:
    with index.writer() as writer:
        writer.add_document(id="e", text="new")
        writer.update_document(id="a", text="new", language="en")
        with pytest.raises(DocumentError, match="has no field named 'colour'; the fields are id"):
            writer.add_document(id="f", colour="red")
        assert writer.reader().doc_count() == len(BEFORE)
    assert contents(index) == {**BEFORE, "a": "new", "e": "new"}


def test_nothing_to_commit_is_no_commit(index: Index) -> None:
    before = read_commit(index.folder)
    with index.writer() as writer:
        writer.delete("nobody")
    with index.writer() as writer:
        writer.add(Document("e", text="new"))
        writer.delete("e")
    assert read_commit(index.folder) == before
    assert_unchanged(index)


def test_optimizing_leaves_one_segment(index: Index) -> None:
    index.optimize()
    (info,) = read_commit(index.folder).segments
    assert (info.documents, info.deleted) == (4, 0)
    assert_unchanged(index)


def test_segments_are_written_by_size(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "FLUSH_BYTES", 20_000)
    with index.writer() as writer:
        for number in range(60):
            writer.add(Document(str(number), text=f"text {number}"))
        assert len(list(index.path.glob("*.store"))) > 4
    # They are merged into one at the commit.
    assert read_commit(index.folder).segments[-1].documents == 60
    assert len(contents(index)) == 64
    assert check(index).ok


def test_an_error_inside_leaves_the_index(index: Index) -> None:
    def interrupted(flush: bool) -> None:
        with index.writer() as writer:
            writer.add(Document("a", text="new"))
            writer.delete("b")
            if flush:
                writer.flush()
            raise KeyboardInterrupt

    for flush in (False, True):
        with pytest.raises(KeyboardInterrupt):
            interrupted(flush)
        assert_unchanged(index)


def test_cancelling(index: Index) -> None:
    with index.writer() as writer:
        writer.add(Document("e", text="new"))
        writer.delete("a")
        writer.add(Document("f", text="new"))
        writer.cancel()
        writer.cancel()
    assert_unchanged(index)


def test_a_writer_that_has_finished(index: Index) -> None:
    with index.writer() as writer:
        pass
    for step in (
        lambda: writer.add(Document("a")),
        lambda: writer.delete("a"),
        lambda: writer.delete_documents("x", np.array([0])),
        lambda: writer.adopt([]),
        lambda: writer.commit(),
    ):
        with pytest.raises(WriterClosed, match="this writer has finished; ask the index"):
            step()


def test_a_document_that_is_refused_leaves_the_others(index: Index) -> None:
    with index.writer() as writer:
        writer.add(Document("e", text="new"))
        for wrong in ({"id": ""}, {"id": "x", "text": 7}, {"id": "x", "extra": {"a": object()}}):
            fields: Any = wrong
            with pytest.raises(DocumentError):
                writer.add(Document(**fields))
        writer.add(Document("f", text="new"))
    assert contents(index) == {**BEFORE, "e": "new", "f": "new"}
    assert check(index).ok


def break_at(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StorageError("the disk is full")

    owner, name = {
        "add": (SegmentBuilder, "add"),
        "flush": (SegmentWriter, "finish"),
        "replace": (writer_module.Writer, "_replace_older"),
        "deletions": (writer_module, "write_deletions"),
        "merge": (writer_module, "merge_groups"),
        "commit": (writer_module, "write_commit"),
    }[where]
    monkeypatch.setattr(owner, name, broken)


@pytest.mark.parametrize("where", ["add", "flush", "replace", "deletions", "merge", "commit"])
def test_whatever_step_fails_the_index_is_as_it_was(
    index: Index, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def fail() -> None:
        with monkeypatch.context() as patch, index.writer() as writer:
            writer.add(Document("e", text="new"))
            writer.delete("d")
            break_at(patch, where)
            writer.add(Document("b", text="new"))
            writer.optimize = where == "merge"

    with pytest.raises(StorageError, match="full"):
        fail()
    assert_unchanged(index)


@pytest.mark.parametrize("where", ["add", "flush"])
def test_half_a_change_is_not_committed_by_who_goes_on(
    index: Index, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def go_on() -> None:
        with index.writer() as writer:
            writer.add(Document("e", text="new"))
            with monkeypatch.context() as patch, suppress(StorageError):
                break_at(patch, where)
                writer.add(Document("f", text="new"))
                writer.flush()

    with pytest.raises(WriterClosed, match="nothing was committed"):
        go_on()
    assert_unchanged(index)


def test_a_commit_stands_when_old_files_cannot_be_removed(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Folder, name: str) -> None:
        raise StorageError(name)

    with monkeypatch.context() as patch, index.writer() as writer:
        writer.add(Document("e", text="new"))
        writer.optimize = True
        patch.setattr(Folder, "remove", refuse)
    assert contents(index) == {**BEFORE, "e": "new"}
    assert unused_files(index.folder, read_commit(index.folder))
    with index.writer():
        pass
    assert_unchanged(index, {**BEFORE, "e": "new"})


def test_damage_is_not_merged_into_a_file_that_looks_intact(index: Index) -> None:
    store = index.path / f"{read_commit(index.folder).segments[0].id}.store"
    store.write_bytes(store.read_bytes().replace(b"first a", b"fault a"))
    with pytest.raises(IndexDamaged, match=store.name):
        Index.open(index.path).optimize()
    assert read_commit(index.folder).generation == 2
    with index.writer() as writer:
        writer.cancel()


def test_one_writer(index: Index) -> None:
    with index.writer() as writer:
        for other in (index, Index.open(index.path)):
            with pytest.raises(IndexLocked, match="another process is writing"):
                other.writer()
        writer.add(Document("e", text="new"))
    assert contents(index) == {**BEFORE, "e": "new"}


def test_what_other_processes_wrote_is_adopted(index: Index) -> None:
    with index.writer() as writer:
        writer.add(Document("a", text="by the writer"))
        builder = SegmentBuilder(index.folder)
        builder.add(Document("a", text="adopted"), Origin())
        builder.add(Document("e", text="adopted"), Origin())
        writer.adopt([builder.finish()])
    assert contents(index) == {**BEFORE, "a": "adopted", "e": "adopted"}
    assert check(index).ok


@pytest.mark.parametrize("count", [110, pytest.param(300, marks=pytest.mark.slow)])
def test_many_small_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Segments, files and open files stay few, however many commits there were."""
    monkeypatch.setattr(os, "fsync", lambda _fd: None)
    index = Index.create(tmp_path / "index")
    opened: list[int] = []
    names = count - 10
    for number in range(count):
        with index.writer() as writer:
            writer.add(Document(str(number % names), text=f"number {number}"))
        commit = read_commit(index.folder)
        assert len(commit.segments) < 8
        assert len(index.folder.list()) <= 2 + 5 * len(commit.segments)
        if number % 50 == 49:
            gc.collect()
            opened.append(len(list(Path("/proc/self/fd").iterdir())))
    assert max(opened) <= opened[0] + 1
    last = {n: n + names if n < 10 else n for n in range(names)}
    assert contents(index) == {str(n): f"number {number}" for n, number in last.items()}
    assert check(index).ok


def test_merging_is_bounded_by_the_different_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most, margin = 15_000, 4 * (15_000 * 256) ** 0.5  # since what is in common is estimated
    monkeypatch.setattr(mergepolicy, "MOST_WORDS", most)
    monkeypatch.setattr(mergepolicy, "FULL", 6_000)
    index = Index.create(tmp_path / "index")
    for commit in range(20):
        with index.writer() as writer:
            text = " ".join(f"w{number}" for number in range(commit * 2000, commit * 2000 + 3000))
            writer.add(Document(f"{commit}", "", text))
    sizes = [len(segment.files.lexicon) for segment in index.segments()[1]]
    assert sum(size >= 6_000 for size in sizes) == 2
    assert max(sizes) < most + margin
    assert sum(size < 6_000 for size in sizes) < mergepolicy.FANOUT
    index.optimize()
    assert [len(segment.files.lexicon) for segment in index.segments()[1]] == [41_000]


def test_opening_and_closing_leaks_no_files(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _fd: None)
    opened: list[int] = []
    for number in range(100):
        with Index.open(index.path) as again:
            with again.reader() as reader:
                assert reader.doc_count() == 4
            with again.writer() as writer:
                writer.add(Document("a", text=f"number {number}"))
                if number % 3 == 0:
                    writer.cancel()
        if number % 20 == 19:
            gc.collect()
            opened.append(len(list(Path("/proc/self/fd").iterdir())))
    assert max(opened) <= opened[0] + 1
