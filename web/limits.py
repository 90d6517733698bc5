"""How many requests one client may make: a bucket of tokens each, filled at an even rate.

A library for this (limits, slowapi) counts for several processes only in a server of its own, as
Redis is. What is needed here is a table that the workers of one machine share, and a subtraction.
"""

from __future__ import annotations

import fcntl
import ipaddress
import mmap
import os
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from math import ceil
from pathlib import Path
from time import monotonic

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from . import problems
from .asking import path_of

#: Names the file that the workers of one server share.
SHARED = "FIHRIS_LIMITS"
# So many clients are remembered; one that comes upon another's place takes it.
_PLACES = 1 << 15
# Of a client: a hash of its address (0: nobody), the tokens left, and when that was.
_PLACE = struct.Struct("=Qdd")


class Buckets:
    """The tokens that clients have left. Safe to be shared by threads and, with a file, by
    processes of one machine.

    Args:
        per_minute: how many tokens each gets.
        burst: how many it can have at once.
        clock: seconds from any start, the same for all processes.
        path: the file; None: only this process counts.
    """

    def __init__(
        self,
        per_minute: int,
        burst: int,
        clock: Callable[[], float] = monotonic,
        path: Path | None = None,
    ) -> None:
        self._rate, self._burst, self._clock = per_minute / 60, max(1, burst), clock
        self._lock = threading.Lock()
        size = _PLACES * _PLACE.size
        self._file = None if path is None else os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if self._file is None:
            self._table = mmap.mmap(-1, size)
        else:
            os.ftruncate(self._file, size)
            self._table = mmap.mmap(self._file, size)

    def take(self, client: str) -> int:
        """Takes a token; gives 0, or the seconds until there is one when there is none."""
        digest = blake2b(client.encode(errors="replace"), digest_size=8).digest()
        name = int.from_bytes(digest, "little") | 1
        place = (name >> 8) % _PLACES * _PLACE.size
        with self._locked(place):
            now = self._clock()
            known, tokens, since = _PLACE.unpack_from(self._table, place)
            if known != name:
                tokens, since = float(self._burst), now
            tokens = min(float(self._burst), tokens + max(0.0, now - since) * self._rate)
            allowed = tokens >= 1
            _PLACE.pack_into(self._table, place, name, tokens - allowed, now)
        return 0 if allowed else max(1, ceil((1 - tokens) / self._rate))

    @contextmanager
    def _locked(self, place: int) -> Iterator[None]:
        # The lock of a file parts processes alone, not the threads of one.
        with self._lock:
            if self._file is not None:
                fcntl.lockf(self._file, fcntl.LOCK_EX, _PLACE.size, place)
            try:
                yield
            finally:
                if self._file is not None:
                    fcntl.lockf(self._file, fcntl.LOCK_UN, _PLACE.size, place)


def client_of(scope: Scope) -> str:
    """The address that is counted by: of the new kind, a network of 64 bits is one client."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


class Limits:
    """Middleware that answers 429 to clients that ask too often. Files and signs of life are free.

    Args:
        per_minute, burst: as in Buckets.
    """

    def __init__(self, app: ASGIApp, per_minute: int, burst: int) -> None:
        self.app = app
        shared = os.environ.get(SHARED)
        self.buckets = Buckets(per_minute, burst, path=Path(shared) if shared else None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = path_of(scope)
            if not path.startswith(("/static/", "/embed.js", "/healthz", "/metrics")):
                wait = self.buckets.take(client_of(scope))
                if wait:
                    await problems.too_many(Request(scope), wait)(scope, receive, send)
                    return
        await self.app(scope, receive, send)
