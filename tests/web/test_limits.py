from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from math import ceil
from pathlib import Path

import httpx
import pytest
from fihris.web import create_app
from fihris.web.limits import Buckets, client_of
from fihris.web.settings import Settings
from hypothesis import given
from hypothesis import strategies as st

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


def test_a_client_that_comes_upon_the_place_of_another_takes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fihris.web.limits._PLACES", 1)
    buckets = Buckets(per_minute=1, burst=1, clock=Clock())
    assert [buckets.take(name) for name in ("a", "a", "b", "b", "a")] == [0, 60, 0, 60, 0]


@given(
    per_minute=st.integers(1, 600),
    burst=st.integers(1, 5),
    steps=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 20)), max_size=60),
)
def test_as_a_plain_ledger_counts(
    per_minute: int, burst: int, steps: list[tuple[str, int]]
) -> None:
    """Times are quarters of a second, so that fractions are exact."""
    clock = Clock()
    buckets = Buckets(per_minute, burst, clock)
    ledger: dict[str, tuple[Fraction, Fraction]] = {}
    now = Fraction(0)
    for client, pause in steps:
        now += Fraction(pause, 4)
        clock.now = float(now)
        tokens, since = ledger.get(client, (Fraction(burst), now))
        tokens = min(Fraction(burst), tokens + (now - since) * Fraction(per_minute, 60))
        # Where rounding decides, either is right.
        if abs(tokens - 1) < Fraction(1, 10**6):
            return
        wait = buckets.take(client)
        assert (wait == 0) == (tokens >= 1)
        if wait:
            assert abs(wait - max(1, ceil((1 - tokens) * 60 / per_minute))) <= 1
        ledger[client] = (tokens - (tokens >= 1), now)


_TAKE = """
import sys
from pathlib import Path
from fihris.web.limits import Buckets
buckets = Buckets(per_minute=1, burst=100, path=Path(sys.argv[1]))
print(sum(buckets.take(f"client {n % 3}") == 0 for n in range(600)))
"""


def test_processes_count_together(tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _TAKE, tmp_path / "limits"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    allowed = [int(each.communicate(timeout=120)[0]) for each in running]
    # A token a minute comes back to each of the three clients.
    assert 300 <= sum(allowed) <= 306


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
