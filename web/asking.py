"""What a request asks for, read from its address and headers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Self, get_args

import msgspec
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Scope

from ..indexer.document import MAX_SHORT_FIELD
from ..search import Selection
from ..search.facets import MAX_LIMIT as MAX_VALUES
from ..search.scanner import MAX_CHARACTERS
from ..search.searcher import Order
from ..search.selection import FIELDS
from .paging import PAGE_SIZE
from .wording import INTERFACES, Wording, negotiated

#: So many hits may be asked for at once.
MAX_HITS = 100
#: So many values of one field can be chosen.
MAX_CHOSEN = 20
ORDERS: tuple[str, ...] = get_args(Order)
#: What the search page can be had as.
FORMATS = ("html", "json", "csv", "ris", "atom")

# Of those that mean something each is given once, but for the fields of documents.
_ONCE = frozenset("q page limit sort from to facets format lang titles id within hit at".split())
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_YEAR = re.compile(r"-?[0-9]{1,4}")


class Refusal(HTTPException):
    """A request that is answered with a problem.

    Args:
        status: of the answer.
        detail: the key of a sentence of the catalogue that says what to do.
        values: what is filled in there.
    """

    def __init__(self, status: int, detail: str, **values: object) -> None:
        super().__init__(status, detail)
        self.values = values


class Asked(msgspec.Struct, frozen=True):
    """The parameters of a page.

    Attributes:
        query: what is searched for, or "".
        page: counted from 1.
        selection: which documents are chosen by their metadata.
        order: of the hits.
        limit: hits on a page.
        facets: how many values of each field are counted.
    """

    query: str = ""
    page: int = 1
    selection: Selection = msgspec.field(default_factory=Selection)
    order: Order = "relevance"
    limit: int = PAGE_SIZE
    facets: int = 10

    def pairs(self) -> list[tuple[str, str]]:
        """As the parameters of an address, without those that say nothing."""
        chosen = self.selection
        found = [("q", self.query)]
        found += [(name, value) for name in FIELDS for value in getattr(chosen, name)]
        found += [("from", _text(chosen.first)), ("to", _text(chosen.last))]
        found += [("sort", "" if self.order == "relevance" else self.order)]
        found += [("page", "" if self.page == 1 else str(self.page))]
        return [(name, value) for name, value in found if value]

    def changed(self, **changes: Any) -> Self:
        """The same with something else, from the first page on."""
        return replace(self, **{"page": 1, **changes})

    def choosing(self, name: str, value: str) -> Self:
        """With a value of a field chosen, or no longer when it was."""
        now: tuple[str, ...] = getattr(self.selection, name)
        then = tuple(v for v in now if v != value) if value in now else (*now, value)
        return self.changed(selection=replace(self.selection, **{name: then}))

    def dated(self, first: int | None, last: int | None) -> Self:
        """With a range of years chosen; None is open."""
        return self.changed(selection=replace(self.selection, first=first, last=last))


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def asked(request: Request, known: Iterable[str] | None = None) -> Asked:
    """The parameters of a request; raises Refusal for one that makes no sense.

    Args:
        known: the parameters that may be given; None: any, what we do not know means nothing.
    """
    given = request.query_params
    refuse_repeated(request)
    if known is not None:
        for name, value in given.multi_items():
            if name not in known:
                raise Refusal(400, "detail-parameter", value=name[:50])
            # Forms send empty fields, programs that do so made a mistake.
            if not value.strip() and name not in ("q", "id"):
                raise Refusal(400, "detail-empty", value=name)
        if (code := given.get("lang", "en")) not in INTERFACES:
            raise Refusal(400, "detail-interface", value=code[:50])
    query = given.get("q", "").strip()
    if len(query) > MAX_CHARACTERS:
        raise Refusal(413, "detail-long", n=wording(request).number(MAX_CHARACTERS))
    page = given.get("page", "").strip() or "1"
    if not _NUMBER.fullmatch(page) or not int(page):
        raise Refusal(400, "detail-page", value=page[:50])
    order = given.get("sort", "").strip() or "relevance"
    if order not in ORDERS:
        raise Refusal(400, "detail-sort", value=order[:50])
    return Asked(
        query,
        int(page),
        _selection(request),
        order,  # type: ignore[arg-type]
        number(request, "limit", PAGE_SIZE, 1, MAX_HITS),
        number(request, "facets", 10, 0, MAX_VALUES),
    )


def refuse_repeated(request: Request) -> None:
    """Raises Refusal for a parameter that is given twice, of which but one could be heeded."""
    left = set(_ONCE)
    for name, _ in request.query_params.multi_items():
        if name in _ONCE and name not in left:
            raise Refusal(400, "detail-repeated", value=name)
        left.discard(name)


def number(request: Request, name: str, default: int, first: int, last: int) -> int:
    """A parameter that is a whole number of a range; raises Refusal."""
    text = request.query_params.get(name, "").strip()
    if not text:
        return default
    if not _NUMBER.fullmatch(text) or not first <= int(text) <= last:
        raise Refusal(400, "detail-number", value=text[:50], first=first, last=last, name=name)
    return int(text)


def _selection(request: Request) -> Selection:
    chosen: dict[str, tuple[str, ...]] = {}
    for name in FIELDS:
        given = request.query_params.getlist(name)
        if len(given) > MAX_CHOSEN or any(len(value) > MAX_SHORT_FIELD for value in given):
            raise Refusal(400, "detail-values", n=MAX_CHOSEN, name=name)
        chosen[name] = tuple(dict.fromkeys(value for value in given if value.strip()))
    chosen["language"] = tuple(value.strip().lower() for value in chosen["language"])
    for value in chosen["language"]:
        if not _LANGUAGE.fullmatch(value):
            raise Refusal(400, "detail-language", value=value[:50])
    first, last = _year(request, "from"), _year(request, "to")
    if first is not None and last is not None and first > last:
        raise Refusal(400, "detail-range", first=first, last=last)
    return Selection(**chosen, first=first, last=last)


def _year(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "").strip()
    # int() reads the digits of any script, an expression only those of its own.
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in text[:50])
    if not digits:
        return None
    if not _YEAR.fullmatch(digits):
        raise Refusal(400, "detail-year", value=text[:50])
    return int(digits)


def path_of(scope: Scope) -> str:
    """The path of a request within this application, with a slash at its beginning."""
    root, path = scope.get("root_path", "").rstrip("/"), scope["path"]
    if path == root or path.startswith(f"{root}/"):
        path = path[len(root) :]
    # Two slashes at the beginning would lead to another site.
    return f"/{path.lstrip('/')}"


def chosen_interface(request: Request) -> str:
    """The interface language that the address names, or ""."""
    code = request.query_params.get("lang", "").strip().lower()
    return code if code in INTERFACES else ""


def wording(request: Request) -> Wording:
    """The interface in the language of the reader: as the address says, or else the browser."""
    code = chosen_interface(request)
    return Wording(code or negotiated(request.headers.get("accept-language", "")))


def wanted_format(request: Request) -> str:
    """One of FORMATS: as the address says, or else the Accept header; raises Refusal."""
    if form := request.query_params.get("format"):
        if form not in FORMATS:
            raise Refusal(400, "detail-format", value=form[:50])
        return form
    return "json" if wants_json(request) else "html"


def wants_json(request: Request) -> bool:
    """Whether the answer is for a program: by the path, by the address, or by the Accept header."""
    if path_of(request.scope).startswith("/api/"):
        return True
    if form := request.query_params.get("format"):
        return form != "html" and form in FORMATS
    qualities = {"json": 0.0, "html": 0.0}
    for item in request.headers.get("accept", "")[:1000].lower().split(","):
        kind, _, parameters = item.replace(" ", "").partition(";")
        for name in qualities:
            if kind in (f"application/{name}", f"text/{name}", f"application/problem+{name}"):
                match = re.search(r"(?:^|;)q=([01](?:\.\d{0,3})?)(?:;|$)", parameters)
                qualities[name] = max(qualities[name], float(match[1]) if match else 1.0)
    return qualities["json"] > qualities["html"]
