"""The API: what the pages show, for programs. Its description is in openapi.py."""

from __future__ import annotations

from msgspec.structs import asdict
from starlette.requests import Request
from starlette.responses import Response

from ..indexer.errors import FihrisError
from ..search.scanner import MAX_CHARACTERS
from . import facts, rendering
from .asking import Refusal, asked, number, refuse_repeated, wording
from .caching import cached
from .openapi import DOCUMENT_PARAMETERS, SEARCH_PARAMETERS, SUGGEST_PARAMETERS


def search(request: Request) -> Response:
    """A page of results."""
    ask = asked(request, SEARCH_PARAMETERS)
    with facts.index(request).searcher() as searcher:

        def answer() -> Response:
            results, last = facts.results(request, searcher, ask)
            return rendering.json({**results.as_json(), "page": ask.page, "pages": last})

        return cached(request, searcher, answer)


def suggest(request: Request) -> Response:
    """How what is being typed may go on."""
    text = _typed(request)
    # Before what is read as for a search, of which more may be wanted.
    limit = number(request, "limit", 8, 1, facts.MAX_SUGGESTIONS)
    titles = number(request, "titles", 3, 0, facts.MAX_SUGGESTIONS)
    asked(request, SUGGEST_PARAMETERS)
    with facts.index(request).searcher() as searcher:
        return cached(
            request,
            searcher,
            lambda: rendering.json(
                {
                    "query": text,
                    "suggestions": searcher.suggest(text, limit),
                    "titles": [asdict(each) for each in searcher.titles(text, titles)],
                }
            ),
        )


def opensearch_suggestions(request: Request) -> Response:
    """The same in the form of OpenSearch's extension for suggestions."""
    text = _typed(request)
    with facts.index(request).searcher() as searcher:
        return cached(
            request,
            searcher,
            lambda: rendering.json(
                [text, searcher.suggest(text, 8)], media_type="application/x-suggestions+json"
            ),
        )


def _typed(request: Request) -> str:
    refuse_repeated(request)
    # Unlike a query it is not stripped: a space at the end begins a new word.
    text = request.query_params.get("q", "").lstrip()
    if len(text) > MAX_CHARACTERS:
        raise Refusal(413, "detail-long", n=wording(request).number(MAX_CHARACTERS))
    return text


def document(request: Request) -> Response:
    """A document with its text."""
    asked(request, DOCUMENT_PARAMETERS)
    with facts.index(request).searcher() as searcher:
        fields = facts.document(request, searcher)
        return cached(request, searcher, lambda: rendering.json(fields))


def health(request: Request) -> Response:
    """Whether searches can be answered, for monitors: status 200 or 503, as JSON."""
    try:
        with facts.index(request).searcher() as searcher:
            snapshot = searcher.snapshot
            answer = {"status": "ok", "documents": snapshot.live, "commit": snapshot.generation}
            response = rendering.json(answer)
    except FihrisError:
        response = rendering.json({"status": "unavailable"}, 503)
    response.headers["Cache-Control"] = "no-store"
    return response
