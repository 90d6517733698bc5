"""The compiled kernels, where they were built when Fihris was installed.

They are twins of numpy code that stands beside each call: the same results to the last bit, sooner.
Nothing needs them. FIHRIS_COMPILED=0 in the environment leaves them unused.
"""

from __future__ import annotations

import os

WANTED = os.environ.get("FIHRIS_COMPILED", "1") != "0"

try:
    from . import _kernels
except ImportError:  # no compiler was at hand
    _kernels = None

kernels = _kernels if WANTED else None
