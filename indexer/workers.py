"""Carrying out tasks, in this process or in several."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any

from .builder import FLUSH_BYTES, SegmentInfo
from .codec import Segment
from .errors import FihrisError
from .intake import Intake, Outcome, Task
from .known import Known
from .segment import SegmentFiles, read_deletions
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
        finally:
            for each in crew:
                each.end()


class _Worker:
    """Another process, and the pipe to it."""

    def __init__(self, folder: Folder, infos: list[SegmentInfo]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_work, args=(folder, infos, FLUSH_BYTES, theirs), daemon=True
        )
        self._process.start()
        # So that the pipe ends with the process.
        theirs.close()

    def send(self, task: Task | None) -> None:
        """Gives it a task, None after the last. Raises WorkerFailed."""
        try:
            self.pipe.send(task)
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

    def end(self) -> None:
        """Ends the process, at work or not."""
        self._process.kill()
        self._process.join()
        self.pipe.close()

    def _failed(self) -> WorkerFailed:
        self._process.join()
        return WorkerFailed(
            f"a worker process ended with status {self._process.exitcode}; nothing was changed; "
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
    # Starting this process, as the first worker would, lets interrupts through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(
    folder: Folder, infos: list[SegmentInfo], flush_bytes: int, pipe: Connection[Any, Any]
) -> None:
    """The life of a worker process; it ends when the first process does."""
    try:
        segments = [
            Segment(info, SegmentFiles(folder, info), read_deletions(folder, info))
            for info in infos
        ]
        intake = Intake(folder, Known(segments), flush_bytes)
        while (task := pipe.recv()) is not None:
            pipe.send(intake.run(task))
        pipe.send(intake.finish())
    except EOFError:
        return
    except Exception as error:  # noqa: BLE001
        # Handed to the first process, which raises it.
        with suppress(OSError):
            pipe.send(
                error
                if isinstance(error, FihrisError)
                else WorkerFailed(f"a worker process failed: {type(error).__name__}: {error}")
            )
