from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fihris.web import create_app
from fihris.web.limits import Buckets, client_of
from fihris.web.settings import Settings

from .serving import served


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_tokens_come_back_at_an_even_rate() -> None:
    clock = Clock()
    buckets = Buckets(per_minute=30, burst=3, clock=clock)
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 2, 2]
    assert buckets.take("b") == 0, "each client has its own"
    clock.now = 2.0
    assert [buckets.take("a") for _ in range(2)] == [0, 2]
    clock.now = 1000.0
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]


def test_no_more_clients_are_remembered_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fihris.web.limits._MOST_CLIENTS", 2)
    buckets = Buckets(per_minute=1, burst=1, clock=Clock())
    assert [buckets.take(name) for name in ("a", "b", "c", "a", "c")] == [0, 0, 0, 0, 60]


def test_a_network_of_the_new_kind_is_one_client() -> None:
    def named(host: str) -> str:
        return client_of({"client": (host, 1)})

    assert named("2001:db8:1:2::3") == named("2001:db8:1:2:ffff::")
    assert named("2001:db8:1:3::3") != named("2001:db8:1:2::3")
    assert named("192.0.2.1") == "192.0.2.1"
    assert client_of({"client": None}) == ""


def test_who_asks_too_often_is_told_when_to_come_back(index_path: Path) -> None:
    settings = Settings(requests_per_minute=6, burst=2)
    with (
        served(create_app(index_path, settings)) as address,
        httpx.Client(base_url=address) as client,
    ):
        assert [client.get("/?q=tram").status_code for _ in range(3)] == [200, 200, 429]
        refused = client.get("/api/v1/search?q=tram&lang=fr")
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 10
        assert refused.json()["detail"].startswith("Attendez")
        assert "default-src 'none'" in refused.headers["content-security-policy"]
        page = client.get("/?lang=ar", headers={"Accept": "text/html"})
        assert 'dir="rtl"' in page.text
        assert client.get("/healthz").status_code == 200
        assert client.get("/static/style.css").status_code == 200
