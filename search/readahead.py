"""Files that are not in memory: what a query looks at is read from the disk many pages at once.

An index is mapped, and a query looks at a thousand places here and there in it. Where nothing of
it is in memory (after a start of the machine, or because it has more pages than there is memory),
each look would wait for the disk, one behind the other, and the system would read much around each
that nobody needs. So while there is waiting, the compiled kernels ask the system beforehand for
what they look at next. That costs some milliseconds a query; where all is in memory it is not done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from ..indexer import compiled as indexer
from ..indexer.arrayfile import Array
from ..indexer.segment import SegmentFiles
from . import compiled

try:
    import resource
except ImportError:  # not there on Windows
    resource = None

_on = False


def is_on() -> bool:
    """Whether the system is asked beforehand."""
    return _on


def opened(segments: Sequence[SegmentFiles]) -> None:
    """Begins with it where not all is in memory that was opened, as pages here and there tell."""
    if compiled.kernels:
        data = (files.data[ending] for files in segments for ending in ("lexicon", "postings"))
        switch(on=not all(map(compiled.kernels.in_memory, data)))


@contextmanager
def watched() -> Iterator[None]:
    """While something is read; if it had to wait for a disk, the system is asked beforehand for
    what is read next, and else no longer."""
    before = _waits()
    try:
        yield
    finally:
        switch(on=_waits() > before)


def _waits() -> int:
    """How often this process had to wait for a page of a file."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_majflt if resource else 0


def switch(*, on: bool) -> None:
    """Whether the system is asked beforehand from now on, in all threads."""
    global _on
    if on or _on:
        for kernels in (indexer.kernels, compiled.kernels):
            if kernels:
                kernels.read_ahead(on)
    _on = on


def records(files: SegmentFiles, docs: Array) -> None:
    """Asks for the stored fields and texts of some documents."""
    if not (_on and compiled.kernels):
        return
    data, offsets = files.stored
    places = 2 * docs.astype(np.int64)
    compiled.kernels.expect(offsets, places, places + 3)
    starts, ends = (offsets[places + n].astype(np.int64) for n in (0, 2))
    compiled.kernels.expect(np.frombuffer(data, np.uint8), starts, ends)
