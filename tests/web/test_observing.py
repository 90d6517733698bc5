from __future__ import annotations

import fcntl
import json
import logging
import os
import select
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fihris.search import Searcher
from fihris.web import create_app
from fihris.web.observing import JsonLines, StandardError
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
    settings = Settings()
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
    settings = Settings(log_queries=True, log_clients=True)
    asked(index_path, settings, "/?q=not%0Asecret")
    (record,) = [each for each in caplog.records if each.name == "fihris.web.requests"]
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["query"] == "not\nsecret"
    assert json.loads(line)["client"] == "127.0.0.1"

    caplog.clear()
    asked(index_path, Settings(log_requests=False), "/?q=tram", "/nothing")
    assert not [each for each in caplog.records if each.name == "fihris.web.requests"]


def test_a_fault_is_logged_with_its_id(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (answer,) = asked(tmp_path / "none", Settings(), "/api/v1/search?q=a")
    (record,) = _lines(caplog)
    line = json.loads(JsonLines().format(record))
    assert answer.status_code == 503
    assert line["request_id"] == answer.json()["request_id"]
    assert line["level"] == "error"
    assert (line["route"], line["status"]) == ("api-search", 503)


@pytest.mark.parametrize("log_requests", [True, False])
def test_a_fault_of_ours_is_one_line_with_its_traceback(
    index_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    log_requests: bool,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("not\nfor everybody")

    monkeypatch.setattr(Searcher, "search", broken)
    settings = Settings(log_requests=log_requests)
    (answer,) = asked(index_path, settings, "/api/v1/search?q=secret")
    assert answer.status_code == 500
    (record,) = _lines(caplog)
    text = JsonLines().format(record)
    assert "\n" not in text
    assert "secret" not in text
    line = json.loads(text)
    assert line["request_id"] == answer.json()["request_id"] == answer.headers["x-request-id"]
    assert (line["level"], line["status"], line["route"]) == ("error", 500, "api-search")
    assert "ZeroDivisionError" in line["exception"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/documents/none", 404),
        ("/?q=tram&page=99", 404),
        ("/?from=1950&to=1940", 400),
        ("/api/v1/search?q=a&nonsense=1", 400),
        ("/api/v1/search?q=a&lang=xx", 400),
        ("/static/../../etc/passwd", 404),
    ],
)
def test_each_refusal_is_one_line(
    index_path: Path, caplog: pytest.LogCaptureFixture, path: str, status: int
) -> None:
    caplog.set_level(logging.INFO)
    answer, after = asked(index_path, Settings(), path, "/?q=tram")
    assert (answer.status_code, after.status_code) == (status, 200)
    refused, _ = _lines(caplog)
    line = json.loads(JsonLines().format(refused))
    assert (line["status"], line["level"]) == (status, "info")
    assert line["request_id"] == answer.headers["x-request-id"]


def _lines(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """All that the application and its server have to say."""
    return [
        each
        for each in caplog.records
        if not each.name.startswith(("httpx", "httpcore", "asyncio"))
    ]


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


def test_what_the_log_cannot_take_is_counted() -> None:
    handler = StandardError()
    handler.setFormatter(JsonLines())
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    before = os.dup(2)
    os.dup2(writer, 2)
    try:
        for message in ("x" * 3000, "lost", "lost"):
            handler.handle(logging.makeLogRecord({"msg": message}))
        taken = os.read(reader, 8192)
        handler.handle(logging.makeLogRecord({"msg": "after", "fields": {"status": 200}}))
        rest = os.read(reader, 8192)
        handler.handle(logging.makeLogRecord({"msg": "last"}))
        last = os.read(reader, 8192)
        os.close(reader)
        handler.handle(logging.makeLogRecord({"msg": "to nobody"}))
    finally:
        os.dup2(before, 2)
        os.close(before)
        os.close(writer)
    assert json.loads(taken)["message"] == "x" * 3000
    after = json.loads(rest)
    assert (after["message"], after["status"], after["lost"]) == ("after", 200, 2)
    assert "lost" not in json.loads(last)


@pytest.mark.parametrize("text", ["x" * 9000, "\x00" * 2000, "رسالة" * 1000, "\udc80" * 1000])
def test_a_line_is_so_short_that_a_pipe_takes_it_whole(text: str) -> None:
    fields = {"request_id": "abc", "query": text}
    record = logging.makeLogRecord({"msg": "request", "fields": fields})
    line = JsonLines().format(record)
    assert 4000 < len(line.encode(errors="backslashreplace")) < 4096
    told = json.loads(line)
    assert (told["message"], told["request_id"]) == ("request", "abc")
    assert told["query"].endswith("…")
    assert text.startswith(told["query"][:-1])


def test_of_a_long_traceback_the_end_is_kept() -> None:
    try:
        raise ValueError("a" * 9000 + " the reason")
    except ValueError:
        record = logging.makeLogRecord({"msg": "a request failed", "exc_info": sys.exc_info()})
    told = json.loads(JsonLines().format(record))
    assert told["exception"].startswith("…a")
    assert told["exception"].endswith("a the reason")


# Writes a line that takes all of the pipe each time that it is told to.
_WORKER = """
import logging, os, sys
from fihris.web.observing import JsonLines, StandardError
handler = StandardError()
handler.setFormatter(JsonLines())
while os.read(0, 1):
    handler.handle(logging.makeLogRecord({"msg": sys.argv[1] * 3000}))
    os.write(1, b".")
"""


def test_workers_do_not_wait_for_each_other_s_lines() -> None:
    """Each sees that the log takes one more line; when all but one come too late for it, they must
    not wait until somebody reads."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, letter],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=writer,
            bufsize=0,
        )
        for letter in "abcd"
    ]
    os.close(writer)
    try:
        for _ in range(300):
            for worker in workers:
                assert worker.stdin is not None
                worker.stdin.write(b".")
            for worker in workers:
                assert worker.stdout is not None
                assert select.select([worker.stdout], [], [], 30)[0], "it waits"
                assert worker.stdout.read(1) == b"."
            (message,) = {
                json.loads(each)["message"] for each in os.read(reader, 8192).splitlines()
            }
            assert len(set(message)) == 1
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
        os.close(reader)
