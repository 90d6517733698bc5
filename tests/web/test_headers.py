from __future__ import annotations

import httpx
import pytest
from fihris.web.headers import security_headers


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?q=tram",
        "/?q=tram&format=json",
        "/documents/untitled",
        "/documents/none",
        "/nothing",
        "/healthz",
        "/static/style.css",
        "/static/icon.svg",
        "/static/none",
        "/?page=x",
        "//x/",
    ],
)
def test_every_answer_carries_them(client: httpx.Client, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        headers = client.request(method, path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_the_sites_that_may_show_the_page_in_a_frame() -> None:
    policy = security_headers(["https://portal.example"])["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://portal.example")


def test_pages_need_nothing_that_the_policy_refuses(client: httpx.Client) -> None:
    for path in ("/", "/?q=letter", "/documents/letters/beirut", "/nothing"):
        text = client.get(path).text
        for refused in ("<script>", " style=", "<style", "onclick", "https://", 'src="http'):
            assert refused not in text
