"""The application: which address is answered by what."""

from __future__ import annotations

import os

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from ..indexer.errors import FihrisError
from ..indexer.index import Index
from . import files, pages, problems
from .headers import SecurityHeaders
from .live import LiveIndex


def create_app(index: str | os.PathLike[str] | Index) -> Starlette:
    """The search page of an index, to be served alone or mounted in another ASGI application.

    It reads and never writes. All its links keep to the path that it is mounted under, and it does
    not need lifespan events. A commit made while it serves is seen within a second.

    Args:
        index: its folder, or an opened Index. It is opened when first needed, so that nothing is
            raised here: while it is missing or damaged, every page says so with status 503.
    """
    app = Starlette(
        routes=[
            Route("/", pages.search, name="search"),
            Route("/documents/{id:path}", pages.document, name="document"),
            Route("/healthz", pages.health, name="health"),
            Route("/static/{name}", files.static, name="static"),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={
            HTTPException: problems.refused,
            FihrisError: problems.unavailable,
            Exception: problems.failed,
        },
    )
    # A redirect from /healthz/ to /healthz would name the host as the client called it.
    app.router.redirect_slashes = False
    app.state.index = LiveIndex(index)
    return app
