"""The pages: the search with its results, a document, and a sign of life for monitors.

They are plain functions, which Starlette runs in threads: a slow query holds up no other.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..indexer.errors import FihrisError
from ..search import Results, Searcher
from ..search.searcher import MAX_OFFSET
from . import rendering
from .asking import Asked, Refusal, asked, wants_json, wording
from .highlighting import Highlights, highlighted
from .links import Links
from .live import LiveIndex
from .paging import PAGE_SIZE, offered, text_pages
from .views import examples, hit_views, paragraphs

_LAST_PAGE = MAX_OFFSET // PAGE_SIZE + 1


def search(request: Request) -> Response:
    """The search page, or its results as JSON."""
    ask = asked(request)
    with _index(request).searcher() as searcher:
        results = searcher.search(
            ask.query,
            limit=PAGE_SIZE,
            offset=(min(ask.page, _LAST_PAGE) - 1) * PAGE_SIZE,
            language=ask.language or None,
        )
        last = min(-(-(results.total + results.total_similar) // PAGE_SIZE), _LAST_PAGE)
        if ask.page > max(last, 1):
            raise Refusal(404, "detail-beyond", value=ask.page, last=max(last, 1))
        if wants_json(request):
            return rendering.json({**results.as_json(), "page": ask.page, "pages": last})
        return _results_page(request, searcher, ask, results, last)


def _results_page(
    request: Request, searcher: Searcher, ask: Asked, results: Results, last: int
) -> Response:
    if not ask.query:
        return rendering.html(
            request,
            "welcome.html",
            ask=ask,
            documents=searcher.snapshot.live,
            examples=examples(searcher, wording(request)),
        )
    links = Links(request)
    return rendering.html(
        request,
        "results.html",
        ask=ask,
        results=results,
        hits=hit_views(results.hits),
        pages=offered(ask.page, last),
        page_address=lambda page: links.search(ask.query, language=ask.language, page=page),
    )


def document(request: Request) -> Response:
    """A document with its metadata, the words of the query marked; or the document as JSON."""
    ask = asked(request)
    document_id = request.path_params["id"] or request.query_params.get("id", "")
    with _index(request).searcher() as searcher:
        fields = searcher.document(document_id)
        if fields is None:
            raise Refusal(404, "detail-document")
        text, title = fields["text"], fields["title"]
        cuts = text_pages(text)
        if ask.page > len(cuts):
            raise Refusal(404, "detail-beyond", value=ask.page, last=len(cuts))
        if wants_json(request):
            return rendering.json(fields)
        start, end = cuts[ask.page - 1]
        marks = highlighted(searcher, ask.query, document_id, title, text, start, end)
        return _document_page(request, ask, fields, text[start:end], start, marks, len(cuts))


def _document_page(
    request: Request,
    ask: Asked,
    fields: dict[str, Any],
    text: str,
    start: int,
    marks: Highlights,
    last: int,
) -> Response:
    links = Links(request)
    here = [(a - start, b - start) for a, b in marks.text]
    return rendering.html(
        request,
        "document.html",
        ask=ask,
        fields=fields,
        title_marks=marks.title,
        paragraphs=paragraphs(text, here, fields["title"]),
        pages=offered(ask.page, last),
        page_address=lambda page: links.document(fields["id"], ask.query, page=page),
    )


def health(request: Request) -> Response:
    """Whether searches can be answered, for monitors: status 200 or 503, as JSON."""
    try:
        with _index(request).searcher() as searcher:
            snapshot = searcher.snapshot
            return rendering.json(
                {"status": "ok", "documents": snapshot.live, "commit": snapshot.generation}
            )
    except FihrisError:
        return rendering.json({"status": "unavailable"}, 503)


def _index(request: Request) -> LiveIndex:
    return request.app.state.index
