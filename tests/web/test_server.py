"""Clients that are slow, too many, or none at all, and the server as `fihris serve` runs it."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fihris.web import create_app, server
from fihris.web.headers import security_headers

from .serving import served

_PATIENCE = 0.6


@pytest.fixture
def impatient(index_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the index is served with little patience."""
    monkeypatch.setattr(server, "PATIENCE", _PATIENCE)
    with served(create_app(index_path)) as address:
        yield address


def connected(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def everything(connection: socket.socket) -> bytes:
    """What is sent until the other side hangs up."""
    pieces = []
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(1 << 16):
            pieces.append(piece)
    return b"".join(pieces)


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"GET /?q=tram HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"GET /?q=tram HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n",
    ],
    ids=["nothing", "head", "body"],
)
def test_who_sends_a_byte_at_a_time_is_hung_up_on(impatient: str, begin: bytes) -> None:
    with connected(impatient) as slow:
        slow.sendall(begin)
        slow.settimeout(0.05)
        start = time.monotonic()
        over = False
        while not over:
            assert time.monotonic() - start < 20 * _PATIENCE
            try:
                if begin:
                    slow.sendall(b"a")
                over = not slow.recv(1 << 16)
            except TimeoutError:
                assert httpx.get(f"{impatient}/healthz").status_code == 200
            except (ConnectionResetError, BrokenPipeError):
                over = True
        assert time.monotonic() - start > _PATIENCE / 2


def test_who_asks_again_and_again_is_not(impatient: str) -> None:
    with httpx.Client(base_url=impatient) as client:
        streams = set()
        end = time.monotonic() + 3 * _PATIENCE
        while time.monotonic() < end:
            answer = client.get("/?q=tram")
            assert answer.status_code == 200
            streams.add(answer.extensions["network_stream"].get_extra_info("client_addr"))
            time.sleep(_PATIENCE / 4)
        assert len(streams) == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /?q=tram HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * (2 << 20),
        b"GET /?q=" + b"%D8%B1" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /?q=" + b"a" * 1_100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad\x00Header: 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nA: b\rc\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is TLS",
    ],
    ids=["header of 2 MB", "a million letters", "1.1 MB", "zero byte", "bare return", "TLS"],
)
def test_what_is_too_long_or_no_http_is_refused(address: str, sent: bytes) -> None:
    with connected(address) as client:
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            client.sendall(sent)
        answer = everything(client)
    # A client that is still sending may lose the answer; one that was heard gets it whole.
    if answer:
        head = answer.partition(b"\r\n\r\n")[0].decode().lower()
        assert head.startswith(("http/1.1 400", "http/1.1 413"))
        for name in security_headers():
            assert f"{name.lower()}: " in head
    assert httpx.get(f"{address}/?q=tram").status_code == 200


def test_many_headers_do_no_harm(address: str) -> None:
    headers = {f"X-{n}": "a" * 50 for n in range(5000)}
    assert httpx.get(f"{address}/?q=tram", headers=headers).status_code == 200


def test_one_connection_too_many_is_turned_away(
    index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 3)
    with served(create_app(index_path)) as address, contextlib.ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(connected(address))
        refused = httpx.get(f"{address}/healthz")
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        assert refused.headers["connection"] == "close"
        for name, value in security_headers().items():
            assert refused.headers[name] == value
        stack.close()
        for _ in range(100):
            if httpx.get(f"{address}/healthz").status_code == 200:
                break
            time.sleep(0.05)
        else:
            raise AssertionError("those who left still count")


def test_who_has_connections_leaves_others_time_to_take_one(
    index_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_TURN", 0.4)
    with served(create_app(index_path)) as address, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connected(address)) for _ in range(4)]
        for client in clients:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        start = time.monotonic()
        times = []
        for client in clients:
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
            times.append(time.monotonic() - start)
        # After the first connection .4 seconds, after the second .8, and so on.
        assert times[0] < times[1] < times[2] < times[3]
        assert times[3] > 2


def test_after_running_out_of_files_it_goes_on(
    index_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    accept = server.EvenLoop.sock_accept
    failures = [OSError(24, "Too many open files")] * 2

    async def failing(self: server.EvenLoop, sock: socket.socket) -> object:
        if failures:
            raise failures.pop()
        return await accept(self, sock)

    monkeypatch.setattr(server.EvenLoop, "sock_accept", failing)
    with served(create_app(index_path)) as address:
        assert httpx.get(f"{address}/healthz").status_code == 200
    assert [each.name for each in caplog.records if "cannot be accepted" in each.message] == [
        "fihris.web"
    ] * 2
