"""The compiled kernels of the search, where they were built (see `fihris.indexer.compiled`)."""

from __future__ import annotations

import os

from ..indexer import compiled as indexer

try:
    from . import _kernels
except ImportError:  # no compiler was at hand
    _kernels = None

_SOURCES = os.path.join(os.path.dirname(__file__), "kernels")  # noqa: PTH118, PTH120

# They are given what those of the indexer hold, and contain some of their sources.
_usable = indexer.kernels and indexer.are_current(_kernels, _SOURCES, indexer.SOURCES)
kernels = _kernels if _usable else None
