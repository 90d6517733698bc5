"""Workers that fail, are killed or interrupted leave the index as it was, and no process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fihris.indexer import Index, StorageError
from fihris.indexer.commit import read_commit, unused_files
from fihris.indexer.found import Found
from fihris.indexer.ingest import index_paths
from fihris.indexer.intake import BlockTask, FileTask, Task
from fihris.indexer.processes import WorkerFailed
from fihris.indexer.readers import Block
from fihris.indexer.sources import Source
from fihris.indexer.storage import Folder
from fihris.indexer.workers import Workers

from .folders import figures, held, lines, write_files
from .running import children, processes

pytestmark = pytest.mark.usefixtures("others")


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.create(tmp_path / "index")


def record_task(name: str) -> Task:
    data = lines({"id": name, "text": f"the text of {name}"}).encode()
    return BlockTask("r.jsonl", "/r.jsonl", Block(1, data))


def file_task(path: Path) -> Task:
    status = path.stat()
    found = Found(path, str(path), path.name, status.st_size, status.st_mtime_ns)
    return FileTask([Source(found, str(path))])


def run(workers: Workers, tasks: list[Task]) -> dict[int, list[int]]:
    """The numbers of the tasks that each worker did."""
    done: dict[int, list[int]] = {}
    for number, worker, outcome in workers.run(tasks):
        assert (outcome.added, outcome.errors) == (1, [])
        done.setdefault(worker, []).append(number)
    return done


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("count", [0, 7])
def test_each_task_is_done_once(index: Index, jobs: int, count: int) -> None:
    workers = Workers(index.folder, [], jobs)
    done = run(workers, [record_task(f"d{n}") for n in range(count)])
    assert sorted(number for numbers in done.values() for number in numbers) == list(range(count))
    assert len(workers.written) == jobs
    for worker, segments in enumerate(workers.written):
        assert sum(segment.documents for segment in segments) == len(done.get(worker, []))


def test_what_the_disk_refuses_is_raised_here(tmp_path: Path) -> None:
    workers = Workers(Folder(tmp_path / "missing"), [], 2)
    with pytest.raises(StorageError, match="No such file"):
        list(workers.run([record_task("d")]))


def test_a_fault_in_a_worker_is_named(index: Index) -> None:
    workers = Workers(index.folder, [], 2)
    with pytest.raises(
        WorkerFailed, match=r"a worker process failed: AttributeError: 'str' .*'where'"
    ):
        list(workers.run(["no task"]))  # type: ignore[list-item]


@pytest.mark.parametrize("moment", [0, 2, 4])
def test_a_worker_that_is_killed(index: Index, others: set[int], moment: int) -> None:
    def tasks() -> Iterator[Task]:
        for number in range(5):
            if number == moment:
                os.kill(min(children() - others), signal.SIGKILL)
            yield record_task(f"d{number}")

    workers = Workers(index.folder, [], 2)
    with pytest.raises(WorkerFailed, match="ended with status -9; nothing was changed; run again"):
        list(workers.run(tasks()))


def test_workers_end_when_nobody_wants_their_outcomes(index: Index, others: set[int]) -> None:
    outcomes = Workers(index.folder, [], 2).run([record_task(f"d{n}") for n in range(9)])
    next(outcomes)
    assert len(children() - others) == 2
    outcomes.close()
    assert children() == others


def test_a_large_task_and_a_large_outcome(index: Index, tmp_path: Path) -> None:
    # Larger than any pipe: neither side may wait for the other to read.
    many = lines(*({"id": f"{n}", "text": "x"} for n in range(5000))).encode()
    tasks: list[Task] = [BlockTask("r.jsonl", "/r.jsonl", Block(1, many)) for _ in range(2)]
    write_files(tmp_path, {"long.txt": "a long text " * 100_000})
    outcomes = Workers(index.folder, [], 2).run([*tasks, file_task(tmp_path / "long.txt")])
    assert sorted(outcome.added for _, _, outcome in outcomes) == [1, *[5000] * 2]


# With an index


def test_the_index_is_as_it_was_when_a_worker_is_killed(
    index: Index, others: set[int], tmp_path: Path
) -> None:
    folder = write_files(
        tmp_path / "in", {"a.txt": "a", "z.jsonl": lines({"id": "z", "text": "z"})}
    )
    index_paths(index, [folder])
    before = held(index)
    # So much behind the broken line that the workers are still at it when they are told of.
    much = lines(*({"id": f"c{n}", "text": "new words " * 90} for n in range(3000)))
    write_files(folder, {"a.txt": "changed", "b.jsonl": "{\n", "c.jsonl": much})

    def kill(_: object) -> None:
        for child in children() - others:
            os.kill(child, signal.SIGKILL)

    with pytest.raises(WorkerFailed):
        index_paths(index, [folder], jobs=2, on_error=kill)
    assert (held(index), index.latest_generation()) == (before, 1)
    assert unused_files(index.folder, read_commit(index.folder)) == []
    # The lock is free, and the same work can be done.
    assert figures(index_paths(index, [folder], jobs=2)) == (3000, 1, 1, 0)


# Signals from outside

_PROGRAM = """
import sys
from fihris.indexer import Index
from fihris.indexer.ingest import index_paths

# Not guarded by a test of __name__: workers must not run this again.
try:
    index_paths(
        Index.open(sys.argv[1]), sys.argv[2:], jobs=2,
        on_error=lambda _: print("at work", flush=True),
    )
except KeyboardInterrupt:
    sys.exit(130)
"""


def processes_of(session: int) -> list[int]:
    """The processes of a session that are running."""
    return [
        number
        for number, state, _, of_session in processes()
        if of_session == session and state != "Z"
    ]


def assert_all_end(session: int) -> None:
    patience = time.monotonic() + 20
    while processes_of(session):
        assert time.monotonic() < patience
        time.sleep(0.05)


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize(
    ("number", "whole_group"),
    [
        (signal.SIGINT, True),
        (signal.SIGKILL, False),
        pytest.param(signal.SIGINT, False, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, False, marks=pytest.mark.slow),
    ],
)
def test_a_program_that_is_stopped_leaves_no_process(
    index: Index, tmp_path: Path, number: signal.Signals, whole_group: bool
) -> None:
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM)
    folder = write_files(tmp_path / "in", {"0.jsonl": "{\n"})
    # So much that it cannot be done before the signal comes.
    text = "many words of a long text " * 1000
    records = lines(*({"id": f"r{n}", "text": text} for n in range(20)))
    write_files(folder, {f"{n}.jsonl": records.replace('"r', f'"{n}-') for n in range(1, 21)})
    with subprocess.Popen(
        [sys.executable, program, index.path, folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        assert len(processes_of(process.pid)) >= 3
        if whole_group:
            # As Ctrl-C does on a terminal.
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, told = process.communicate(timeout=30)
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert told == ""
    assert_all_end(process.pid)
    assert (held(index), index.latest_generation()) == ({}, 0)
    write_files(tmp_path / "new", {"a.txt": "a"})
    assert figures(index_paths(index, [tmp_path / "new"])) == (1, 0, 0, 0)
    assert unused_files(index.folder, read_commit(index.folder)) == []
