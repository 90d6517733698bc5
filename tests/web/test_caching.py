from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fihris.indexer import Document
from fihris.search import Searcher
from fihris.web import create_app
from fihris.web.settings import Settings

from .conftest import write
from .serving import served

_PATHS = ["/", "/?q=tram", "/documents/untitled", "/api/v1/search?q=tram", "/api/v1/suggest?q=tr"]


@pytest.mark.parametrize("path", _PATHS)
def test_what_a_client_has_is_not_sent_again(
    client: httpx.Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"

    def searched(*_: object, **__: object) -> None:
        raise AssertionError("there was a search")

    monkeypatch.setattr(Searcher, "search", searched)
    monkeypatch.setattr(Searcher, "suggest", searched)
    again = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert "Accept-Language" in again.headers["vary"]
    assert "x-request-id" in again.headers


def test_tags_differ_where_answers_do(client: httpx.Client) -> None:
    requests: list[tuple[str, dict[str, str]]] = [
        ("/", {}),
        ("/", {"Accept-Language": "ar"}),
        ("/", {"Accept": "application/json"}),
        ("/?q=tram", {}),
        ("/?q=trams", {}),
        ("/?q=tram&page=2", {}),
        ("/", {"Host": "other.example"}),
    ]
    tags = [client.get(path, headers=headers).headers["etag"] for path, headers in requests]
    assert len(set(tags)) == len(tags)


def test_a_new_commit_has_new_tags_and_another_server_the_same(tmp_path: Path) -> None:
    path = tmp_path / "index"
    write(path, [Document(id="a", text="tram")])
    tags = []
    for _ in range(2):
        with served(create_app(path)) as address:
            headers = {"Host": "archive.example"}
            tags.append(httpx.get(f"{address}/?q=tram", headers=headers).headers["etag"])
    assert tags[0] == tags[1]
    write(path, [Document(id="b", text="tram")])
    with served(create_app(path)) as address:
        tags.append(httpx.get(f"{address}/?q=tram", headers=headers).headers["etag"])
    with served(create_app(path, Settings(name="Archive"))) as address:
        tags.append(httpx.get(f"{address}/?q=tram", headers=headers).headers["etag"])
    assert len(set(tags)) == 3


def test_problems_are_not_kept(client: httpx.Client) -> None:
    for path in ("/documents/none", "/?page=0", "/nothing"):
        answer = client.get(path)
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
