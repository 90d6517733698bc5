"""A process that searches with one engine, and times it, when it is told to.

    python -m bench.worker ENGINE FOLDER QUERIES

First it opens the index and runs a query, then it takes commands from standard input; for each, and
for the opening, it prints a line of JSON.

    run KIND    CPU and wall seconds of each query of a kind, null when it has no such queries
    warm        null, when everything was asked once
    answers     of each query the total and the ids of the ten best, null when it has no such
    steps       CPU seconds of what comes before queries: parsing and resolving words (Fihris)
    memory      bytes of memory that are not mapped files
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from .engines import engine
from .queries import Query, load

LIMIT = 10
# Parsing and resolving are timed on queries of several words.
_WORDY = ("or", "heavy or", "and")


class Worker:
    """An engine with its index open."""

    def __init__(self, searcher: Any, folder: Path, queries: Path) -> None:
        self.searcher, self.asked = searcher, load(queries)
        first = next(query for query in self.asked if query.kind == "or")
        wall, cpu = time.perf_counter(), time.process_time()
        searcher.open(folder)
        opened = time.perf_counter() - wall
        searcher.search(searcher.prepare(first), LIMIT)
        self.opening = {
            "open_wall": opened,
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
        }

    @cached_property
    def _prepared(self) -> list[Any]:
        return [self.searcher.prepare(query) for query in self.asked]

    def warm(self) -> None:
        """Runs everything once."""
        self.answers()

    def run(self, kind: str) -> list[tuple[float, float]] | None:
        """The CPU and wall seconds of each query of a kind."""
        times = []
        for query, prepared in zip(self.asked, self._prepared, strict=True):
            if query.kind != kind:
                continue
            if prepared is None:
                return None
            wall, cpu = time.perf_counter(), time.thread_time()
            self.searcher.search(prepared, LIMIT)
            cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
            times.append((cpu, wall))
        return times

    def answers(self) -> list[tuple[int | None, list[str]] | None]:
        """Of each query the total and the ids of the ten best."""
        found: list[tuple[int | None, list[str]] | None] = []
        for prepared in self._prepared:
            if prepared is None:
                found.append(None)
            else:
                total, best = self.searcher.search(prepared, LIMIT)
                found.append((total, self.searcher.ids(best)))
        return found

    def steps(self) -> dict[str, list[float]]:
        """The CPU seconds that parsing a query's text takes, and resolving its words as if they
        had never been asked for."""
        searching = getattr(self.searcher, "searching", None)
        if searching is None:
            return {}
        words = [query for query in self.asked if query.kind in _WORDY]
        steps: dict[str, Callable[[Query], Any]] = {
            "parse": lambda query: searching.parse(" ".join(query.words)),
            "resolve": lambda query: searching.resolved(self.searcher.tree(query)),
        }
        return {step: [_cpu(run, query) for query in words] for step, run in steps.items()}


def _cpu(run: Callable[[Query], Any], query: Query) -> float:
    cpu = time.thread_time()
    run(query)
    return time.thread_time() - cpu


def memory() -> int | None:
    """The bytes of this process's memory besides mapped files; None where the system has no
    `/proc`."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    sizes = (line.split()[1] for line in lines if line.startswith("RssAnon:"))
    return next((int(size) * 1024 for size in sizes), None)


def main() -> None:
    """Answers until standard input ends."""
    name, folder, queries = sys.argv[1:]
    worker = Worker(engine(name), Path(folder), Path(queries))
    commands: dict[str, Callable[..., Any]] = {
        "run": worker.run, "warm": worker.warm, "answers": worker.answers,
        "steps": worker.steps, "memory": memory,
    }  # fmt: skip
    _tell(worker.opening)
    for line in sys.stdin:
        command, *argument = line.rstrip("\n").split(" ", 1)
        _tell(commands[command](*argument))


def _tell(value: Any) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
