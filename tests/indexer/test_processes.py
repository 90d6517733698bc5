"""A process and its pipe: what it answers, raises, and how it ends."""

from multiprocessing.connection import Connection
from typing import Any

import pytest
from fihris.indexer import StorageError
from fihris.indexer.processes import Process, WorkerFailed

from .running import children

pytestmark = pytest.mark.usefixtures("others")


def echo(pipe: "Connection[Any, Any]") -> None:
    """Sends back what it receives, doubled, until that is None."""
    while (message := pipe.recv()) is not None:
        pipe.send(message * 2)


def refused(pipe: "Connection[Any, Any]") -> None:
    """Raises what it receives."""
    raise pipe.recv()


def test_a_process_answers_and_ends() -> None:
    process = Process(echo)
    for message in (3, "ab", b"x" * 1_000_000):
        process.send(message)
        assert process.answer() == message * 2
    process.send(None)
    process.wait()
    with pytest.raises(WorkerFailed, match="ended with status 0"):
        process.answer()
    process.end()


def test_the_one_that_has_an_answer_is_next() -> None:
    crew = [Process(echo) for _ in range(3)]
    crew[1].send("x")
    assert Process.next_ready(crew) is crew[1]
    for process in crew:
        process.end()


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (StorageError("the disk is full"), StorageError, "^the disk is full$"),
        (KeyError("word"), WorkerFailed, "^a worker process failed: KeyError: 'word'$"),
        # As for a process whose other end is gone.
        (EOFError(), WorkerFailed, "ended with status 0"),
    ],
)
def test_what_a_process_raises_is_raised_here(
    error: Exception, kind: type[Exception], told: str
) -> None:
    process = Process(refused)
    process.send(error)
    with pytest.raises(kind, match=told):
        process.answer()
    process.end()


def test_a_process_ends_when_nobody_holds_the_other_end(others: set[int]) -> None:
    process = Process(echo)
    (number,) = children() - others
    del process._pipe
    process.wait()
    assert number not in children()
