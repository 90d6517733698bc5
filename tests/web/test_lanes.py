from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import httpx
import pytest
from fihris.web import lanes
from fihris.web.lanes import in_lane
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from .serving import served


def test_one_is_answered_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    # On a busy machine any answer may take so long that it is overtaken.
    monkeypatch.setattr(lanes, "_OVERTAKEN", 60)
    running, most = 0, 0
    lock = threading.Lock()

    def answer(_: Request) -> Response:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        sleep(0.02)
        with lock:
            running -= 1
        return PlainTextResponse("done")

    with (
        served(Starlette(routes=[Route("/", in_lane(answer))])) as address,
        ThreadPoolExecutor(8) as clients,
    ):
        answers = list(clients.map(lambda _: httpx.get(address).text, range(16)))
    assert answers == ["done"] * 16
    assert most == 1


@pytest.mark.parametrize("slow", ["format=csv", "format=atom", f"q={'a' * 3000}", "q=slow"])
def test_what_takes_long_does_not_hold_up_the_rest(slow: str) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def answer(request: Request) -> Response:
        if request.url.query == slow:
            begun.set()
            assert go_on.wait(30)
        return PlainTextResponse("done")

    with (
        served(Starlette(routes=[Route("/", in_lane(answer))])) as address,
        ThreadPoolExecutor(1) as other,
    ):
        waiting = other.submit(httpx.get, f"{address}/?{slow}", timeout=60)
        try:
            assert begun.wait(30)
            assert httpx.get(f"{address}/?q=a", timeout=10).text == "done"
            assert not waiting.done()
        finally:
            go_on.set()
        assert waiting.result().text == "done"


def test_a_fault_gives_the_lane_free() -> None:
    def answer(request: Request) -> Response:
        if request.url.query:
            raise ZeroDivisionError
        return PlainTextResponse("done")

    with served(Starlette(routes=[Route("/", in_lane(answer))])) as address:
        assert httpx.get(f"{address}/?1").status_code == 500
        assert httpx.get(address, timeout=10).text == "done"
