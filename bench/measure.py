"""What one process measures; `speed` starts a fresh one for each. The result is JSON on stdout."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .corpus import read
from .engines import ENGINES, REFERENCE, engine
from .queries import KINDS, Query, load

LIMIT = 10
#: Every query is run so often; its time is the median.
ROUNDS = 7


def index(name: str, corpus: str, folder: str) -> dict[str, Any]:
    """Indexes a collection: seconds, peak memory, disk."""
    indexer = engine(name)
    documents = 0

    def counted() -> Any:
        nonlocal documents
        for record in read(Path(corpus), indexer.most):
            documents += 1
            yield record

    wall = time.perf_counter()
    figures = indexer.index_file(Path(corpus), Path(folder))
    if figures is None:
        figures = indexer.index(counted(), Path(folder))
    else:
        documents = figures.pop("documents")
    wall = time.perf_counter() - wall
    mine, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in (mine, others))
    # Kilobytes on Linux; of the larger of the processes.
    peak = max(mine.ru_maxrss, others.ru_maxrss) * 1024
    return {
        "documents": documents, "wall": wall, "cpu": cpu, "peak_bytes": peak,
        "disk": indexer.disk(Path(folder)), **figures,
    }  # fmt: skip


def cold(name: str, folder: str, queries: str) -> dict[str, float]:
    """Opens an index and runs a first query in a process that has done nothing but import."""
    searcher = engine(name)
    first = next(query for query in load(Path(queries)) if query.kind == "or")
    wall, cpu = time.perf_counter(), time.process_time()
    searcher.open(Path(folder))
    opened = time.perf_counter() - wall
    searcher.search(searcher.prepare(first), LIMIT)
    return {
        "open_wall": opened,
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
    }


def queries(folder: str, file: str, *names: str) -> dict[str, Any]:
    """Runs all queries on all engines, turn about, and compares what they answer.

    Args:
        folder: where each engine's index is, under the name of the engine.
    """
    asked = load(Path(file))
    searchers = {name: engine(name) for name in names}
    for name, searcher in searchers.items():
        searcher.open(Path(folder) / ENGINES[name].index_of)
    prepared = {
        name: [searcher.prepare(query) for query in asked] for name, searcher in searchers.items()
    }
    times: dict[str, list[list[tuple[float, float]]]] = {
        name: [[] for _ in asked] for name in names
    }
    for turn in range(ROUNDS):
        for kind in KINDS:
            chosen = [n for n, query in enumerate(asked) if query.kind == kind]
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                search, mine = searchers[name].search, prepared[name]
                for n in chosen:
                    wall, cpu = time.perf_counter(), time.thread_time()
                    search(mine[n], LIMIT)
                    cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
                    times[name][n].append((cpu, wall))
    return {
        "times": {name: _by_kind(asked, times[name]) for name in names},
        "answers": _compared(asked, searchers, prepared),
        "steps": _steps(asked, searchers["fihris all layers"]),
    }


def _by_kind(asked: list[Query], times: list[list[tuple[float, float]]]) -> dict[str, Any]:
    """Median and 95th percentile of CPU and wall of the queries of each kind, in milliseconds."""
    found: dict[str, Any] = {}
    for kind in KINDS:
        chosen = [times[n] for n, query in enumerate(asked) if query.kind == kind]
        found[kind] = {
            clock: _percentiles([_middle([run[place] for run in runs]) for runs in chosen])
            for place, clock in enumerate(("cpu", "wall"))
        }
    return found


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        f"p{share}": 1000 * ordered[min(len(ordered) * share // 100, len(ordered) - 1)]
        for share in (50, 95)
    }


def _compared(
    asked: list[Query], searchers: dict[str, Any], prepared: dict[str, list[Any]]
) -> dict[str, Any]:
    """How far the answers of each engine are those of the reference: the share of its ten best
    that are among the other's, and the share of queries of equal total."""
    answers = {
        name: [searcher.search(one, LIMIT) for one in prepared[name]]
        for name, searcher in searchers.items()
    }
    ids = {
        name: [{found for found, _ in searchers[name].ids(best)} for _, best in answers[name]]
        for name in searchers
    }
    compared: dict[str, Any] = {}
    for name in searchers:
        compared[name] = {}
        for kind in KINDS:
            chosen = [n for n, query in enumerate(asked) if query.kind == kind]
            overlaps = [
                len(ids[name][n] & ids[REFERENCE][n]) / max(1, len(ids[REFERENCE][n]))
                for n in chosen
            ]
            totals = [answers[name][n][0] == answers[REFERENCE][n][0] for n in chosen]
            compared[name][kind] = {
                "overlap": sum(overlaps) / len(chosen),
                "equal_totals": sum(totals) / len(chosen),
                "mean_total": sum(answers[name][n][0] for n in chosen) / len(chosen),
            }
    return compared


def _steps(asked: list[Query], searcher: Any) -> dict[str, Any]:
    """What comes before a query is run: parsing its text, and resolving its words, each time as if
    they had never been asked for."""
    words = [query for query in asked if query.kind in ("or", "heavy or", "and")]
    steps: dict[str, Callable[[Query], Any]] = {
        "parse": lambda query: searcher.searching.parse(" ".join(query.words)),
        "resolve": lambda query: searcher.searching.resolved(searcher.tree(query)),
    }
    found = {}
    for step, run in steps.items():
        times: list[list[float]] = [[] for _ in words]
        for _ in range(ROUNDS):
            for n, query in enumerate(words):
                cpu = time.thread_time()
                run(query)
                times[n].append(time.thread_time() - cpu)
        found[step] = {"cpu": _percentiles([_middle(each) for each in times])}
    return found


if __name__ == "__main__":
    task = {"index": index, "cold": cold, "queries": queries}[sys.argv[1]]
    json.dump(task(*sys.argv[2:]), sys.stdout)
