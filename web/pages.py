"""The pages: the search with its results, and a document.

They are plain functions, which run in threads (lanes.py).
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from ..search import Hit, Results, Searcher
from ..search.wholetext import WholeText
from . import exports, facts, rendering
from .asking import Asked, Refusal, asked, number, wanted_format, wording
from .caching import cached
from .links import Links
from .paging import offered, text_pages
from .views import citation, examples, histogram, hit_views, paragraphs, strictly

_SIMILAR = 5
_RIS = "application/x-research-info-systems"


def search(request: Request) -> Response:
    """The search page, or its results as JSON, a table, references or a feed."""
    form = wanted_format(request)
    ask = asked(request)
    with facts.index(request).searcher() as searcher:
        return cached(request, searcher, lambda: _answer(request, searcher, ask, form))


def _answer(request: Request, searcher: Searcher, ask: Asked, form: str) -> Response:
    if form in ("csv", "ris", "atom"):
        return _export(request, searcher, ask, form)
    if form == "html" and not ask.query and not ask.selection:
        if ask.page > 1:
            raise Refusal(404, "detail-beyond", value=ask.page, last=1)
        return _welcome(request, searcher, ask)
    results, last = facts.results(request, searcher, ask)
    if form == "json":
        return rendering.json({**results.as_json(), "page": ask.page, "pages": last})
    return _results_page(request, ask, results, last)


def _welcome(request: Request, searcher: Searcher, ask: Asked) -> Response:
    everything = searcher.everything(ask.facets)
    return rendering.html(
        request,
        "welcome.html",
        ask=ask,
        documents=searcher.snapshot.live,
        examples=examples(searcher, wording(request)),
        facets=everything,
        bars=_bars(request, everything.years),
    )


def _results_page(request: Request, ask: Asked, results: Results, last: int) -> Response:
    links = Links(request)
    matched = dict.fromkeys(match for hit in results.hits for match in hit.matched)
    assert results.facets is not None
    return rendering.html(
        request,
        "results.html",
        ask=ask,
        results=results,
        facets=results.facets,
        bars=_bars(request, results.facets.years),
        hits=hit_views(results.hits),
        strictly=strictly(ask.query, matched),
        pages=offered(ask.page, last),
        page_address=lambda page: links.search(replace(ask, page=page)),
    )


def _bars(request: Request, years: Any) -> Any:
    return histogram(years, mirrored=wording(request).direction == "rtl")


def _export(request: Request, searcher: Searcher, ask: Asked, form: str) -> Response:
    links = Links(request)
    limit = exports.FEED if form == "atom" else exports.TABLE
    found = searcher.search(ask.query, limit=limit, selection=ask.selection, order=ask.order)

    def addressed(hit: Hit) -> str:
        return links.permanent(hit.id)

    if form == "atom":
        name = request.app.state.settings.name or wording(request)("name")
        title = f"{name}: {ask.query}" if ask.query else str(name)
        here, page = (links.origin + links.search(ask, **more) for more in ({"format": "atom"}, {}))
        changed = facts.index(request).changed
        entries = ((hit, addressed(hit)) for hit in found.hits)
        content = exports.as_atom(title, here, page, changed, entries)
        return rendering.raw(content, "application/atom+xml")
    documents = ((exports.fields_of(hit), addressed(hit)) for hit in found.hits)
    if form == "ris":
        return _saved(exports.as_ris(documents), _RIS, "search.ris")
    return _saved(exports.as_csv(documents), "text/csv", "search.csv")


def _saved(content: str, media_type: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, 200, {"Content-Disposition": disposition}, media_type)


def opensearch(request: Request) -> Response:
    """How a browser can search here from its address bar."""
    words, links = wording(request), Links(request)
    name = request.app.state.settings.name or str(words("name"))
    content = exports.opensearch(name, str(words("welcome-text")), links.origin + links.form)
    return rendering.raw(content, "application/opensearchdescription+xml")


def document(request: Request) -> Response:
    """A document with its metadata, the words of the query marked; or as JSON or a reference."""
    form = wanted_format(request)
    ask = asked(request)
    with facts.index(request).searcher() as searcher:
        fields = facts.document(request, searcher)
        cuts = text_pages(fields["text"])
        if ask.page > len(cuts):
            raise Refusal(404, "detail-beyond", value=ask.page, last=len(cuts))

        def answer() -> Response:
            if form == "html":
                return _document_page(request, searcher, ask, fields, cuts)
            if form == "json":
                return rendering.json(fields)
            if form == "ris":
                address = Links(request).permanent(fields["id"])
                return _saved(exports.as_ris([(fields, address)]), _RIS, "document.ris")
            raise Refusal(400, "detail-format", value=form)

        return cached(request, searcher, answer)


def _document_page(
    request: Request,
    searcher: Searcher,
    ask: Asked,
    fields: dict[str, Any],
    cuts: list[tuple[int, int]],
) -> Response:
    document_id, text = fields["id"], fields["text"]
    within = request.query_params.get("within", "").strip()[:1000]
    marks = searcher.highlights(within or ask.query, document_id)
    assert marks is not None
    hit = min(number(request, "hit", 0, 0, 10**9 - 1), marks.count)
    page = _page(request, ask, marks, cuts, hit)
    start, end = cuts[page - 1]
    links, words = Links(request), wording(request)
    name = request.app.state.settings.name or words("name")
    more = {"within": within}
    return rendering.html(
        request,
        "document.html",
        ask=ask,
        fields=fields,
        within=within,
        marks=marks,
        hit=hit,
        hit_address=lambda n: links.document(document_id, ask, place=f"hit-{n}", hit=n, **more),
        form=links.within(document_id, ask),
        paragraphs=paragraphs(
            text[start:end], start, marks.within(text, start, end), headed=marks.headed
        ),
        passage=lambda at: links.document(document_id, place=f"c{at}", at=at),
        citation=citation(fields, name, links.permanent(document_id), words),
        similar=searcher.alike(document_id, _SIMILAR),
        pages=offered(page, len(cuts)),
        page=page,
        page_address=lambda n: links.document(document_id, ask, page=n, **more),
    )


def _page(
    request: Request, ask: Asked, marks: WholeText, cuts: list[tuple[int, int]], hit: int
) -> int:
    """The page of the text: that of a place, of a passage, or as asked for."""
    if hit or "at" in request.query_params:
        at = marks.near(hit - 1) if hit else number(request, "at", 0, 0, 10**9 - 1)
        return sum(start <= at for start, _ in cuts)
    return ask.page
