"""What a small commit costs, and how many segments thousands of them leave.

    python -m bench.commits INDEX...              commits of one document into copies of indexes
    python -m bench.commits --many 10000          so many into an empty one
    python -m bench.commits --out commits.json …  the figures, for `bench.plots`

CPU time tells the work; on the wall clock most of a commit is waiting for the disk.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fihris.indexer import Document, Index

from .corpus import documents
from .rounds import percentiles

#: So many commits of a document each are timed.
COMMITS = 40


def main(arguments: list[str] | None = None) -> None:
    """Measures and prints Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--many", type=int, default=0, metavar="N")
    parser.add_argument("--out", type=Path, help="write the figures to this file, as JSON")
    parser.add_argument("indexes", type=Path, nargs="*", metavar="INDEX")
    options = parser.parse_args(arguments)
    found: dict[str, Any] = {"into": [into(index) for index in options.indexes]}
    if options.many:
        found["many"] = many(options.many)
    if options.out:
        options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print("| a commit of one document into | CPU ms p50 / p95 | wall ms p50 / p95 |")
    print("| --- | ---: | ---: |")
    for run in found["into"]:
        cells = ("{p50:.1f} / {p95:.1f}".format(**run[clock]) for clock in ("cpu", "wall"))
        print(f"| {run['documents']:,} documents | {' | '.join(cells)} |")
    for state in found.get("many", ()):
        print(
            "\nafter {commits:,} commits {segments} segments, {cpu_ms:.1f} ms each".format(**state)
        )


def into(index: Path) -> dict[str, Any]:
    """Commits single documents into a copy of an index, which shares its files."""
    with tempfile.TemporaryDirectory(dir=index.parent) as folder:
        copy = Path(folder) / "index"
        shutil.copytree(index, copy, copy_function=os.link)
        opened = Index.open(copy)
        times = list(_commits(opened, COMMITS))
        return {
            "documents": sum(info.documents for info in opened.commit_record().segments) - COMMITS,
            "cpu": percentiles([cpu for cpu, _ in times]),
            "wall": percentiles([wall for _, wall in times]),
        }


def many(count: int) -> list[dict[str, Any]]:
    """Commits single documents into an empty index; now and then how many segments there are, the
    most that there were since, and the CPU milliseconds of a commit since."""
    states = []
    with tempfile.TemporaryDirectory() as folder, Index.create(Path(folder) / "index") as index:
        spent, most, told = 0.0, 0, 0
        for number, (cpu, _) in enumerate(_commits(index, count), 1):
            spent += cpu
            most = max(most, len(index.commit_record().segments))
            if number % max(1, count // 10) == 0:
                states.append({
                    "commits": number, "segments": most,
                    "cpu_ms": 1000 * spent / (number - told),
                })  # fmt: skip
                spent, most, told = 0.0, 0, number
    return states


def _commits(index: Index, count: int) -> Iterator[tuple[float, float]]:
    """The CPU and wall seconds of each of some commits of a document."""
    for record in documents(count, seed=2):
        document = Document(
            id=f"new {record['id']}",
            title=record["title"],
            text=record["text"],
            date=record["date"],
        )
        wall, cpu = time.perf_counter(), time.process_time()
        with index.writer() as writer:
            writer.add(document)
        yield time.process_time() - cpu, time.perf_counter() - wall


if __name__ == "__main__":
    main()
