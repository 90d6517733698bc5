from __future__ import annotations

from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import pytest
from fihris.search import Selection
from fihris.web.asking import Asked
from fihris.web.links import Links
from starlette.requests import Request


def links(path: str = "/", root: str = "", query: str = "") -> Links:
    scope = {"type": "http", "path": path, "root_path": root, "query_string": query.encode()}
    return Links(Request({**scope, "headers": []}))


def test_links_keep_to_the_place_that_the_application_is_mounted_at() -> None:
    here = links("/archive/", "/archive")
    assert here.search() == here.form == "/archive/"
    assert (
        here.search(Asked("a&b", 2, Selection(language=("fr",))))
        == "/archive/?q=a%26b&language=fr&page=2"
    )
    assert here.document("a") == "/archive/documents/a"
    assert here.static("style.css").startswith("/archive/static/style.css?v=")
    assert here.here(lang="ar") == "/archive/?lang=ar"
    assert here.api("suggest") == "/archive/api/v1/suggest"


def test_the_chosen_interface_goes_along() -> None:
    here = links(query="lang=ar&q=x")
    assert here.search("y") == "/?q=y&lang=ar"
    assert here.document("d", Asked("y", 3)) == "/documents/d?q=y&lang=ar"
    assert here.here(lang="fr") == "/?q=x&lang=fr"
    assert links(query="a=1&a=2").here(lang="fr") == "/?a=1&a=2&lang=fr"


def test_a_server_may_take_the_mount_point_off_the_path_or_leave_it() -> None:
    assert links("/documents/a", "/archive").here() == "/archive/documents/a"
    assert links("/archive/documents/a", "/archive").here() == "/archive/documents/a"
    assert links("/archives", "/archive").here() == "/archive/archives"


@pytest.mark.parametrize("path", ["//evil.example/", "///evil.example", "/\\evil.example"])
def test_no_link_leads_to_another_site(path: str) -> None:
    assert urlsplit(urljoin("http://here/", links(path).here())).netloc == "here"


@pytest.mark.parametrize(
    "document_id",
    [
        "a",
        "a/b.txt",
        "..",
        ".",
        "../x",
        "x/./y",
        "a//b",
        "/a",
        "a/",
        "a b?c#d",
        "٪%41",
        '"<',
        "a\\b",
    ],
)
def test_a_browser_asks_for_the_document_that_a_link_names(document_id: str) -> None:
    address = urlsplit(urljoin("http://here/", links().document(document_id)))
    path = unquote(address.path)
    assert path.startswith("/documents/")
    assert path.removeprefix("/documents/") or parse_qs(address.query)["id"][0] == document_id
    assert path.removeprefix("/documents/") in ("", document_id)
