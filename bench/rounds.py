"""The queries of all engines, turn about: each in a process of its own, one at work at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .engines import ENGINES, REFERENCE, engine
from .queries import KINDS, load

Times = dict[str, list[list[list[float]]]]


class Asking:
    """A process that searches (`worker`).

    Attributes:
        opening: seconds until the first answer.
    """

    def __init__(self, name: str, folder: Path, queries: Path) -> None:
        self.name = name
        command = [sys.executable, "-m", f"{__package__}.worker", name, str(folder), str(queries)]
        if ENGINES[name].own_process:
            command = engine(name).command(folder, queries)
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **ENGINES[name].environment},
        )  # fmt: skip
        self.opening = self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def ask(self, command: str) -> Any:
        """What it answers to a command."""
        assert self._process.stdin
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with status {self._process.wait()}")
        return json.loads(line)


def measured(folder: Path, queries: Path, names: list[str], rounds: int) -> dict[str, Any]:
    """Runs all queries on all engines and compares what they answer.

    Args:
        folder: where each engine's index is, under the name of the engine.
        rounds: how often each query is run; its time is the median.
    """
    with ExitStack() as stack:
        asking: list[Asking] = []
        opening: dict[str, Any] = {}
        for name in names:
            index = folder / ENGINES[name].index_of
            # The first process may have to wait for the disk, the next finds all in memory.
            with Asking(name, index, queries) as first:
                pass
            asking.append(stack.enter_context(Asking(name, index, queries)))
            opening[name] = {**asking[-1].opening, "first_wall": first.opening["wall"]}
        for each in asking:
            each.ask("warm")
        times: dict[str, Times] = {each.name: {kind: [] for kind in KINDS} for each in asking}
        steps: dict[str, list[dict[str, list[float]]]] = {name: [] for name in names}
        for turn in range(rounds):
            place = turn % len(asking)
            for kind in KINDS:
                for each in asking[place:] + asking[:place]:
                    taken = each.ask(f"run {kind}")
                    if taken is not None:
                        times[each.name][kind].append(taken)
            for each in asking:
                steps[each.name].append(each.ask("steps"))
        answers = {each.name: each.ask("answers") for each in asking}
        return {
            "opening": opening,
            "times": {name: _by_kind(times[name]) for name in names},
            "steps": {name: _of_steps(steps[name]) for name in names if steps[name][0]},
            "memory": {each.name: each.ask("memory") for each in asking},
            "answers": _compared([query.kind for query in load(queries)], answers),
        }


def _by_kind(times: Times) -> dict[str, Any]:
    """Percentiles of CPU and wall of the queries of each kind that an engine has, in
    milliseconds."""
    return {
        kind: {
            clock: percentiles(
                _medians([[both[place] for both in each] for each in rounds])
            )
            for place, clock in enumerate(("cpu", "wall"))
        }
        for kind, rounds in times.items()
        if rounds
    }  # fmt: skip


def _of_steps(rounds: list[dict[str, list[float]]]) -> dict[str, Any]:
    return {step: percentiles(_medians([each[step] for each in rounds])) for step in rounds[0]}


def _medians(rounds: list[list[float]]) -> list[float]:
    """For each query the middle one of its times."""
    return [sorted(runs)[len(runs) // 2] for runs in zip(*rounds, strict=True)]


def percentiles(seconds: list[float]) -> dict[str, float]:
    """The median, the 95th and the 99th percentile, in milliseconds."""
    ordered = sorted(seconds)
    return {
        f"p{share}": 1000 * ordered[min(len(ordered) * share // 100, len(ordered) - 1)]
        for share in (50, 95, 99)
    }


def _compared(kinds: list[str], answers: dict[str, Any]) -> dict[str, Any]:
    """How far the answers of each engine are those of the reference: the share of its ten best
    that are among the other's, and the share of queries of equal total."""
    compared: dict[str, Any] = {}
    for name, found in answers.items():
        compared[name] = {}
        for kind in KINDS:
            pairs = [
                (mine, theirs)
                for asked, mine, theirs in zip(kinds, found, answers[REFERENCE], strict=True)
                if asked == kind and mine is not None
            ]
            if not pairs:
                continue
            overlaps = [
                len({*mine[1]} & {*theirs[1]}) / len(theirs[1]) if theirs[1] else float(not mine[1])
                for mine, theirs in pairs
            ]
            compared[name][kind] = {"overlap": sum(overlaps) / len(pairs)}
            if pairs[0][0][0] is not None:
                compared[name][kind] |= {
                    "equal_totals": sum(mine[0] == theirs[0] for mine, theirs in pairs)
                    / len(pairs),
                    "mean_total": sum(mine[0] for mine, _ in pairs) / len(pairs),
                }
    return compared
