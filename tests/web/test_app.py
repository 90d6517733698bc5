from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from fihris.indexer import Index
from fihris.web import create_app
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from .serving import served


@pytest.fixture(scope="module")
def portal(index_path: Path) -> Iterator[str]:
    """A site that has the search page two mounts down, with a name that is not ASCII, and that
    sends no lifespan events."""
    inner = Starlette(routes=[Mount("/بحث now", create_app(index_path))])
    host = Starlette(
        routes=[
            Route("/", lambda _: PlainTextResponse("the portal")),
            Mount("/archive", inner),
        ]
    )
    with served(host) as address:
        yield address


def test_every_link_of_a_mounted_page_stays_there(portal: str) -> None:
    start = f"{portal}/archive/%D8%A8%D8%AD%D8%AB%20now/"
    waiting, seen = [start, f"{start}?q=tram&lang=ar", f"{start}?q=letter", f"{start}none"], set()
    with httpx.Client() as client:
        while waiting and len(seen) < 90:
            address = waiting.pop(0)
            seen.add(address)
            response = client.get(address)
            expected = 404 if "/none" in address else 200
            assert response.status_code == expected, address
            assert response.url == address, "no redirect"
            if not response.headers["content-type"].startswith("text/html"):
                continue
            tree = HTMLParser(response.text)
            for node in tree.css("[href], [action]"):
                link = node.attributes.get("href") or node.attributes.get("action") or ""
                target = urljoin(address, link)
                assert target.startswith(start) or link.startswith("#"), target
                if target not in seen and not link.startswith("#"):
                    waiting.append(target)
    paths = {urlsplit(address).path.removeprefix(urlsplit(start).path) for address in seen}
    assert {"", "none", "static/style.css", "static/icon.svg"} <= paths
    assert any(path.startswith("documents/") for path in paths)


def test_the_host_keeps_its_own_pages(portal: str) -> None:
    assert httpx.get(f"{portal}/").text == "the portal"


def test_it_serves_an_index_that_is_open_already(index_path: Path) -> None:
    with Index.open(index_path) as index, served(create_app(index)) as address:
        assert httpx.get(f"{address}/healthz").json()["documents"] == 29


def test_a_server_may_be_told_where_it_is_mounted(index_path: Path) -> None:
    app = create_app(index_path)

    async def behind_a_proxy(scope, receive, send):  # type: ignore[no-untyped-def]
        await app({**scope, "root_path": "/collections"}, receive, send)

    with served(behind_a_proxy) as address:
        tree = HTMLParser(httpx.get(f"{address}/?q=letter").text)
    assert tree.css_first("form").attributes["action"] == "/collections/"
    assert tree.css_first(".hits a").attributes["href"].startswith("/collections/documents/")
