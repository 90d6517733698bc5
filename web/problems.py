"""Answers to requests that cannot be met: a page that helps, or problem details (RFC 9457)."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from . import rendering
from .asking import Refusal, wants_json, wording
from .headers import security_headers
from .links import Links
from .wording import CATALOGUE

_LOG = logging.getLogger("fihris.web")
# What a client is told to wait when the index is away, in seconds.
_RETRY_AFTER = "30"


def refused(request: Request, error: Exception) -> Response:
    """The request is at fault: HTTPException, or Refusal which says more."""
    assert isinstance(error, HTTPException)
    words = wording(request)
    values = error.values if isinstance(error, Refusal) else {}
    key = error.detail if isinstance(error, Refusal) else "detail-address"
    last = values.get("last")
    links = Links(request)
    way_out = (
        (links.here(page=str(last)), words("to-last-page"))
        if isinstance(last, int)
        else (links.search(), words("to-search"))
    )
    response = _problem(request, error.status_code, key, way_out, values)
    response.headers.update(error.headers or {})
    return response


def unavailable(request: Request, error: Exception) -> Response:
    """The index is not there or cannot be read. Why it cannot is for the log: it names paths."""
    _LOG.error("the index cannot be searched: %s", error)
    response = _problem(request, 503, "detail-unavailable", None, {})
    response.headers["Retry-After"] = _RETRY_AFTER
    return response


def failed(request: Request, error: Exception) -> Response:
    """A fault of Fihris. Starlette raises it again when this is sent, so that the server logs it;
    the answer passes by all middleware, headers included."""
    response = _problem(request, 500, "detail-failed", None, {})
    response.headers.update(security_headers())
    return response


def _problem(
    request: Request,
    status: int,
    detail: str,
    way_out: tuple[str, str] | None,
    values: dict[str, object],
) -> Response:
    words = wording(request)
    key = f"problem-{status}" if f"problem-{status}" in CATALOGUE["en"] else "problem-other"
    if wants_json(request):
        catalogue = CATALOGUE[words.code]
        content = {
            "type": "about:blank",
            "title": catalogue[key],
            "status": status,
            "detail": catalogue[detail].format(**values),
        }
        return rendering.json(content, status, "application/problem+json")
    return rendering.html(
        request,
        "problem.html",
        status,
        title=words(key),
        detail=words(detail, **values),
        way_out=way_out,
    )
