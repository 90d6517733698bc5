from __future__ import annotations

import re

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser


@pytest.mark.parametrize(
    ("name", "media_type"), [("style.css", "text/css"), ("icon.svg", "image/svg+xml")]
)
def test_files_are_kept_by_the_address_that_pages_give(
    client: httpx.Client, name: str, media_type: str
) -> None:
    tree = LexborHTMLParser(client.get("/").text)
    link = tree.css_first(f"link[href*='{name}']").attributes["href"] or ""
    response = client.get(link)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)
    assert "immutable" in response.headers["cache-control"]
    assert client.get(f"/static/{name}").headers["cache-control"] == "no-cache"
    assert client.get(f"/static/{name}?v=old").content == response.content


def test_the_style_sheet_loads_nothing_and_knows_the_dark(client: httpx.Client) -> None:
    text = client.get("/static/style.css").text
    assert "prefers-color-scheme: dark" in text
    for loaded in re.findall(r"url\((.*?)\)", text):
        answer = client.get(f"/static/{loaded}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "font/woff2"
        assert "immutable" in answer.headers["cache-control"]
        assert loaded in client.get("/?lang=ar").text, "loaded early"
    assert "@import" not in text


def test_no_other_file_is_served(client: httpx.Client) -> None:
    for name in ("none.css", "..%2fapp.py", "%2e%2e/app.py", "", "sub/style.css"):
        assert client.get(f"/static/{name}").status_code == 404
