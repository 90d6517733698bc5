"""Merging groups of segments, one after another in this process or at the same time in others."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from multiprocessing.connection import Connection
from typing import Any

from .arrayfile import Array
from .merge import Advance, merge_segments, size_of
from .naming import new_segment_id
from .processes import Process, interrupts_put_off
from .segment import SegmentFiles
from .segmentinfo import SegmentInfo
from .storage import Folder

# Bytes; of what is smaller starting processes would take the most time.
_LARGE = 32 * 1024 * 1024

#: The files of each segment, and which of its documents are deleted (None: no one).
Group = Sequence[tuple[SegmentFiles, Array | None]]


def worthwhile_jobs(segments: Iterable[SegmentInfo], jobs: int) -> int:
    """How many of `jobs` processes are worth starting to merge some segments."""
    return jobs if sum(map(size_of, segments)) >= _LARGE else 1


def merge_groups(
    folder: Folder, groups: Sequence[Group], jobs: int, advance: Advance
) -> list[SegmentInfo]:
    """Merges each group into one segment, in up to `jobs` processes at the same time.

    Raises IndexDamaged, as `merge_segments` does; StorageError; WorkerFailed.
    """
    segments = (files.info for group in groups for files, _ in group)
    if len(groups) == 1 or worthwhile_jobs(segments, jobs) == 1:
        return [
            merge_segments(folder, new_segment_id(), group, advance=advance) for group in groups
        ]
    merged: dict[int, SegmentInfo] = {}
    waiting = deque(enumerate(groups))
    crew: dict[Process, int] = {}
    try:
        while waiting or crew:
            while waiting and len(crew) < jobs:
                number, group = waiting.popleft()
                with interrupts_put_off():
                    process = Process(_merge)
                    crew[process] = number
                process.send((folder, [(files.info, deleted) for files, deleted in group]))
            process = Process.next_ready(crew)
            answer: int | SegmentInfo = process.answer()
            if isinstance(answer, SegmentInfo):
                merged[crew[process]] = answer
                process.end()
                del crew[process]
            else:
                advance(answer)
    finally:
        for process in crew:
            process.end()
    return [merged[number] for number in range(len(groups))]


def _merge(pipe: Connection[Any, Any]) -> None:
    """Merges one group: tells each step, and in the end the segment."""
    folder, group = pipe.recv()
    opened = [(SegmentFiles(folder, info), deleted) for info, deleted in group]
    pipe.send(merge_segments(folder, new_segment_id(), opened, advance=pipe.send))
