"""The application: which address is answered by what."""

from __future__ import annotations

import os

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from ..indexer.errors import FihrisError
from ..indexer.index import Index
from . import api, files, observing, openapi, pages, problems
from .headers import SecurityHeaders
from .lanes import in_lane
from .limits import Limits
from .live import LiveIndex
from .settings import Settings

# Answers below this size in bytes are sent as they are; a higher level costs more time than it
# saves on text.
_WORTH_PACKING, _LEVEL = 800, 5


def create_app(
    index: str | os.PathLike[str] | Index, settings: Settings | None = None
) -> Starlette:
    """The search page of an index, to be served alone or mounted in another ASGI application.

    It reads and never writes. All its links keep to the path that it is mounted under, and it does
    not need lifespan events. A commit made while it serves is seen within a second.

    Args:
        index: its folder, or an opened Index. It is opened when first needed, so that nothing is
            raised here: while it is missing or damaged, every page says so with status 503.
        settings: what an operator may set (`settings.load` reads a file and the environment).
    """
    settings = settings or Settings()
    figures = observing.Figures()
    routes = [
        Route("/", in_lane(pages.search), name="search"),
        Route("/documents/{id:path}", in_lane(pages.document), name="document"),
        Route("/suggest", in_lane(api.opensearch_suggestions), name="suggest"),
        Route("/opensearch.xml", pages.opensearch, name="opensearch"),
        Route("/api/v1/search", in_lane(api.search), name="api-search"),
        Route("/api/v1/suggest", in_lane(api.suggest), name="api-suggest"),
        Route("/api/v1/documents/{id:path}", in_lane(api.document), name="api-document"),
        Route("/openapi.json", openapi.openapi, name="openapi"),
        Route("/healthz", api.health, name="health"),
        Route("/embed.js", files.embed, name="embed"),
        Route("/static/{name}", files.static, name="static"),
    ]
    if settings.metrics:
        routes.append(Route("/metrics", observing.metrics, name="metrics"))
    app = Starlette(
        routes=routes,
        middleware=_middleware(settings, figures),
        exception_handlers={
            HTTPException: problems.refused,
            FihrisError: problems.unavailable,
        },
    )
    # A redirect from /healthz/ to /healthz would name the host as the client called it.
    app.router.redirect_slashes = False
    app.state.index = LiveIndex(index, settings.thesaurus, hierarchy=settings.thesaurus_hierarchy)
    app.state.settings = settings
    app.state.figures = figures
    return app


def _middleware(settings: Settings, figures: observing.Figures) -> list[Middleware]:
    """The outermost first."""
    layers = [
        Middleware(observing.Observed, figures, settings, problems.failed),
        Middleware(SecurityHeaders, settings.frame_ancestors),
        Middleware(GZipMiddleware, minimum_size=_WORTH_PACKING, compresslevel=_LEVEL),
    ]
    if settings.allowed_origins:
        origins = list(settings.allowed_origins)
        layers.append(Middleware(CORSMiddleware, allow_origins=origins, allow_methods=["GET"]))
    if settings.requests_per_minute:
        layers.append(Middleware(Limits, settings.requests_per_minute, settings.burst))
    return layers
