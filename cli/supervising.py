"""What keeps `fihris serve` going: workers that are replaced, and a beginning anew at SIGHUP."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable, Iterable
from typing import Any

from uvicorn import Config, Server
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from ..indexer import FihrisError
from ..search import Thesaurus
from ..web import settings

_LOG = logging.getLogger("fihris.cli.serve")


def serve_alone(configured: Callable[[], Config], listener: socket.socket, at_hangup: Any) -> None:
    """Serves in this process until a signal ends it.

    Args:
        configured: makes what the server is told.
        at_hangup: what `hangup` gave.
    """
    config = configured()
    while True:
        server = Server(config)

        def begin_anew(*_: object, server: Server = server) -> None:
            server.should_exit = True

        signal.signal(signal.SIGHUP, at_hangup or begin_anew)
        # It is closed, but not the one that it is a copy of: who comes meanwhile waits.
        server.run(sockets=[listener.dup()])
        if _settings_are_usable():
            config = configured()
            _LOG.info("the server began anew", extra={"fields": {"worker": os.getpid()}})


class Workers(Multiprocess):
    """uvicorn's way to keep several workers, which tells in the log what became of them.

    Args:
        at_hangup: what `hangup` gave.
    """

    def __init__(self, config: Config, listener: socket.socket, at_hangup: Any) -> None:
        super().__init__(config, [listener])
        if at_hangup:
            signal.signal(signal.SIGHUP, at_hangup)

    def keep_subprocess_alive(self) -> None:
        """Replaces workers that died or do not answer."""
        if self.should_exit.is_set():
            return
        before = list(self.processes)
        timeout = self.config.timeout_worker_healthcheck
        silent = [worker for worker in before if not worker.is_alive(timeout=timeout)]
        if not silent:
            return
        # Killed here and not by what replaces them: afterwards one that hung looks like one that
        # was killed by somebody else while it was asked.
        hung = [worker for worker in silent if worker.exitcode is None]
        for worker in hung:
            worker.process.kill()
            worker.process.join()
        super().keep_subprocess_alive()
        for old, new in self._replaced(before):
            what = "did not answer and was killed" if old in hung else "died"
            ended = _ended(old.exitcode)
            message = f"worker {old.pid} {what} ({ended}); worker {new.pid} was started"
            fields = {"worker": old.pid, "ended": ended, "started": new.pid}
            _LOG.error(message, extra={"fields": fields})

    def handle_hup(self) -> None:
        """Replaces all workers, one after another, unless they could not start."""
        if not _settings_are_usable():
            return
        before = list(self.processes)
        super().handle_hup()
        for old, new in self._replaced(before):
            message = f"worker {old.pid} was told to end; worker {new.pid} was started"
            _LOG.info(message, extra={"fields": {"worker": old.pid, "started": new.pid}})

    def _replaced(self, before: list[Process]) -> Iterable[tuple[Process, Process]]:
        return [pair for pair in zip(before, self.processes, strict=False) if pair[0] != pair[1]]


def hangup() -> Any:
    """What handles SIGHUP, None where the server is to begin anew: a terminal that is closed takes
    along what it runs, unless that was begun with nohup; to a service the signal says that its
    settings have changed."""
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return signal.SIG_IGN
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return None
    return lambda *_: signal.raise_signal(signal.SIGTERM)


def _ended(exitcode: int | None) -> str:
    if exitcode is None or exitcode >= 0:
        return f"status {exitcode}"
    try:
        return signal.Signals(-exitcode).name
    except ValueError:  # of real time
        return f"signal {-exitcode}"


def _settings_are_usable() -> bool:
    try:
        found = settings.load()
        if found.thesaurus:
            Thesaurus.read(found.thesaurus, hierarchy=found.thesaurus_hierarchy)
    except FihrisError as error:
        _LOG.error("the settings stay as they were: %s", error)
        return False
    return True
