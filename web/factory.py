"""The application made from the environment alone, for servers that import it by name:

FIHRIS_INDEX=/srv/index uvicorn --factory fihris.web.factory:app
"""

from __future__ import annotations

import os

from starlette.applications import Starlette

from . import settings
from .app import create_app


def app() -> Starlette:
    """The application of the index that FIHRIS_INDEX names, with the settings of FIHRIS_SETTINGS
    and the other variables (docs/operations.md)."""
    return create_app(os.environ.get(f"{settings.PREFIX}INDEX", "fihris-index"), settings.load())
