"""docs/http-api.md says what the server does."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
from fihris.web.asking import FORMATS
from fihris.web.openapi import SEARCH_PARAMETERS

_DOC = (Path(__file__).parents[2] / "docs" / "http-api.md").read_text(encoding="utf-8")


def _first_cells(heading: str, number: int = 0) -> set[str]:
    """The names in the first column of a table below a heading."""
    section = re.search(rf"^## {re.escape(heading)}.*?(?=^## |\Z)", _DOC, re.DOTALL | re.MULTILINE)
    assert section
    table = re.findall(r"(?:^\|.*\n)+", section[0], re.MULTILINE)[number]
    rows = table.splitlines()[2:]
    return {name for row in rows for name in re.findall(r"\w+", row.split("|")[1])}


def test_the_parameters() -> None:
    assert _first_cells("A search") == SEARCH_PARAMETERS
    assert _first_cells("The pages in other forms") == set(FORMATS) - {"html"}


def test_the_fields_of_an_answer(client: httpx.Client) -> None:
    answer = client.get("/api/v1/search?q=letter OR رسالة").json()
    assert _first_cells("A search", 1) == set(answer)
    fields = {name for hit in answer["hits"] for name in hit}
    assert _first_cells("A search", 2) == fields
    snippet = answer["hits"][0]["snippets"][0]
    for name in (*snippet, *answer["facets"]):
        assert f"`{name}`" in _DOC


def test_the_statuses(client: httpx.Client) -> None:
    named = _first_cells("When something is wrong")
    assert named == {"400", "404", "405", "413", "429", "500", "503"}
    answer = client.get("/documents/none?format=json").json()
    for name in answer:
        assert f"`{name}`" in _DOC


def test_the_sign_of_life(client: httpx.Client) -> None:
    for name in client.get("/healthz").json():
        assert f'"{name}":' in _DOC
