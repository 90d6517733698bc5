"""The machine and the versions that figures were measured with."""

from __future__ import annotations

import importlib
import os
import platform
import sqlite3
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fihris.indexer import compiled

_PACKAGES = ("numpy", "whoosh", "tantivy", "bm25s", "wordfreq", "PyStemmer", "regex")


def machine() -> dict[str, Any]:
    """Processor, system and versions; how busy it is now."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return {
        "processor": next(models, platform.processor()),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "compiled": compiled.kernels is not None,
        "versions": _versions(),
        "load_before": os.getloadavg(),
    }


def _versions() -> dict[str, str]:
    found = {"sqlite": sqlite3.sqlite_version}
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    with suppress(ImportError):
        found["lucene"] = (
            importlib.import_module(".engines.with_lucene", __package__).Lucene().version
        )
    return found
