"""How `fihris serve` listens: workers that take turns, and patience that ends.

`uvicorn` is told of both by name, so that its worker processes find them too.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
import socket
from typing import Any

import h11
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from .headers import security_headers

_LOG = logging.getLogger("fihris.web")
# After it has accepted a connection a worker waits so long for each one that it has, up to so many
# of them, and so long after none could be accepted; in seconds.
_TURN, _MOST_TURNS, _RECOVERY = 0.0005, 10, 0.1
#: A client may take so long to send a request, in seconds.
PATIENCE = 20.0
#: More connections than this to one worker are turned away, so that slow clients cannot use up the
#: memory.
MOST_CONNECTIONS = 1000


class EvenLoop(asyncio.SelectorEventLoop):
    """An event loop that leaves time to others to accept connections.

    asyncio accepts all that wait, so that of workers which listen on one socket the first to wake
    would get them all: thirty-two clients that came at once were all answered by one of two.
    """

    async def create_server(  # type: ignore[override]
        self, protocol_factory: Any, *args: Any, sock: Any = None, **options: Any
    ) -> Any:
        """As asyncio's, but for a socket that is given."""
        if sock is None:
            return await super().create_server(protocol_factory, *args, **options)
        if parent := multiprocessing.parent_process():
            self.add_reader(parent.sentinel, self._end, parent.sentinel)
            # Sent to all processes of a server or by a terminal, it is for the one that watches
            # over them.
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        sock.setblocking(False)
        sock.listen(options.get("backlog", 100))
        return _Accepting(self, protocol_factory, sock)

    def _end(self, sentinel: int) -> None:
        # The process that watches over the workers was killed: nobody else would tell them to stop,
        # and they would hold the port.
        self.remove_reader(sentinel)
        signal.raise_signal(signal.SIGTERM)


class _Accepting:
    """What uvicorn needs to know of an asyncio.Server."""

    def __init__(self, loop: EvenLoop, protocol_factory: Any, sock: socket.socket) -> None:
        self.sockets = (sock,)
        self._task = loop.create_task(self._accept(loop, protocol_factory, sock))

    async def _accept(self, loop: EvenLoop, protocol_factory: Any, sock: socket.socket) -> None:
        while True:
            try:
                connection, _ = await loop.sock_accept(sock)
            except OSError as error:
                # No file descriptors are left, or the client has gone already.
                _LOG.warning("a connection cannot be accepted: %s", error)
                await asyncio.sleep(_RECOVERY)
                continue
            _, protocol = await loop.connect_accepted_socket(protocol_factory, connection)
            await asyncio.sleep(_TURN * min(len(protocol.connections), _MOST_TURNS))

    def close(self) -> None:
        """Accepts no more connections."""
        self._task.cancel()

    async def wait_closed(self) -> None:
        """Waits until the last one was accepted."""
        await asyncio.wait([self._task])


class PatientProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, which hangs up on who takes too long to ask."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Turns away who is one too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self.app = _busy
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Goes on for as long as the deadline of the request allows."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the deadline."""
        self._forget()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answers what is no HTTP, with the headers that all answers have."""
        headers = [(name.encode(), value.encode()) for name, value in security_headers().items()]
        headers += [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=msg.encode()),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self) -> None:
        # From the first byte of a request to its last; a byte now and then does not put it off.
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._forget()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(PATIENCE, self.transport.close)

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


_busy: ASGIApp = PlainTextResponse(
    "Too many connections.\n",
    503,
    {**security_headers(), "Retry-After": "5", "Connection": "close"},
)
