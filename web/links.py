"""The addresses of this application's own pages, wherever it is mounted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from starlette.requests import Request

from .asking import chosen_interface
from .files import FILES

# A browser takes such parts of a path away before it asks.
_FOLDED = re.compile(r"(?:^|/)\.{0,2}(?:/|$)")


class Links:
    """Makes links that begin with a slash and keep the reader's choice of interface language."""

    def __init__(self, request: Request) -> None:
        self._root = quote(request.scope.get("root_path", "").rstrip("/"))
        self._request = request
        self._lang = chosen_interface(request)

    @property
    def form(self) -> str:
        """Where the search form leads; its fields are the parameters."""
        return f"{self._root}/"

    def search(self, query: str = "", *, language: str = "", page: int = 1) -> str:
        """The page of a search."""
        number = "" if page == 1 else str(page)
        return self._to("/", q=query, language=language, page=number, lang=self._lang)

    def document(self, document_id: str, query: str = "", *, page: int = 1) -> str:
        """The page of a document."""
        number = "" if page == 1 else str(page)
        path, parameter = f"/documents/{quote(document_id)}", ""
        if _FOLDED.search(document_id):
            path, parameter = "/documents/", document_id
        return self._to(path, id=parameter, q=query, page=number, lang=self._lang)

    def here(self, **changes: str) -> str:
        """The page that is being shown, with other parameters."""
        path = quote(self._request.scope["path"])
        if path == self._root or path.startswith(f"{self._root}/"):
            path = path[len(self._root) :]
        # Two slashes at the beginning would lead to another site.
        path = f"/{path.lstrip('/')}"
        return self._root + path + _parameters(dict(self._request.query_params) | changes)

    def static(self, name: str) -> str:
        """A file that pages load; its address changes with its content."""
        return self._to(f"/static/{name}", v=FILES[name].version)

    def _to(self, path: str, **parameters: str) -> str:
        return self._root + path + _parameters(parameters)


def _parameters(parameters: Mapping[str, str]) -> str:
    given = {name: value for name, value in parameters.items() if value}
    return f"?{urlencode(given)}" if given else ""
