"""Finding the documents that were given an id which another one of the same run has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from .arrayfile import Array
from .intake import Outcome


class Taken(msgspec.Struct, frozen=True):
    """The documents of a task, as parallel arrays; see Outcome."""

    ids: Array
    lines: Array
    segments: Array
    docs: Array
    worker: int

    @classmethod
    def of(cls, outcome: Outcome, worker: int) -> Taken:
        """What a worker took in."""
        return cls(
            np.array(outcome.ids, np.uint64),
            np.array(outcome.lines, np.uint32),
            np.array(outcome.segments, np.int32),
            np.array(outcome.docs, np.uint32),
            worker,
        )


def candidates(tasks: Sequence[Taken]) -> Iterator[tuple[Taken, int]]:
    """The documents whose ids have the same hash as another's, in the order of the input: the
    task, and the document's place in it."""
    ids = np.concatenate([taken.ids for taken in tasks] or [np.zeros(0, np.uint64)])
    order = np.argsort(ids, kind="stable")
    again = np.flatnonzero(ids[order][1:] == ids[order][:-1])
    edges = np.cumsum([0] + [len(taken.ids) for taken in tasks])
    for place in np.unique(order[np.concatenate([again, again + 1])]).tolist():
        number = int(np.searchsorted(edges, place, "right")) - 1
        yield tasks[number], place - int(edges[number])
