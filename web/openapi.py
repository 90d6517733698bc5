"""The description of the API, in OpenAPI 3.1: what can be asked for, and what is answered."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from . import rendering, schema
from .asking import MAX_CHOSEN, MAX_HITS, ORDERS
from .facts import MAX_SUGGESTIONS
from .wording import INTERFACES

_REF = "#/components/schemas/{name}"
_YEAR = {"type": "integer", "minimum": -9999, "maximum": 9999}
_SEVERAL = " Given several times: any of these values."

Parameter = dict[str, Any]


def _parameter(name: str, about: str, kind: dict[str, Any], example: Any = None) -> Parameter:
    shown = {} if example is None else {"example": example}
    return {"name": name, "in": "query", "description": about, "schema": kind, **shown}


def _values(name: str, about: str, example: str, **more: Any) -> Parameter:
    kind = {"type": "array", "items": {"type": "string", **more}, "maxItems": MAX_CHOSEN}
    return _parameter(name, about + _SEVERAL, kind, [example])


_LANG = _parameter(
    "lang", "Language of error messages; else as in Accept-Language.",
    {"type": "string", "enum": list(INTERFACES)}, "fr",
)  # fmt: skip
_SEARCH = (
    _parameter("q", "The query, in the query language.", {"type": "string"}, "armee de liberation"),
    _parameter("page", "Pages count from 1.", {"type": "integer", "minimum": 1}, 1),
    _parameter("limit", "Hits on a page.", {"type": "integer", "minimum": 1, "maximum": MAX_HITS}),
    _values("language", "Main language of a document.", "fr", pattern="^[a-zA-Z]{2,3}$"),
    _values("collection", "Collection, exactly as written.", "Essays", minLength=1),
    _values("creator", "Creator, exactly as written.", "Ruth M.", minLength=1),
    _values("source", "Source, exactly as written.", "Tonband", minLength=1),
    _values("type", "Kind of file that it came from.", "md", minLength=1),
    _parameter("from", "The date covers this year or a later one.", _YEAR, 1944),
    _parameter("to", "The date covers this year or an earlier one.", _YEAR, 1946),
    _parameter("sort", "Order of the hits.", {"type": "string", "enum": list(ORDERS)}, "newest"),
    _parameter("facets", "Values counted for each field.",
               {"type": "integer", "minimum": 0, "maximum": 100}),
    _LANG,
)  # fmt: skip
_SUGGEST = (
    _parameter("q", "What has been typed so far.", {"type": "string"}, "armée de lib"),
    _parameter("limit", "How many completions.",
               {"type": "integer", "minimum": 1, "maximum": MAX_SUGGESTIONS}),
    _parameter("titles", "How many titles.",
               {"type": "integer", "minimum": 0, "maximum": MAX_SUGGESTIONS}),
    _LANG,
)  # fmt: skip
_DOCUMENT = (_LANG,)

#: The names of the parameters that each address of the API knows.
SEARCH_PARAMETERS = frozenset(each["name"] for each in _SEARCH)
SUGGEST_PARAMETERS = frozenset(each["name"] for each in _SUGGEST)
DOCUMENT_PARAMETERS = frozenset({"id", *(each["name"] for each in _DOCUMENT)})

_EXAMPLES: dict[str, Any] = {
    "Results": {
        "query": "liberation",
        "total": 1,
        "total_similar": 0,
        "partial": False,
        "suggestion": "",
        "took": 0.004,
        "notes": [],
        "hits": [
            {
                "id": "lettre-fr",
                "title": "La lettre",
                "title_highlights": [],
                "language": "fr",
                "score": 2.31,
                "source": "",
                "similar": False,
                "snippets": [
                    {"text": "L’Armée de libération.", "highlights": [[11, 21]], "start": 0}
                ],
                "matched": [{"query": "liberation", "word": "libération", "layer": "folded"}],
                "date": "1944-11-14",
                "languages": ["fr"],
            }
        ],
        "facets": {
            "language": [{"value": "fr", "count": 1}],
            "collection": [],
            "creator": [],
            "source": [],
            "type": [{"value": "md", "count": 1}],
            "years": [{"from": 1944, "to": 1944, "count": 1}],
        },
        "page": 1,
        "pages": 1,
    },
    "Suggestions": {
        "query": "let",
        "suggestions": ["letter", "lettre"],
        "titles": [{"title": "La lettre", "id": "lettre-fr"}],
    },
    "Document": {
        "id": "lettre-fr",
        "title": "La lettre",
        "text": "L’Armée de libération.",
        "language": "fr",
        "languages": ["fr"],
        "date": "1944-11-14",
    },
    "Health": {"status": "ok", "documents": 53, "commit": 1},
    "Problem": {
        "type": "about:blank",
        "title": "Nothing is found at this address",
        "status": 404,
        "detail": "There is no document with this identifier.",
        "request_id": "5f2b8c1e9d7a4036",
    },
}
_PROBLEMS = {
    400: "A parameter makes no sense, is not known, or is given twice.",
    404: "There is no such document or address, or the results end before this page.",
    413: "The query is too long.",
    429: "This client asked too often; Retry-After tells the seconds to wait.",
    500: "A fault of ours.",
    503: "The index is missing, damaged or being replaced.",
}


@cache
def description(root: str, name: str) -> bytes:
    """The description as JSON.

    Args:
        root: the path that the application is mounted at.
        name: of the archive.
    """
    shapes = (
        schema.Results, schema.Suggestions, schema.Document, schema.Health, schema.Problem,
    )  # fmt: skip
    _, components = msgspec.json.schema_components(shapes, ref_template=_REF)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": f"{name} search",
                "version": version("fihris"),
                "description": "Search in Arabic, French and English. Read-only.",
                "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
            },
            "servers": [{"url": root or "/"}],
            "paths": {
                "/api/v1/search": _operation(
                    "search", "Search", _SEARCH, "Results", [400, 404, 413, 429, 500, 503]
                ),
                "/api/v1/suggest": _operation(
                    "suggest", "Complete what is being typed", _SUGGEST, "Suggestions",
                    [400, 413, 429, 500, 503],
                ),
                "/api/v1/documents/{id}": _operation(
                    "document", "A document", (_ID, *_DOCUMENT), "Document",
                    [400, 404, 429, 500, 503],
                ),
                "/healthz": _operation("health", "A sign of life", (), "Health", []),
            },
            "components": {"schemas": components},
        }
    )  # fmt: skip


_ID: Parameter = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "Percent-encoded; slashes may stay as they are. As ?id= where it is no path.",
    "schema": {"type": "string", "minLength": 1},
    "example": "lettre-fr",
}


def _operation(
    name: str, about: str, parameters: tuple[Parameter, ...], shape: str, problems: list[int]
) -> dict[str, Any]:
    answers = {"200": _answer(about, "application/json", shape)}
    for status in problems:
        answers[str(status)] = _answer(_PROBLEMS[status], "application/problem+json", "Problem")
    if shape == "Health":
        answers["503"] = {
            **_answer("Searches cannot be answered.", "application/json", shape),
        }
    if shape != "Health":
        answers["304"] = {"description": "As the client has it (If-None-Match)."}
    return {
        "get": {
            "operationId": name,
            "summary": about,
            "parameters": list(parameters),
            "responses": answers,
        }
    }


def _answer(about: str, media_type: str, shape: str) -> dict[str, Any]:
    content = {"schema": {"$ref": _REF.format(name=shape)}, "example": _EXAMPLES[shape]}
    return {"description": about, "content": {media_type: content}}


def openapi(request: Request) -> Response:
    """The description, for programs that make programs."""
    root = request.scope.get("root_path", "").rstrip("/")
    name = request.app.state.settings.name or "Fihris"
    return rendering.raw(description(root, name), "application/json")
