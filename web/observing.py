"""What operators see of requests: an id on each, a line in the log, figures for Prometheus."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import secrets
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import perf_counter, time
from typing import Any
from urllib.parse import parse_qs

import msgspec
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .settings import Settings

LOG = logging.getLogger("fihris.web.requests")
_FAULT = "fihris fault"
#: The header that an id comes in with, if a proxy gave one, and goes out with.
HEADER = "X-Request-ID"
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_STANDARD_ERROR = 2
_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


class Figures:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "fihris_requests", "Requests answered.", ["method", "route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "fihris_request_seconds", "Time until a request was answered.", ["route"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.partial = Counter(
            "fihris_partial_answers", "Searches that asked for more than one search reads.",
            registry=self.registry,
        )  # fmt: skip

    def text(self) -> bytes:
        """The figures in Prometheus's text format; those of all workers where there are several."""
        registry = self.registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)
        return generate_latest(registry)


def metrics(request: Request) -> Response:
    """The figures, for Prometheus."""
    figures: Figures = request.app.state.figures
    return Response(figures.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def request_id(scope: Scope) -> str:
    """The id of a request."""
    return scope.get("state", {}).get("request_id", "")


class _Fault(msgspec.Struct, frozen=True):
    message: str
    error: Exception | None


def note_fault(scope: Scope, message: str, error: Exception | None = None) -> None:
    """Says what went wrong on our side with a request, for its line in the log.

    Args:
        error: whose traceback is to stand there, if any.
    """
    scope["state"][_FAULT] = _Fault(message, error)


class Observed:
    """Middleware that gives each request an id, counts it, and logs it.

    Args:
        figures: where it is counted.
        settings: what is logged.
        failed: the answer to a request that ended in an error.
    """

    def __init__(
        self,
        app: ASGIApp,
        figures: Figures,
        settings: Settings,
        failed: Callable[[Request, Exception], Response],
    ) -> None:
        self.app, self.figures, self.settings, self.failed = app, figures, settings, failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(HEADER.lower().encode(), b"")
        known = given.decode() if _ID.fullmatch(given) else secrets.token_hex(8)
        # A host's own state must not be written to.
        scope["state"] = {**scope.get("state", {}), "request_id": known}
        started, status, begin = False, 500, perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal started, status
            if message["type"] == "http.response.start":
                started, status = True, message["status"]
                MutableHeaders(scope=message)[HEADER] = known
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception as error:  # noqa: BLE001
            # Not raised again: it would be told twice, and a host's own pages are not concerned.
            note_fault(scope, f"a request failed: {type(error).__name__}", error)
            if not started:
                await self.failed(Request(scope), error)(scope, receive, send_with_id)
        finally:
            self._note(scope, known, status, perf_counter() - begin)

    def _note(self, scope: Scope, known: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "name", None) or "other"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.figures.requests.labels(method, route, status).inc()
        self.figures.seconds.labels(route).observe(seconds)
        fault: _Fault | None = scope["state"].get(_FAULT)
        if fault is None and not self.settings.log_requests:
            return
        noted: dict[str, Any] = {
            "request_id": known,
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        }
        if self.settings.log_queries:
            asked = parse_qs(scope["query_string"].decode("latin-1"), errors="replace")
            noted["query"] = " ".join(asked.get("q", ()))[:1000]
        if self.settings.log_clients:
            noted["client"] = (scope.get("client") or ("",))[0]
        if fault is None:
            LOG.info("request", extra={"fields": noted})
        else:
            LOG.error("%s", fault.message, exc_info=fault.error, extra={"fields": noted})


class JsonLines(logging.Formatter):
    """Each record as a line of JSON: nothing that stands in it can end the line.

    What is too long for a pipe to take at once is shortened, or lines of several workers would mix.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": round(record.created or time(), 3),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        text = _json(line)
        while (over := len(_encoded(text)) - select.PIPE_BUF) > 0:
            _shorten(line, over)
            text = _json(line)
        return text


def _shorten(line: dict[str, Any], over: int) -> None:
    """Cuts the longest text of a line by about so many bytes, and by one character at least."""
    name = max(line, key=lambda name: len(str(line[name])))
    value = str(line[name])
    size = len(_encoded(_json(value)))
    kept = max(0, len(value) * (size - over) // size - 2)
    # The end of a traceback says most, and the beginning of anything else.
    line[name] = f"…{value[len(value) - kept :]}" if name == "exception" else f"{value[:kept]}…"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _encoded(text: str) -> bytes:
    return f"{text}\n".encode(errors="backslashreplace")


class StandardError(logging.Handler):
    """Writes on standard error what it takes at once, since answers must not wait for whoever does
    not read the log; the next line says how many were lost."""

    def __init__(self) -> None:
        super().__init__()
        self._lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Writes a record, or counts it as lost."""
        if self._lost:
            record.fields = {**getattr(record, "fields", {}), "lost": self._lost}
        try:
            text = self.format(record)
        except Exception:  # noqa: BLE001 (as all handlers do)
            self.handleError(record)
            return
        self._lost = 0 if _written(_encoded(text)) else self._lost + 1


def _written(line: bytes) -> bool:
    # A pipe that takes anything takes so short a line whole, unless another worker was quicker.
    with _one_at_a_time():
        if not select.select([], [_STANDARD_ERROR], [], 0)[1]:
            return False
        try:
            return os.write(_STANDARD_ERROR, line) == len(line)
        except OSError:
            return False


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    # Not everything can be locked.
    with suppress(OSError):
        fcntl.lockf(_STANDARD_ERROR, fcntl.LOCK_EX)
    try:
        yield
    finally:
        with suppress(OSError):
            fcntl.lockf(_STANDARD_ERROR, fcntl.LOCK_UN)
