"""The compiled kernels of the search, where they were built (see `fihris.indexer.compiled`)."""

from __future__ import annotations

from ..indexer.compiled import WANTED

try:
    from . import _kernels
except ImportError:  # no compiler was at hand
    _kernels = None

kernels = _kernels if WANTED else None
