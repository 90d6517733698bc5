"""What keeps `fihris serve` going: workers that are replaced."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterable

from uvicorn.supervisors.multiprocess import Multiprocess, Process

_LOG = logging.getLogger("fihris.cli.serve")


class Workers(Multiprocess):
    """uvicorn's way to keep several workers, which tells in the log what became of them."""

    def keep_subprocess_alive(self) -> None:
        """Replaces workers that died or do not answer."""
        before = list(self.processes)
        dead = [worker for worker in before if worker.process.exitcode is not None]
        super().keep_subprocess_alive()
        for old, new in self._replaced(before):
            what = "died" if old in dead else "did not answer and was killed"
            ended = _ended(old.exitcode)
            message = f"worker {old.pid} {what} ({ended}); worker {new.pid} was started"
            fields = {"worker": old.pid, "ended": ended, "started": new.pid}
            _LOG.error(message, extra={"fields": fields})

    def _replaced(self, before: list[Process]) -> Iterable[tuple[Process, Process]]:
        return [pair for pair in zip(before, self.processes, strict=False) if pair[0] != pair[1]]


def _ended(exitcode: int | None) -> str:
    if exitcode is None or exitcode >= 0:
        return f"status {exitcode}"
    try:
        return signal.Signals(-exitcode).name
    except ValueError:  # of real time
        return f"signal {-exitcode}"
