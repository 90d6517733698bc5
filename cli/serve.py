"""`fihris serve`: the search page and its JSON twin on an address of this machine."""

from __future__ import annotations

import contextlib
import errno
import gc
import logging
import multiprocessing
import os
import select
import signal
import socket
import tempfile
import threading
import time
from types import FrameType
from typing import Any

import click

from . import USUAL, output
from .command import command as _command
from .command import index_option, read_thesaurus

_LOG = logging.getLogger("fihris.cli.serve")
# Seconds that requests under way may take after the server was told to stop, and how many more
# workers then have to end before they are killed. Docker kills everything after ten.
_GRACE, _LATE = 5, 3
_APPLICATION = "fihris.web.factory:app"
# A query may have 100,000 characters, and a letter of Arabic takes six in an address.
_LONGEST_REQUEST = 1 << 20
# A client that takes nothing of its answer for so long is given up, in milliseconds.
_UNREAD = 30_000
# Linux's file system in memory.
_MEMORY = "/dev/shm"  # noqa: S108 (what is made there has a name of its own and is for us alone)


@_command(
    examples="""
        fihris serve
        # Bring the index up to date first
        fihris serve letters/
        # Any free port; all addresses of this machine
        fihris serve --port 0
        fihris serve --host 0.0.0.0 --port 80
        # As a service: with a file of settings, on two cores
        fihris serve --settings /etc/fihris.toml --workers 2
    """
)
@index_option
@click.option(
    "--host",
    metavar="HOST",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on.",
)
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port; 0 is any that is free.",
)
@click.option(
    "--settings",
    "settings_file",
    metavar="FILE",
    type=click.Path(),
    help="A TOML file of settings; see docs/operations.md. Default: $FIHRIS_SETTINGS.",
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes answer requests.",
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
def command(
    folder: str,
    host: str,
    port: int,
    settings_file: str | None,
    workers: int,
    paths: tuple[str, ...],
) -> None:
    """Serve the search page.

    Its address is printed on standard output. PATHs are indexed first. Ctrl-C stops the server;
    requests under way are answered. Only this machine can reach the page unless --host says
    otherwise.
    """
    from ..indexer import Index
    from ..web import settings

    found = settings.load(settings_file)
    read_thesaurus(found.thesaurus, found.thesaurus_hierarchy)
    if not paths:
        Index.open(folder)
    # The port is taken before the work begins, and answers when it is done.
    with bound(host, port) as listener:
        if paths:
            from .index import index_paths

            index_paths(folder, paths, None, prune=False)
        _serve(folder, listener, settings_file, workers)


def bound(host: str, port: int) -> socket.socket:
    """A socket that has an address. Raises FihrisError when it cannot have it."""
    from ..indexer import FihrisError

    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Headers and body are sent apart; a client would be kept waiting 40 ms between them. What
        # is accepted here inherits it, in workers too.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD)
        listener.bind(address)
    except (OSError, UnicodeError) as error:
        if listener is not None:
            listener.close()
        raise FihrisError(f"{host}:{port}: {_reason(error)}") from error
    return listener


def _reason(error: OSError | UnicodeError) -> str:
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return "there is no such host; give a name or an address of this machine with --host"
    return {
        errno.EADDRINUSE: "the port is in use; choose another with --port (0: any that is free)",
        errno.EACCES: "not permitted; choose a port above 1023 with --port",
        errno.EADDRNOTAVAIL: "not an address of this machine; choose another with --host",
    }.get(error.errno or 0, f"cannot listen there ({error.strerror})")


def url(listener: socket.socket) -> str:
    """The address of the page."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _serve(folder: str, listener: socket.socket, settings_file: str | None, workers: int) -> None:
    from uvicorn import Config

    from .supervising import Workers, hangup, serve_alone

    # Each request leaves some garbage, and there is no end of them.
    gc.set_threshold(*USUAL)
    # Workers are processes of their own, which are told by the environment what to serve.
    os.environ["FIHRIS_INDEX"] = folder
    if settings_file:
        os.environ["FIHRIS_SETTINGS"] = settings_file
    options: dict[str, Any] = {
        "factory": True,
        "http": "fihris.web.server:PatientProtocol",
        "loop": "fihris.web.server:EvenLoop",
        "ws": "none",
        "h11_max_incomplete_event_size": _LONGEST_REQUEST,
        "log_config": _LOGGING,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": _GRACE,
    }
    # Who reads the address may ask at once, and is answered when the work begins.
    listener.listen()
    # Once it is up, uvicorn stops by itself at either signal; with one worker it then raises it
    # again, for those who wait for it.
    signal.signal(signal.SIGTERM, _interrupt)
    at_hangup = hangup()
    signal.signal(signal.SIGHUP, at_hangup or signal.SIG_IGN)
    with contextlib.suppress(KeyboardInterrupt):
        output.line(url(listener))
        output.note("Ctrl-C stops the server")
        _watch_the_end(alone=workers == 1)
        if workers == 1:
            serve_alone(lambda: Config(_APPLICATION, **options), listener, at_hangup)
            return
        with tempfile.TemporaryDirectory(prefix="fihris-workers-", dir=_memory()) as shared:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
            os.environ["FIHRIS_LIMITS"] = f"{shared}/limits"
            # glibc reads these when a worker starts.
            for name, value in _HEAPS.items():
                os.environ.setdefault(name, value)
            config = Config(_APPLICATION, workers=workers, **options)
            Workers(config, listener, at_hangup).run()


def _memory() -> str | None:
    # The workers map what is there; where the disk is full, the first to write ends by SIGBUS, and
    # so does each one that takes its place. Who names a folder for such files is obeyed.
    usable = "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK)
    return _MEMORY if usable else None


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _watch_the_end(alone: bool) -> None:
    """Sees to it that a server which was told to stop ends.

    uvicorn waits for its workers for ever, in several places. It need not know of this: Python
    writes the number of each signal into a pipe, whoever handles it.
    """
    signals, into = os.pipe()
    os.set_blocking(into, False)
    signal.set_wakeup_fd(into, warn_on_full_buffer=False)
    threading.Thread(target=_kill_late_workers, args=(signals, alone), daemon=True).start()


def _kill_late_workers(signals: int, alone: bool) -> None:
    while os.read(signals, 1)[0] not in (signal.SIGINT, signal.SIGTERM):
        pass
    time.sleep(_GRACE + _LATE)
    # Again and again, since one that was just being replaced has a successor.
    while True:
        late = multiprocessing.active_children()
        for worker in late:
            worker.kill()
        killed = [os.getpid()] if alone else [worker.pid for worker in late]
        # Not where nobody reads the log, which may be why they did not end.
        if killed and select.select([], [2], [], 0)[1]:
            fields = {"workers": killed}
            _LOG.error("workers that did not end were killed", extra={"fields": fields})
        if alone:
            os._exit(0)
        time.sleep(1)


# Of its own accord glibc gives each thread a heap, up to eight for each core, and what is free in
# one is of no use to the others. It also keeps ever larger arrays in them, up to 32 MB, once such a
# one was given back; told from where on they get memory of their own, it returns that at once.
_HEAPS = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 18),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 20),
}
# One line of JSON for each record, on standard error.
_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "fihris.web.observing.JsonLines"}},
    "handlers": {"lines": {"class": "fihris.web.observing.StandardError", "formatter": "lines"}},
    "loggers": {
        "fihris": {"handlers": ["lines"], "level": "INFO"},
        "uvicorn": {"handlers": ["lines"], "level": "WARNING"},
    },
}
