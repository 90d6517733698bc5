from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from fihris.search import Searcher, Selection
from fihris.web import create_app, schema
from fihris.web.settings import Settings

from .conftest import DOCUMENTS
from .serving import served


def shaped(answer: httpx.Response, shape: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=shape)


@pytest.mark.parametrize("query", ["letter OR رسالة", "tram", "مكتوب", "harmfull", '"', "", "zzzz"])
def test_a_search_is_what_the_library_finds(
    client: httpx.Client, index_path: Path, query: str
) -> None:
    answer = client.get("/api/v1/search", params={"q": query})
    shaped(answer, schema.Results)
    found = answer.json()
    expected = Searcher(index_path).search(query, facets=10).as_json()
    del found["took"], expected["took"]
    assert found == {**expected, "page": 1, "pages": found["pages"]}


def test_choices_order_and_pages(client: httpx.Client, index_path: Path) -> None:
    answer = client.get(
        "/api/v1/search?q=letter OR lettre OR رسالة&language=fr&language=ar&from=1940&sort=newest"
    )
    selection = Selection(language=("fr", "ar"), first=1940)
    expected = Searcher(index_path).search(
        "letter OR lettre OR رسالة", selection=selection, order="newest"
    )
    assert [hit["id"] for hit in answer.json()["hits"]] == [hit.id for hit in expected.hits]
    assert expected.total == 1
    pages = [client.get(f"/api/v1/search?q=tram&limit=7&page={n}").json() for n in range(1, 5)]
    ids = [hit["id"] for page in pages for hit in page["hits"]]
    assert len(set(ids)) == len(ids) == 25
    assert {page["pages"] for page in pages} == {4}
    creators = client.get("/api/v1/search?creator=%D8%A3%D9%84%D9%83%D8%B3%D9%8A").json()
    assert [hit["id"] for hit in creators["hits"]] == ["letters/beirut"], "without a query"


def test_suggestions(client: httpx.Client) -> None:
    answer = client.get("/api/v1/suggest?q=a harm&limit=1")
    assert shaped(answer, schema.Suggestions).suggestions == ["a harmful"]
    nothing = {"query": "", "suggestions": [], "titles": []}
    assert client.get("/api/v1/suggest?q=").json() == nothing
    assert client.get("/api/v1/suggest?q=harm ").json()["suggestions"] == []
    assert client.get("/suggest?q=harm&q=tram").status_code == 400
    plain = client.get("/suggest?q=harm")
    assert plain.headers["content-type"] == "application/x-suggestions+json"
    assert plain.json() == ["harm", ["harmful"]]


@pytest.mark.parametrize("limit", ["0", "21", "500"])
def test_a_number_of_suggestions_is_refused_with_its_bounds(
    client: httpx.Client, limit: str
) -> None:
    detail = client.get(f"/api/v1/suggest?q=a&lang=en&limit={limit}").json()["detail"]
    assert detail == f"“{limit}” is no number from 1 to 20 for limit."


def test_a_document(client: httpx.Client) -> None:
    found = shaped(client.get("/api/v1/documents/letters/beirut"), schema.Document)
    assert (found.text, found.extra) == (DOCUMENTS[0].text, DOCUMENTS[0].extra)
    encoded = client.get("/api/v1/documents/letters%2Fbeirut").json()
    assert encoded["id"] == "letters/beirut"
    harmful = client.get("/api/v1/documents/", params={"id": DOCUMENTS[3].id})
    assert shaped(harmful, schema.Document).title == DOCUMENTS[3].title


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("search?q=a&colour=red", 400),
        ("search?q=a&from=1945&to=1944", 400),
        ("search?q=a&sort=loud", 400),
        ("search?q=a&sort=", 400),
        ("search?q=a&language=fr&language=", 400),
        ("search?q=a&lang=de", 400),
        ("search?q=a&q=b", 400),
        ("search?q=a&limit=1&limit=2", 400),
        ("suggest?q=a&q=b", 400),
        ("suggest?q=a&titles=1&titles=2", 400),
        ("documents/?id=untitled&id=lettre-fr", 400),
        ("search?q=tram&page=99", 404),
        ("suggest?limit=21", 400),
        ("suggest?format=csv", 400),
        ("documents/none", 404),
        ("documents/..%2f..%2fetc/passwd", 404),
        ("none", 404),
    ],
)
def test_problems_are_for_programs_whatever_they_accept(
    client: httpx.Client, path: str, status: int
) -> None:
    answer = client.get(f"/api/v1/{path}", headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = msgspec.json.decode(answer.content, type=schema.Problem)
    assert problem.status == status
    assert problem.detail


def test_text_is_compressed_for_those_who_ask(client: httpx.Client, address: str) -> None:
    plain = client.get("/?q=tram", headers={"Accept-Encoding": "identity"})
    headers = {"Accept-Encoding": "gzip", "Accept": "text/html"}
    with httpx.stream("GET", f"{address}/?q=tram", headers=headers) as packed:
        content = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert len(content) * 3 < len(plain.content)
    assert b"<mark" in gzip.decompress(content)


def test_only_sites_of_the_list_may_read_it(index_path: Path) -> None:
    settings = Settings(allowed_origins=("https://portal.example",))
    with (
        served(create_app(index_path, settings)) as address,
        httpx.Client(base_url=address) as client,
    ):
        for origin, expected in (
            ("https://portal.example", "https://portal.example"),
            ("https://evil.example", None),
        ):
            answer = client.get("/api/v1/search?q=tram", headers={"Origin": origin})
            assert answer.headers.get("access-control-allow-origin") == expected
            assert "Origin" in answer.headers["vary"]
            assert "access-control-allow-credentials" not in answer.headers


def test_no_site_may_unless_it_is_told(client: httpx.Client) -> None:
    answer = client.get("/api/v1/search?q=tram", headers={"Origin": "https://portal.example"})
    assert "access-control-allow-origin" not in answer.headers
