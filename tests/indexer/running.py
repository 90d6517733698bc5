"""Which processes are running."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def processes() -> Iterator[tuple[int, str, int, int]]:
    """Number, state, parent and session of each process; Z is one that ended unasked about."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent, _, session = path.read_text().rpartition(")")[2].split()[:4]
            yield int(path.parent.name), state, int(parent), int(session)


def children() -> set[int]:
    """The processes that this one started, ended or not."""
    return {number for number, _, parent, _ in processes() if parent == os.getpid()}
