"""The search page and its JSON, as a Starlette application: `create_app`."""

from .app import create_app

__all__ = ["create_app"]
