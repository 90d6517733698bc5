"""One process writes and many read: each reader sees whole commits, and never an error."""

import multiprocessing
import threading
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from fihris.indexer import Document, Index, IndexLocked
from fihris.search.snapshot import Snapshot


def commit(index: Index, number: int) -> None:
    """Each commit has three documents of its number and those of the one before, no others."""
    with index.writer() as writer:
        for part in "abc":
            writer.add(Document(f"{number}{part}", text=f"number {number}"))
            writer.delete(f"{number - 2}{part}")


def assert_whole(snapshot: Snapshot) -> int:
    """A snapshot holds just one commit; gives its number."""
    found = sorted(
        part.files.id_of(doc)
        for part in snapshot.parts
        for doc in range(part.count)
        if part.live[doc]
    )
    texts = {
        part.files.id_of(doc): part.files.text(doc)
        for part in snapshot.parts
        for doc in range(part.count)
        if part.live[doc]
    }
    number = snapshot.generation
    expected = sorted(f"{n}{part}" for n in (number - 1, number) if n > 0 for part in "abc")
    assert found == expected
    assert texts == {document_id: f"number {document_id[:-1]}" for document_id in expected}
    return number


def keep_committing(path: Path, stop: Event) -> None:
    index, number = Index.open(path), 0
    while not stop.is_set():
        number += 1
        commit(index, number)


def test_readers_while_another_process_commits(tmp_path: Path) -> None:
    path = tmp_path / "index"
    Index.create(path)
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    writer = context.Process(target=keep_committing, args=(path, stop))
    writer.start()
    seen, failed = set(), []

    def read(index: Index | None) -> None:
        try:
            while not stop.is_set():
                seen.add(assert_whole(Snapshot(index or Index.open(path))))
                time.sleep(0.01)  # else the writer hardly gets a turn
        except BaseException as error:
            failed.append(error)
            raise

    # One opens the index anew each time, two share an opened one.
    shared = Index.open(path)
    readers = [threading.Thread(target=read, args=(index,)) for index in (None, shared, shared)]
    for reader in readers:
        reader.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(seen) < 20 and not failed:
        time.sleep(0.05)
    stop.set()
    for thread in (*readers, writer):
        thread.join(30)
    assert failed == []
    assert writer.exitcode == 0
    assert len(seen) >= 20


def test_a_snapshot_keeps_its_commit_and_a_new_one_sees_the_last(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "index")
    kept = []
    for number in range(1, 12):
        commit(index, number)
        kept.append(Snapshot(index))
    index.optimize()
    # The files of most of them are gone by now.
    assert len(list(index.path.glob("*.store"))) == 1
    assert [assert_whole(snapshot) for snapshot in kept] == list(range(1, 12))
    assert Snapshot(index).generation == 12


def writes(path: Path) -> bool:
    try:
        with Index.open(path).writer():
            return True
    except IndexLocked:
        return False


def test_a_second_writer_is_refused_at_once(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "index")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(writes, (index.path,))
        with index.writer():
            begin = time.monotonic()
            assert not pool.apply(writes, (index.path,))
            assert time.monotonic() - begin < 5
        assert pool.apply(writes, (index.path,))


def test_of_many_threads_one_writes_at_a_time(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "index")
    start = threading.Barrier(6)
    made, refused = [], []

    def write(number: int) -> None:
        start.wait()
        for _ in range(20):
            try:
                with index.writer() as writer:
                    writer.add(Document(str(number), text="number"))
            except IndexLocked:
                refused.append(number)
                time.sleep(0.01)
            else:
                made.append(number)
                return

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused
    assert index.latest_generation() == len(made)
    with index.reader() as reader:
        assert sorted(int(f["id"]) for f in reader.all_stored_fields()) == sorted(made)


def test_a_writer_that_was_forgotten_lets_go(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "index")
    writer = index.writer()
    with pytest.raises(IndexLocked):
        index.writer()
    del writer
    assert writes(index.path)
