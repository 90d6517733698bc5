"""Carrying out tasks, in this process or in several."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any

from .builder import FLUSH_BYTES
from .codec import Segment
from .errors import FihrisError
from .intake import Intake, Outcome, Task
from .known import Known
from .segment import SegmentFiles, read_deletions
from .segmentinfo import SegmentInfo
from .storage import Folder


class WorkerFailed(FihrisError):
    """A worker process ended before its work was done."""


class Workers:
    """Carries out tasks; the segments are there once all tasks are done.

    Args:
        folder: of the index.
        segments: of the commit that is being added to.
        jobs: how many processes.
        apart: whether even one works apart from this process, so that the memory it took is free
            again when segments are merged; several always do.
    """

    def __init__(
        self, folder: Folder, segments: list[Segment], jobs: int, apart: bool = False
    ) -> None:
        self._folder, self._segments, self._jobs = folder, segments, jobs
        self._apart = apart or jobs > 1
        #: The segments written, by worker.
        self.written: list[list[SegmentInfo]] = []

    def run(self, tasks: Iterable[Task]) -> Generator[tuple[int, int, Outcome], None, None]:
        """The outcome of each task, with the number of the task and that of the worker.

        With several processes outcomes come as they are ready, not in the order of the tasks.
        """
        if not self._apart:
            intake = Intake(self._folder, Known(self._segments))
            try:
                for number, task in enumerate(tasks):
                    yield number, 0, intake.run(task)
                self.written = [intake.finish()]
            except BaseException:
                intake.abort()
                raise
            return
        yield from self._run_apart(tasks)

    def _run_apart(self, tasks: Iterable[Task]) -> Generator[tuple[int, int, Outcome], None, None]:
        infos = [segment.info for segment in self._segments]
        crew: list[_Worker] = []
        try:
            with _interrupts_put_off():
                crew += (_Worker(self._folder, infos) for _ in range(self._jobs))
            # Each has one task at a time, since two that send to one another would both wait.
            under_way: dict[int, int] = {}
            for number, task in enumerate(tasks):
                if len(under_way) < len(crew):
                    worker, done = len(under_way), None
                else:
                    worker = _next_ready(crew, under_way)
                    done = under_way[worker], worker, crew[worker].answer()
                crew[worker].send(task)
                under_way[worker] = number
                if done:
                    yield done
            unused = crew[len(under_way) :]
            while under_way:
                worker = _next_ready(crew, under_way)
                done = under_way.pop(worker), worker, crew[worker].answer()
                crew[worker].send(None)
                yield done
            for idle in unused:
                idle.send(None)
            self.written = [worker.answer() for worker in crew]
            for each in crew:
                each.wait()
        finally:
            for each in crew:
                each.end()


class _Worker:
    """Another process, and the pipe to it.

    It is a Python of its own and not a `multiprocessing.Process`, which would run the main module
    of the program once more.
    """

    def __init__(self, folder: Folder, infos: list[SegmentInfo]) -> None:
        self.pipe, theirs = Pipe()
        # When this has run, no process but the worker holds its end of the pipe, so that the pipe
        # ends with the worker; and as it holds no end of ours, the worker ends with this process.
        with theirs:
            program = (
                f"import sys; sys.path[:] = {sys.path!r}; "
                f"from {__name__} import work; work({theirs.fileno()})"
            )
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", program],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self.send((folder, infos, FLUSH_BYTES))

    def send(self, message: object) -> None:
        """Gives it a task, or None after the last. Raises WorkerFailed."""
        try:
            self.pipe.send(message)
        except OSError:
            raise self._failed() from None

    def answer(self) -> Any:
        """What it made of the task. Raises WorkerFailed, or what it raised itself."""
        try:
            answer = self.pipe.recv()
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
        self.pipe.close()

    def _failed(self) -> WorkerFailed:
        return WorkerFailed(
            f"a worker process ended with status {self._process.wait()}; nothing was changed; "
            "run again, with fewer --jobs if memory ran out"
        )


def _next_ready(crew: list[_Worker], under_way: Iterable[int]) -> int:
    """Waits for one of those under way to answer."""
    pipes: dict[Any, int] = {crew[worker].pipe: worker for worker in under_way}
    return pipes[wait(pipes)[0]]


@contextmanager
def _interrupts_put_off() -> Iterator[None]:
    """Ctrl-C counts only after the block, and never in processes that are started in it: it
    reaches all processes of a terminal, and the first one decides and ends the others."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def work(handle: int) -> None:
    """The life of a worker process; it ends when the first process does.

    Args:
        handle: of its end of the pipe, from which come the arguments of Intake, tasks, and None.
    """
    pipe: Connection[Any, Any] = Connection(handle)
    try:
        folder, infos, flush_bytes = pipe.recv()
        segments = [
            Segment(info, SegmentFiles(folder, info), read_deletions(folder, info))
            for info in infos
        ]
        intake = Intake(folder, Known(segments), flush_bytes)
        while (task := pipe.recv()) is not None:
            pipe.send(intake.run(task))
        pipe.send(intake.finish())
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
