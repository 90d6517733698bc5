from __future__ import annotations

import contextlib
import json
import logging
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from fihris.search import Searcher
from fihris.web import create_app
from fihris.web.wording import CATALOGUE, INTERFACES
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from .serving import served

_UNKNOWN = [
    ("/documents/none", 404, "detail-document"),
    ("/documents/", 404, "detail-document"),
    ("/nothing", 404, "detail-address"),
    ("/static/none.css", 404, "detail-address"),
    ("/static/../app.py", 404, "detail-address"),
    ("/static/%2e%2e/app.py", 404, "detail-address"),
    ("/?q=tram&page=4", 404, "detail-beyond"),
    ("/?q=tram&page=999999999", 404, "detail-beyond"),
    ("/?q=&page=2", 404, "detail-beyond"),
    ("/documents/untitled?page=2", 404, "detail-beyond"),
    ("/?page=zero", 400, "detail-page"),
    ("/?language=french", 400, "detail-language"),
    ("/?q=tram&q=letter", 400, "detail-repeated"),
    ("/documents/untitled?within=a&within=b", 400, "detail-repeated"),
]


@pytest.mark.parametrize("lang", INTERFACES)
@pytest.mark.parametrize(("path", "status", "detail"), _UNKNOWN)
def test_a_page_that_helps(
    client: httpx.Client, path: str, status: int, detail: str, lang: str
) -> None:
    response = client.get(path, headers={"Accept-Language": lang})
    assert response.status_code == status
    tree = HTMLParser(response.text)
    assert tree.css_first("html").attributes["lang"] == lang
    assert tree.css_first("h1").text() == CATALOGUE[lang][f"problem-{status}"]
    assert CATALOGUE[lang][detail].split("{")[0] in tree.css_first(".problem").text()
    way_out = client.get(tree.css_first(".problem a").attributes["href"] or "")
    assert way_out.status_code == 200


@pytest.mark.parametrize(("path", "status", "detail"), _UNKNOWN)
def test_problem_details_for_programs(
    client: httpx.Client, path: str, status: int, detail: str
) -> None:
    response = client.get(path, headers={"Accept": "application/json", "Accept-Language": "fr"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    answer = response.json()
    assert set(answer) == {"type", "title", "status", "detail", "request_id"}
    assert answer["status"] == status
    assert answer["title"] == CATALOGUE["fr"][f"problem-{status}"]
    assert answer["detail"].startswith(CATALOGUE["fr"][detail].split("{")[0])


@pytest.mark.parametrize(("length", "expected"), [(100_000, 200), (100_001, 413)])
def test_a_query_may_be_long_but_not_too_long(address: str, length: int, expected: int) -> None:
    # httpx does not send such addresses.
    connection = HTTPConnection(address.removeprefix("http://"), timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", f"/?format=json&lang=fr&q={'a' * length}")
        response = connection.getresponse()
        answer = json.loads(response.read())
    assert response.status == expected
    if expected == 413:
        assert answer["detail"] == "Une requête peut avoir 100\u202f000 caractères."


def test_what_is_refused_is_escaped(client: httpx.Client) -> None:
    response = client.get("/", params={"page": "<script>"})
    assert "&lt;script&gt;" in response.text
    assert "<script>" not in response.text
    assert (
        client.get("/", params={"page": "<b>", "format": "json"})
        .json()["detail"]
        .startswith("“<b>”")
    )


def test_the_way_out_of_a_page_beyond_the_end_is_the_last_page(client: httpx.Client) -> None:
    tree = HTMLParser(client.get("/?q=tram&page=4&lang=ar").text)
    link = tree.css_first(".problem a").attributes["href"]
    last = HTMLParser(client.get(link or "").text)
    assert len(last.css(".hits > li")) == 5
    assert last.css_first("html").attributes["lang"] == "ar"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_can_be_written(client: httpx.Client, index_path: Path, method: str) -> None:
    before = {file.name: file.read_bytes() for file in index_path.iterdir()}
    for path in ("/", "/documents/untitled", "/suggest", "/opensearch.xml", "/api/v1/search",
                 "/api/v1/suggest", "/api/v1/documents/untitled", "/openapi.json", "/healthz",
                 "/embed.js", "/static/style.css", "/metrics"):  # fmt: skip
        response = client.request(method, path, headers={"Content-Type": "application/json"})
        assert response.status_code == 405, path
        assert "GET" in response.headers["allow"], path
    assert {file.name: file.read_bytes() for file in index_path.iterdir()} == before


def test_no_index_is_a_503_that_does_not_tell_paths(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        served(create_app(tmp_path / "none")) as address,
        httpx.Client(base_url=address) as client,
    ):
        for lang in INTERFACES:
            response = client.get("/", headers={"Accept-Language": lang})
            assert response.status_code == 503
            assert response.headers["retry-after"]
            assert CATALOGUE[lang]["detail-unavailable"] in response.text
            assert str(tmp_path) not in response.text
        problem = client.get("/?format=json").json()
        assert problem["title"] == CATALOGUE["en"]["problem-503"]
        health = client.get("/healthz")
        assert (health.status_code, health.json()) == (503, {"status": "unavailable"})
        assert client.get("/static/style.css").status_code == 200
    (record, *_) = [each for each in caplog.records if each.name == "fihris.web.requests"]
    assert record.levelno == logging.ERROR
    assert str(tmp_path / "none") in record.getMessage()


def test_a_fault_of_ours_is_a_500_without_a_traceback(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret")

    with monkeypatch.context() as patched:
        patched.setattr(Searcher, "search", broken)
        response = client.get("/?q=tram")
        assert response.status_code == 500
        assert CATALOGUE["en"]["problem-500"] in response.text
        assert "secret" not in response.text
        assert "ZeroDivisionError" not in response.text
        assert "default-src 'none'" in response.headers["content-security-policy"]
    assert client.get("/?q=tram").status_code == 200
