"""The addresses of this application's own pages, wherever it is mounted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from starlette.requests import Request

from .asking import Asked, chosen_interface, path_of
from .files import FILES

# A browser takes such parts of a path away before it asks.
_FOLDED = re.compile(r"(?:^|/)\.{0,2}(?:/|$)")


class Links:
    """Makes links that begin with a slash and keep the reader's choice of interface language."""

    def __init__(self, request: Request) -> None:
        self._root = quote(request.scope.get("root_path", "").rstrip("/"))
        self._request = request
        self._lang = chosen_interface(request)
        # A page has a hundred links, whose parameters are nearly all the same.
        self._encoded: dict[tuple[str, str], str] = {}

    @property
    def origin(self) -> str:
        """The address of the site, as the client called it, without a slash at its end."""
        # Cut by hand: urllib keeps the last hundred addresses that it took apart, however long.
        return "/".join(str(self._request.base_url).split("/", 3)[:3])

    @property
    def form(self) -> str:
        """Where the search form leads; its fields are the parameters."""
        return f"{self._root}/"

    def search(self, ask: Asked | str = "", **others: str) -> str:
        """The page of a search.

        Args:
            ask: what is asked, or a query alone.
            others: further parameters.
        """
        ask = Asked(ask) if isinstance(ask, str) else ask
        return self._to("/", [*ask.pairs(), *others.items()])

    def document(
        self, document_id: str, ask: Asked | None = None, *, place: str = "", **others: str | int
    ) -> str:
        """The page of a document.

        Args:
            ask: the search that it was found by.
            place: the id of an element there.
            others: further parameters.
        """
        path, pairs = _document_path(document_id)
        pairs += (ask or Asked()).changed().pairs()
        pairs += [(name, str(value)) for name, value in others.items()]
        return self._to(f"/documents/{path}", pairs) + (f"#{place}" if place else "")

    def within(self, document_id: str, ask: Asked) -> tuple[str, list[tuple[str, str]]]:
        """Where the form leads that searches in a document, and its hidden fields."""
        path, pairs = _document_path(document_id)
        pairs += [*ask.changed().pairs(), ("lang", self._lang)]
        return f"{self._root}/documents/{path}", [(n, v) for n, v in pairs if v]

    def permanent(self, document_id: str, **others: int) -> str:
        """The address of a document to be kept: whole, and without what belongs to this reader."""
        path, pairs = _document_path(document_id)
        pairs += [(name, str(value)) for name, value in others.items()]
        return f"{self.origin}{self._root}/documents/{path}{self._parameters(pairs)}"

    def here(self, **changes: str) -> str:
        """The page that is being shown, with other parameters."""
        given = self._request.query_params.multi_items()
        pairs = [(name, value) for name, value in given if name not in changes]
        return (
            self._root
            + quote(path_of(self._request.scope))
            + self._parameters([*pairs, *changes.items()])
        )

    def static(self, name: str) -> str:
        """A file that pages load; its address changes with its content."""
        return f"{self._root}/static/{name}?v={FILES[name].version}"

    def api(self, path: str) -> str:
        """An address of the API, such as "suggest"."""
        return f"{self._root}/api/v1/{path}"

    def to(self, path: str) -> str:
        """Another address of this application, such as "openapi.json"."""
        return f"{self._root}/{path}"

    def _to(self, path: str, pairs: list[tuple[str, str]]) -> str:
        return self._root + path + self._parameters([*pairs, ("lang", self._lang)])

    def _parameters(self, pairs: Iterable[tuple[str, str]]) -> str:
        known = self._encoded
        encoded: list[str] = []
        for pair in pairs:
            if pair[1]:
                if pair not in known:
                    known[pair] = "=".join(map(quote_plus, pair))
                encoded.append(known[pair])
        return "?" + "&".join(encoded) if encoded else ""


def _document_path(document_id: str) -> tuple[str, list[tuple[str, str]]]:
    if _FOLDED.search(document_id):
        return "", [("id", document_id)]
    return quote(document_id), []
