"""Searches one at a time in each process, since in Python they gain nothing from each other.

numpy lets go of the interpreter's lock hundreds of times in a search. Two searches in two threads
then wake each other all the time: measured on two cores, a search that takes 8 ms of CPU alone
takes 21 beside another one and over 40 beside three. So what is quick waits for what is quick, but
not for what turns out to be slow; and what is known to take long (files of a thousand documents,
endless queries) has a lane of its own. More processes make use of more cores.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

# Who is not answered after so many seconds is overtaken by the next in the lane.
_OVERTAKEN = 0.2
# An address longer than this asks for something out of the ordinary, in bytes.
_LONG = 2000
_SLOW_FORMS = ("csv", "ris", "atom")


class _Lanes:
    """The lanes of one event loop."""

    def __init__(self) -> None:
        self.quick, self.slow = asyncio.Semaphore(), asyncio.Semaphore()


_lanes: WeakKeyDictionary[asyncio.AbstractEventLoop, _Lanes] = WeakKeyDictionary()


def in_lane(answer: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that gives the answers of a plain function, which runs in a thread when it is
    its turn. It needs asyncio."""

    async def endpoint(request: Request) -> Response:
        loop = asyncio.get_running_loop()
        lanes = _lanes.setdefault(loop, _Lanes())
        if _is_slow(request):
            async with lanes.slow:
                return await run_in_threadpool(answer, request)
        await lanes.quick.acquire()
        in_it = True

        def leave() -> None:
            nonlocal in_it
            if in_it:
                in_it = False
                lanes.quick.release()

        timer = loop.call_later(_OVERTAKEN, leave)
        try:
            return await run_in_threadpool(answer, request)
        finally:
            timer.cancel()
            leave()

    return endpoint


def _is_slow(request: Request) -> bool:
    return (
        len(request.scope["query_string"]) > _LONG
        or request.query_params.get("format") in _SLOW_FORMS
    )
