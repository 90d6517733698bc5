"""How many requests one client may make: a bucket of tokens each, filled at an even rate.

A library for this (limits, slowapi) brings storage back ends, decorators and dependencies; what is
needed here is a subtraction.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from time import monotonic

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from . import problems
from .asking import path_of

# So many clients are remembered, the last seen ones.
_MOST_CLIENTS = 10_000


class Buckets:
    """The tokens that clients have left. Safe to be shared by threads.

    Args:
        per_minute: how many tokens each gets.
        burst: how many it can have at once.
        clock: seconds from any start.
    """

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._burst, self._clock = per_minute / 60, max(1, burst), clock
        self._known: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str) -> int:
        """Takes a token; gives 0, or the seconds until there is one when there is none."""
        now = self._clock()
        with self._lock:
            tokens, since = self._known.pop(client, (float(self._burst), now))
            tokens = min(float(self._burst), tokens + (now - since) * self._rate)
            allowed = tokens >= 1
            self._known[client] = (tokens - allowed, now)
            if len(self._known) > _MOST_CLIENTS:
                self._known.popitem(last=False)
        return 0 if allowed else max(1, ceil((1 - tokens) / self._rate))


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
        self.buckets = Buckets(per_minute, burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = path_of(scope)
            if not path.startswith(("/static/", "/embed.js", "/healthz", "/metrics")):
                wait = self.buckets.take(client_of(scope))
                if wait:
                    await problems.too_many(Request(scope), wait)(scope, receive, send)
                    return
        await self.app(scope, receive, send)
