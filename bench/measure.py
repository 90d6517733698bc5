"""What one process measures of indexing; `speed` starts a fresh one for each. The result is JSON on
standard output.

    python -m bench.measure index ENGINE SOURCE FOLDER MOST
    python -m bench.measure merge ENGINE SOURCE FOLDER DOCUMENTS
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from .engines import engine

# tantivy merges as soon as it has eight segments of a size, and takes small ones for larger.
_EQUAL = 7


def index(name: str, source: str, folder: str, most: str) -> dict[str, Any]:
    """Indexes a collection: seconds, peak memory, disk. `most` is "" for all documents."""
    indexer = engine(name)
    wall = time.perf_counter()
    figures = indexer.index(Path(source), Path(folder), int(most) if most else None)
    wall = time.perf_counter() - wall
    mine, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in (mine, others))
    # Kilobytes on Linux; of the larger of the processes.
    peak = max(mine.ru_maxrss, others.ru_maxrss) * 1024
    return {
        "wall": wall, "cpu": cpu, "peak_bytes": peak, "disk": indexer.disk(Path(folder)), **figures
    }  # fmt: skip


def merge(name: str, source: str, folder: str, documents: str) -> dict[str, Any]:
    """Makes several segments of equal size, and one of a single document, and merges all of them:
    the seconds of the merging alone, and the peak memory of both."""
    indexer = engine(name)
    indexer.segments(Path(source), Path(folder), [*[int(documents) // _EQUAL] * _EQUAL, 1])
    wall, cpu = time.perf_counter(), time.process_time()
    segments = indexer.merge()
    return {
        "documents": int(documents),
        "segments": segments,
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


if __name__ == "__main__":
    task = {"index": index, "merge": merge}[sys.argv[1]]
    json.dump(task(*sys.argv[2:]), sys.stdout)
