"""What a request asks for, read from its address and headers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request

from ..search.scanner import MAX_CHARACTERS
from .wording import INTERFACES, Wording, negotiated

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PAGE = re.compile(r"[0-9]{1,9}")


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


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a page.

    Attributes:
        query: what is searched for, or "".
        page: counted from 1.
        language: only documents of this main language, or "".
    """

    query: str
    page: int
    language: str


def asked(request: Request) -> Asked:
    """The parameters of a request; raises Refusal for one that makes no sense."""
    query = request.query_params.get("q", "").strip()
    if len(query) > MAX_CHARACTERS:
        raise Refusal(413, "detail-long", n=wording(request).number(MAX_CHARACTERS))
    page = request.query_params.get("page", "").strip() or "1"
    if not _PAGE.fullmatch(page) or not int(page):
        raise Refusal(400, "detail-page", value=page[:50])
    language = request.query_params.get("language", "").strip().lower()
    if language and not _LANGUAGE.fullmatch(language):
        raise Refusal(400, "detail-language", value=language[:50])
    return Asked(query, int(page), language)


def chosen_interface(request: Request) -> str:
    """The interface language that the address names, or ""."""
    code = request.query_params.get("lang", "").strip().lower()
    return code if code in INTERFACES else ""


def wording(request: Request) -> Wording:
    """The interface in the language of the reader: as the address says, or else the browser."""
    code = chosen_interface(request)
    return Wording(code or negotiated(request.headers.get("accept-language", "")))


def wants_json(request: Request) -> bool:
    """Whether the answer is for a program: as the address says, or else the Accept header."""
    if form := request.query_params.get("format"):
        return form == "json"
    qualities = {"json": 0.0, "html": 0.0}
    for item in request.headers.get("accept", "")[:1000].lower().split(","):
        kind, _, parameters = item.replace(" ", "").partition(";")
        for name in qualities:
            if kind in (f"application/{name}", f"text/{name}", f"application/problem+{name}"):
                match = re.search(r"(?:^|;)q=([01](?:\.\d{0,3})?)(?:;|$)", parameters)
                qualities[name] = max(qualities[name], float(match[1]) if match else 1.0)
    return qualities["json"] > qualities["html"]
