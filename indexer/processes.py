"""Other processes that work for this one, each behind a pipe."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any

from .errors import FihrisError

#: What a process does with its end of the pipe; it must be importable by its name.
Work = Callable[["Connection[Any, Any]"], None]


class WorkerFailed(FihrisError):
    """A worker process ended before its work was done."""


class Process:
    """Another process, and the pipe to it.

    It is a Python of its own and not a `multiprocessing.Process`, which would run the main module
    of the program once more.
    """

    def __init__(self, work: Work) -> None:
        self._pipe, theirs = Pipe()
        # When this has run, no process but the worker holds its end of the pipe, so that the pipe
        # ends with the worker; and as it holds no end of ours, the worker ends with this process.
        with theirs:
            program = (
                f"import sys; sys.path[:] = {sys.path!r}; "
                f"from {__name__} import live; from {work.__module__} import {work.__name__}; "
                f"live({theirs.fileno()}, {work.__name__})"
            )
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", program],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def send(self, message: object) -> None:
        """Sends it something. Raises WorkerFailed."""
        try:
            self._pipe.send(message)
        except OSError:
            raise self._failed() from None

    def answer(self) -> Any:
        """What it sends next. Raises WorkerFailed, or what it raised itself."""
        try:
            answer = self._pipe.recv()
        except (EOFError, OSError):
            raise self._failed() from None
        if isinstance(answer, FihrisError):
            raise answer
        return answer

    def wait(self) -> None:
        """Returns when it has ended by itself."""
        self._process.wait()

    def end(self) -> None:
        """Ends it, at work or not."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()

    def _failed(self) -> WorkerFailed:
        return WorkerFailed(
            f"a worker process ended with status {self._process.wait()}; nothing was changed; "
            "run again, with fewer --jobs if memory ran out"
        )

    @staticmethod
    def next_ready(processes: Iterable[Process]) -> Process:
        """Waits for one of some processes to answer, or to end."""
        pipes: dict[Any, Process] = {process._pipe: process for process in processes}
        return pipes[wait(pipes)[0]]


@contextmanager
def interrupts_put_off() -> Iterator[None]:
    """Ctrl-C counts only after the block, and never in processes that are started in it: it
    reaches all processes of a terminal, and the first one decides and ends the others."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def live(handle: int, work: Work) -> None:
    """The life of such a process; it ends when the first process does.

    Args:
        handle: of its end of the pipe.
    """
    pipe: Connection[Any, Any] = Connection(handle)
    try:
        work(pipe)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except Exception as error:  # noqa: BLE001
        # Handed to the first process, which raises it.
        with suppress(OSError):
            pipe.send(
                error
                if isinstance(error, FihrisError)
                else WorkerFailed(f"a worker process failed: {type(error).__name__}: {error}")
            )
