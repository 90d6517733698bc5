"""How far long work has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from . import output

#: Seconds between two lines where there is no terminal.
INTERVAL = 5.0


class Meter(Protocol):
    """Shows how far something has come, on standard error."""

    def update(self, done: int, total: int, count: int) -> None:
        """Tells how far it has come.

        Args:
            done, total: bytes, or another measure of the work.
            count: things counted for the rate, such as documents.
        """
        ...

    def begin(self, label: str, unit: str) -> None:
        """Tells of something else from now on."""
        ...

    def say(self, text: str) -> None:
        """Prints a line that stays."""
        ...


class Lines:
    """Progress as lines.

    Args:
        label: what is being done.
        unit: what is counted.
        clock: gives the seconds.
    """

    def __init__(self, label: str, unit: str, clock: Callable[[], float] = monotonic) -> None:
        self._label, self._unit, self._clock = label, unit, clock
        self._begin = self._told = clock()

    def begin(self, label: str, unit: str) -> None:
        self._label, self._unit, self._begin = label, unit, self._clock()

    def update(self, done: int, total: int, count: int) -> None:
        now = self._clock()
        if now - self._told < INTERVAL:
            return
        self._told = now
        elapsed = now - self._begin
        parts = [f"{self._label}: {count:,} {self._unit}", f"{count / elapsed:,.0f} a second"]
        if 0 < done <= total:
            parts += [f"{done * 100 // total} %", f"{_time(elapsed * (total - done) / done)} left"]
        output.note(", ".join(parts))

    def say(self, text: str) -> None:
        output.note(text)


@contextmanager
def meter(label: str, unit: str) -> Iterator[Meter]:
    """A meter for what is done in the block."""
    if output.is_terminal(sys.stderr):
        with _bar(label, unit) as bar:
            yield bar
    else:
        yield Lines(label, unit)


@contextmanager
def _bar(label: str, unit: str) -> Iterator[Meter]:
    # Only here, since a search or a pipe has no use for it and it takes a tenth of a second.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[counted]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, counted="")

        class Bar:
            def __init__(self) -> None:
                self.begin(label, unit)

            def begin(self, label: str, unit: str) -> None:
                self._unit, self._begin = unit, monotonic()
                progress.reset(task, description=label, total=None, counted="")

            def update(self, done: int, total: int, count: int) -> None:
                rate = count / max(monotonic() - self._begin, 1e-6)
                counted = f"{count:,} {self._unit}, {rate:,.0f}/s"
                progress.update(task, completed=done, total=total, counted=counted)

            def say(self, text: str) -> None:
                progress.console.print(
                    output.plain(text), markup=False, highlight=False, soft_wrap=True
                )

        yield Bar()


def megabytes(meter: Meter) -> Callable[[int, int], None]:
    """What tells a meter of the bytes that are done, and of those there are."""
    return lambda done, total: meter.update(done, total, done // 1_000_000)


def _time(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole / 3600:.1f} h"
