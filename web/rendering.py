"""Templates and JSON: how an answer leaves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..search.facets import MAX_LIMIT
from ..search.selection import FIELDS
from .asking import chosen_interface, wording
from .links import Links
from .markup import direction, isolated, line, linked, marked, placed
from .views import simple_fields
from .wording import INTERFACES

# Titles and texts of documents in Arabic, which style.css sets in a font of its own.
_IN_NASKH = re.compile(r'<(?:h1|h3|p)\b[^>]* dir="rtl"')


def in_naskh(content: str) -> bool:
    """Whether a page of the interface in Latin script needs the font for Arabic as soon as it is
    shown; one that comes later is not used, so that nothing moves."""
    return _IN_NASKH.search(content) is not None


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(
    direction=direction,
    in_naskh=in_naskh,
    interfaces=INTERFACES,
    isolated=isolated,
    line=line,
    linked=linked,
    marked=marked,
    placed=placed,
    most_values=MAX_LIMIT,
    selectable=FIELDS,
    simple_fields=simple_fields,
)
# The answer of one address depends on what the reader's browser asks for.
_VARY = {"Vary": "Accept, Accept-Language"}


def html(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page in the reader's language."""
    words = wording(request)
    content = _TEMPLATES.get_template(template).render(
        **values,
        words=words,
        links=Links(request),
        chosen=chosen_interface(request),
        name=request.app.state.settings.name or words("name"),
    )
    return HTMLResponse(content, status, {"Content-Language": words.code, **_VARY})


def json(content: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """JSON in UTF-8."""
    return Response(msgspec.json.encode(content), status, _VARY, media_type)


def raw(content: bytes | str, media_type: str, **headers: str) -> Response:
    """What is ready to be sent."""
    return Response(content, headers=headers, media_type=media_type)
