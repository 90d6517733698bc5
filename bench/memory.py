"""What processes hold in memory while they work: of their own, and of files that they have mapped.

Of the index's files pages come and go as the system sees fit, so that they are no growth.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

#: Into so many parts the time of a load is divided.
PARTS = 6


class Memory(NamedTuple):
    """In bytes.

    Attributes:
        own: what no file backs: the heap, stacks.
        mapped: pages of files, those that several of the processes share counted once.
    """

    own: int
    mapped: int


def processes(parent: int) -> list[int]:
    """A process and those that it started, and so on."""
    found = [parent]
    for task in Path(f"/proc/{parent}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += processes(int(child))
    return found


def memory(parent: int) -> Memory:
    """Of a process and its children, now."""
    own = whole = 0
    for process in processes(parent):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
        sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines}
        # Pages of others that share them count as the part that falls to each.
        own += sizes["Pss_Anon"]
        whole += sizes["Pss"]
    return Memory(own, whole - own)


@contextmanager
def watched(parent: int, pause: float) -> Iterator[list[Memory]]:
    """For the length of a with-block looks again after each pause (in seconds); the list grows."""
    seen: list[Memory] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(pause):
            seen.append(memory(parent))

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield seen
    finally:
        over.set()
        watching.join()


def parts(seen: Sequence[Memory]) -> list[Memory]:
    """The mean of each of PARTS stretches of equal length."""
    cuts = [len(seen) * n // PARTS for n in range(PARTS + 1)]
    stretches = [seen[a : max(b, a + 1)] for a, b in pairwise(cuts)]
    return [
        Memory(*(sum(column) // len(stretch) for column in zip(*stretch, strict=True)))
        for stretch in stretches
    ]
