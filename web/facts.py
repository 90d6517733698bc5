"""What pages, the API and exports have in common: the answer to what is asked."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from ..search import Results, Searcher
from ..search.searcher import MAX_OFFSET
from .asking import Asked, Refusal
from .live import LiveIndex

MAX_SUGGESTIONS = 20


def index(request: Request) -> LiveIndex:
    """The index that the application serves."""
    return request.app.state.index


def results(request: Request, searcher: Searcher, ask: Asked) -> tuple[Results, int]:
    """The results of a page, and the number of the last page; raises Refusal beyond it."""
    last_page = MAX_OFFSET // ask.limit + 1
    found = searcher.search(
        ask.query,
        limit=ask.limit,
        offset=(min(ask.page, last_page) - 1) * ask.limit,
        selection=ask.selection,
        order=ask.order,
        facets=ask.facets,
    )
    if found.partial:
        request.app.state.figures.partial.inc()
    last = min(-(-(found.total + found.total_similar) // ask.limit), last_page)
    if ask.page > max(last, 1):
        raise Refusal(404, "detail-beyond", value=ask.page, last=max(last, 1))
    return found, last


def document(request: Request, searcher: Searcher) -> dict[str, Any]:
    """The stored fields and the text of the document that an address names; raises Refusal."""
    document_id = request.path_params["id"] or request.query_params.get("id", "")
    fields = searcher.document(document_id)
    if fields is None:
        raise Refusal(404, "detail-document")
    return fields
