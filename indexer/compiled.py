"""The compiled kernels, where they were built when Fihris was installed.

They are twins of numpy code that stands beside each call: the same results to the last bit, sooner.
Nothing needs them. FIHRIS_COMPILED=0 in the environment leaves them unused.
"""

from __future__ import annotations

import os
import sys
import warnings
from types import ModuleType

_HERE = os.path.dirname(__file__)  # noqa: PTH120 (pathlib takes longer than all that is done here)
_VARIABLE = "FIHRIS_COMPILED"

try:
    from . import _kernels
except ImportError:  # no compiler was at hand
    _kernels = None


def are_current(module: ModuleType | None, *sources: str) -> bool:
    """Whether there are compiled kernels, and no source of theirs is newer: as make sees it.

    Python is used where it lies if it was installed with --editable, and kernels stay as they were
    built; those of before `git pull` may be called with what they do not know.

    Args:
        sources: folders, which are nowhere but in such an installation.
    """
    if module is None:
        return False
    built = os.stat(module.__file__ or "").st_mtime_ns  # noqa: PTH116
    for folder in filter(os.path.isdir, sources):
        with os.scandir(folder) as files:
            sources_there = (each for each in files if each.name.endswith((".c", ".h")))
            if any(each.stat().st_mtime_ns > built for each in sources_there):
                break
    else:
        return True
    # What this process starts need not tell it once more.
    os.environ[_VARIABLE] = "0"
    warnings.warn(
        "the compiled kernels are older than their sources and left unused, which takes longer; "
        f"run: {sys.executable} -m pip install --editable {os.path.dirname(_HERE)}",  # noqa: PTH120
        RuntimeWarning,
        stacklevel=2,
    )
    return False


#: The folder of their sources.
SOURCES = os.path.join(_HERE, "kernels")  # noqa: PTH118
_wanted = os.environ.get(_VARIABLE, "1") != "0"
kernels = _kernels if _wanted and are_current(_kernels, SOURCES) else None
