from __future__ import annotations

import json
import logging
from pathlib import Path

import httpx
import pytest
from fihris.web import create_app
from fihris.web.observing import JsonLines
from fihris.web.settings import Settings
from prometheus_client.parser import text_string_to_metric_families

from .serving import served


def asked(index: Path, settings: Settings, *paths: str, **headers: str) -> list[httpx.Response]:
    with served(create_app(index, settings)) as address, httpx.Client(base_url=address) as client:
        return [client.get(path, headers=headers) for path in paths]


def test_every_answer_has_an_id(index_path: Path) -> None:
    one, other = asked(index_path, Settings(), "/", "/nothing")
    assert one.headers["x-request-id"] != other.headers["x-request-id"]
    given = {"X-Request-ID": "from-proxy_1.2"}
    (same,) = asked(index_path, Settings(), "/api/v1/none", **given)
    assert same.headers["x-request-id"] == same.json()["request_id"] == "from-proxy_1.2"
    for strange in ("a b", "<script>", "x" * 65, ""):
        (answer,) = asked(index_path, Settings(), "/", **{"X-Request-ID": strange})
        assert len(answer.headers["x-request-id"]) == 16


def test_the_log_holds_no_query_and_no_client_unless_told_to(
    index_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "fihris.web.requests")
    settings = Settings(log_requests=True)
    (answer,) = asked(index_path, settings, "/?q=secret", **{"User-Agent": "secret"})
    (record,) = [each for each in caplog.records if each.name == "fihris.web.requests"]
    line = JsonLines().format(record)
    assert "secret" not in line
    assert "127.0.0.1" not in line
    noted = json.loads(line)
    assert noted["request_id"] == answer.headers["x-request-id"]
    assert (noted["method"], noted["route"], noted["status"]) == ("GET", "search", 200)
    assert 0 < noted["milliseconds"] < 60_000

    caplog.clear()
    settings = Settings(log_requests=True, log_queries=True, log_clients=True)
    asked(index_path, settings, "/?q=not%0Asecret")
    (record,) = [each for each in caplog.records if each.name == "fihris.web.requests"]
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["query"] == "not\nsecret"
    assert json.loads(line)["client"] == "127.0.0.1"

    caplog.clear()
    asked(index_path, Settings(), "/?q=tram")
    assert not [each for each in caplog.records if each.name == "fihris.web.requests"]


def test_a_fault_is_logged_with_its_id(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (answer,) = asked(tmp_path / "none", Settings(), "/api/v1/search?q=a")
    (record,) = [each for each in caplog.records if each.name == "fihris.web"]
    line = json.loads(JsonLines().format(record))
    assert answer.status_code == 503
    assert line["request_id"] == answer.json()["request_id"]
    assert line["level"] == "error"


def test_figures_for_prometheus(index_path: Path) -> None:
    paths = ("/?q=tram", "/?q=tram", "/nothing/<script>", "/documents/none", "/healthz")
    *_, figures = asked(index_path, Settings(), *paths, "/metrics")
    assert figures.headers["content-type"].startswith("text/plain")
    families = {each.name: each for each in text_string_to_metric_families(figures.text)}
    counted = {
        (each.labels["route"], each.labels["status"]): each.value
        for each in families["fihris_requests"].samples
        if each.name == "fihris_requests_total"
    }
    assert counted == {
        ("search", "200"): 2,
        ("other", "404"): 1,
        ("document", "404"): 1,
        ("health", "200"): 1,
    }
    times = families["fihris_request_seconds"].samples
    assert sum(each.value for each in times if each.name.endswith("_count")) == 5
    (hidden,) = asked(index_path, Settings(metrics=False), "/metrics")
    assert hidden.status_code == 404
