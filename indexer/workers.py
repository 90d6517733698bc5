"""Carrying out tasks, in this process or in several."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from multiprocessing.connection import Connection
from typing import Any

from .builder import FLUSH_BYTES
from .codec import Segment
from .intake import Intake, Outcome, Task
from .known import Known
from .processes import Process, interrupts_put_off
from .segment import SegmentFiles, read_deletions
from .segmentinfo import SegmentInfo
from .storage import Folder


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
        crew: list[Process] = []
        try:
            with interrupts_put_off():
                crew += (Process(_take_in) for _ in range(self._jobs))
            for each in crew:
                each.send((self._folder, infos, FLUSH_BYTES))
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


def _next_ready(crew: list[Process], under_way: Iterable[int]) -> int:
    """Waits for one of those under way to answer."""
    return crew.index(Process.next_ready(crew[worker] for worker in under_way))


def _take_in(pipe: Connection[Any, Any]) -> None:
    """The work of a process, which receives the arguments of an Intake, tasks, and None."""
    folder, infos, flush_bytes = pipe.recv()
    segments = [
        Segment(info, SegmentFiles(folder, info), read_deletions(folder, info)) for info in infos
    ]
    intake = Intake(folder, Known(segments), flush_bytes)
    while (task := pipe.recv()) is not None:
        pipe.send(intake.run(task))
    pipe.send(intake.finish())
