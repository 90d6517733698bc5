"""Answers to requests that cannot be met: a page that helps, or problem details (RFC 9457)."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from . import rendering
from .asking import Refusal, wants_json, wording
from .headers import security_headers
from .links import Links
from .observing import note_fault, request_id
from .wording import CATALOGUE

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
        if isinstance(last, int) and key == "detail-beyond"
        else (links.search(), words("to-search"))
    )
    response = _problem(request, error.status_code, key, way_out, values)
    response.headers.update(error.headers or {})
    return response


def too_many(request: Request, wait: int) -> Response:
    """A client asked too often.

    Args:
        wait: seconds until it may ask again.
    """
    response = _problem(request, 429, "detail-limit", None, {"n": wait})
    response.headers["Retry-After"] = str(wait)
    return response


def unavailable(request: Request, error: Exception) -> Response:
    """The index is not there or cannot be read. Why it cannot is for the log: it names paths."""
    note_fault(request.scope, f"the index cannot be searched: {error}")
    response = _problem(request, 503, "detail-unavailable", None, {})
    response.headers["Retry-After"] = _RETRY_AFTER
    return response


def failed(request: Request, _: Exception) -> Response:
    """A fault of Fihris. The answer passes by all middleware, headers included."""
    response = _problem(request, 500, "detail-failed", None, {})
    response.headers.update(security_headers(request.app.state.settings.frame_ancestors))
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
            "request_id": request_id(request.scope),
        }
        response = rendering.json(content, status, "application/problem+json")
    else:
        response = rendering.html(
            request,
            "problem.html",
            status,
            title=words(key),
            detail=words(detail, **values),
            way_out=way_out,
            reference=request_id(request.scope) if status >= 500 else "",
        )
    response.headers["Cache-Control"] = "no-store"
    return response
