"""Carrying out tasks, in this process or in several."""

from __future__ import annotations

import multiprocessing
import queue
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .builder import FLUSH_BYTES, SegmentInfo
from .codec import Segment
from .errors import FihrisError
from .intake import Intake, Outcome, Task
from .known import Known
from .segment import SegmentFiles, read_deletions
from .storage import Folder

# How long to wait for an answer before looking whether a worker has died, in seconds.
_PATIENCE = 1.0


class WorkerFailed(FihrisError):
    """A worker process ended before its work was done."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A worker's last answer: the segments that it wrote."""

    worker: int
    segments: list[SegmentInfo]


class Workers:
    """Carries out tasks; the segments are there once all tasks are done.

    Args:
        folder: of the index.
        segments: of the commit that is being added to.
        jobs: how many processes; with 1 the work is done in this one.
    """

    def __init__(self, folder: Folder, segments: list[Segment], jobs: int) -> None:
        self._folder, self._segments, self._jobs = folder, segments, jobs
        #: The segments written, by worker.
        self.written: list[list[SegmentInfo]] = []

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[int, int, Outcome]]:
        """The outcome of each task, with the number of the task and that of the worker.

        With several processes outcomes come as they are ready, not in the order of the tasks.
        """
        if self._jobs == 1:
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

    def _run_apart(self, tasks: Iterable[Task]) -> Iterator[tuple[int, int, Outcome]]:
        context = multiprocessing.get_context("spawn")
        # Bounded, so that reading does not run far ahead of the work.
        todo: Any = context.Queue(2 * self._jobs)
        done: Any = context.Queue()
        infos = [segment.info for segment in self._segments]
        processes = [
            context.Process(
                target=_work,
                args=(number, self._folder, infos, FLUSH_BYTES, todo, done),
                daemon=True,
            )
            for number in range(self._jobs)
        ]
        for process in processes:
            process.start()
        self.written = [[] for _ in processes]
        try:
            waiting = 0
            for number, task in enumerate(tasks):
                todo.put((number, task))
                waiting += 1
                while waiting >= 2 * self._jobs:
                    yield self._answer(done, processes)
                    waiting -= 1
            for _ in processes:
                todo.put(None)
            # A worker that finds nothing more to do may be done before the others.
            for _ in range(waiting + self._jobs):
                answer = self._answer(done, processes)
                if isinstance(answer, _Written):
                    self.written[answer.worker] = answer.segments
                else:
                    yield answer
            for process in processes:
                process.join()
        finally:
            for process in processes:
                process.kill()
            for channel in (todo, done):
                channel.cancel_join_thread()
                channel.close()

    def _answer(self, done: Any, processes: list[Any]) -> Any:
        while True:
            try:
                answer = done.get(timeout=_PATIENCE)
            except queue.Empty:
                dead = [process for process in processes if process.exitcode not in (None, 0)]
                if dead:
                    raise WorkerFailed(
                        f"a worker process ended with status {dead[0].exitcode}; nothing was "
                        "changed; run again, with fewer --jobs if memory ran out"
                    ) from None
                continue
            if isinstance(answer, BaseException):
                raise answer
            return answer


def _work(
    worker: int,
    folder: Folder,
    infos: list[SegmentInfo],
    flush_bytes: int,
    todo: Any,
    done: Any,
) -> None:
    """The life of a worker process."""
    # Ctrl-C reaches all processes of a terminal; the first one decides and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        segments = [
            Segment(info, SegmentFiles(folder, info), read_deletions(folder, info))
            for info in infos
        ]
        intake = Intake(folder, Known(segments), flush_bytes)
        while (item := todo.get()) is not None:
            number, task = item
            done.put((number, worker, intake.run(task)))
        done.put(_Written(worker, intake.finish()))
    except Exception as error:  # noqa: BLE001
        # Handed to the first process, which raises it.
        done.put(
            error
            if isinstance(error, FihrisError)
            else WorkerFailed(f"a worker process failed: {type(error).__name__}: {error}")
        )
