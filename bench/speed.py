"""How fast Fihris is beside other engines, in one run on the same collection and queries.

    python -m bench.speed --documents 100000 --out speed.json

Prints Markdown tables; `--out` gets all figures as JSON. Every indexing runs in a process of its
own, one after another; queries of all engines run in one process, turn about.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .engines import ENGINES, REFERENCE
from .tables import markdown

_PACKAGES = ("numpy", "whoosh", "tantivy", "wordfreq", "PyStemmer", "regex")
_SEARCHED = ("fihris", "fihris all layers", REFERENCE)
DATA = Path(__file__).parent / "data"


def main(arguments: list[str] | None = None) -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=20_000, help="size of the collection")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write all figures to this file, as JSON")
    parser.add_argument(
        "--without", action="append", default=[], choices=sorted(set(ENGINES) - set(_SEARCHED)),
        metavar="ENGINE", help=f"leave out: {', '.join(sorted(set(ENGINES) - set(_SEARCHED)))}",
    )  # fmt: skip
    parser.add_argument(
        "--data", type=Path, default=DATA, help="keep collections here, for the next run"
    )
    options = parser.parse_args(arguments)
    file, asked = _inputs(options.data, options.documents, options.seed)
    names = [name for name in ENGINES if name not in options.without]
    with tempfile.TemporaryDirectory(dir=options.data) as folder:
        results = {
            "machine": _machine(),
            "corpus": {
                "documents": options.documents, "seed": options.seed,
                "bytes": file.stat().st_size, "checksum": _checksum(file),
            },
            **_measured(names, file, asked, Path(folder)),
        }  # fmt: skip
        results["machine"]["load_after"] = os.getloadavg()
    if options.out:
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(markdown(results))


def _inputs(data: Path, documents: int, seed: int) -> tuple[Path, Path]:
    """The collection and its queries, made when they are not there yet."""
    data.mkdir(parents=True, exist_ok=True)
    file = data / f"corpus-{documents}-{seed}.jsonl"
    asked = file.with_name(f"queries-{documents}-{seed}.json")
    # In processes of their own, as all the rest: what a process has used counts as used by those
    # that it starts.
    if not file.exists():
        _say(f"making {file.name}")
        size = ["--documents", str(documents), "--seed", str(seed)]
        _run("corpus", *size, file)
    _say(f"making {asked.name}")
    _run("queries", "--seed", str(seed), file, asked)
    return file, asked


def _measured(names: list[str], file: Path, asked: Path, folder: Path) -> dict[str, Any]:
    indexing, cold = {}, {}
    for name in names:
        if ENGINES[name].index_of == name:
            _say(f"indexing with {name}")
            indexing[name] = _in_process("index", name, file, folder / name)
            if not ENGINES[name].searches:
                shutil.rmtree(folder / name)
    searched = [name for name in names if ENGINES[name].searches]
    for name in searched:
        _say(f"opening with {name}")
        cold[name] = _in_process("cold", name, folder / ENGINES[name].index_of, asked)
    _say("running queries")
    return {
        "indexing": indexing,
        "cold": cold,
        "queries": _in_process("queries", folder, asked, *searched),
    }


def _in_process(*arguments: str | Path) -> Any:
    """What `measure` found."""
    return json.loads(_run("measure", *arguments))


def _run(module: str, *arguments: str | Path) -> bytes:
    command = [sys.executable, "-m", f"{__package__}.{module}", *map(str, arguments)]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def _machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return {
        "processor": next(models, platform.processor()),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {package: version(package) for package in _PACKAGES},
        "load_before": os.getloadavg(),
    }


def _checksum(file: Path) -> str:
    checksum = 0
    with file.open("rb") as opened:
        while piece := opened.read(1 << 20):
            checksum = zlib.crc32(piece, checksum)
    return f"{checksum:08x}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
