"""How fast Fihris is beside other engines, in one run on the same collection and queries.

    python -m bench.speed --documents 20000 --documents 100000 --out speed.json

Prints Markdown tables; `--out` gets all figures as JSON, for `bench.plots`. Every indexing runs in
a process of its own, one after another; queries of all engines run turn about.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Mapping
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fihris.indexer import compiled

from . import rounds
from .engines import ENGINES, INDEX_REFERENCE, REFERENCE, Entry, engine
from .machine import machine
from .tables import markdown

DATA = Path(__file__).parent / "data"
#: What merging is measured on; tantivy would not merge larger segments with a small one.
_MERGED = 80_000
#: How often at most: a few seconds once tell more of the machine's hour than of an engine.
_MERGINGS = 3
#: What cannot be left out.
_NEEDED = ("fihris", "fihris all", REFERENCE, INDEX_REFERENCE)


def main(arguments: list[str] | None = None) -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--documents", type=int, action="append", metavar="N", help="size of the collection; "
        "several are measured one after another  [default: 20000]",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write all figures to this file, as JSON")
    others = sorted(set(ENGINES) - set(_NEEDED))
    parser.add_argument(
        "--without", action="append", default=[], choices=others, metavar="ENGINE",
        help=f"leave out: {', '.join(others)}",
    )  # fmt: skip
    parser.add_argument(
        "--reuse", action="store_true",
        help="search the indexes of the last run of this size, and index nothing that is there",
    )  # fmt: skip
    parser.add_argument(
        "--rounds", type=int, default=7, help="how often each query is run  [default: 7]"
    )
    parser.add_argument("--data", type=Path, default=DATA, help="keep collections and indexes here")
    options = parser.parse_args(arguments)
    runs = []
    for documents in options.documents or [20_000]:
        inputs = _Inputs(options.data, documents, options.seed)
        runs.append(_measured(inputs, options))
        print(markdown(runs[-1]), flush=True)
        if options.out:
            options.out.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")


class _Inputs:
    """The collection, the same cut into words, and the queries; made when not there yet.

    Attributes:
        indexes: the folder of the indexes of this collection.
    """

    def __init__(self, data: Path, documents: int, seed: int) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.documents, self.seed = documents, seed
        self.corpus = data / f"corpus-{documents}-{seed}.jsonl"
        self.words = data / f"words-{documents}-{seed}.tsv"
        self.queries = data / f"queries-{documents}-{seed}.tsv"
        self.indexes = data / f"indexes-{documents}-{seed}"
        self.indexes.mkdir(exist_ok=True)
        size = ["--documents", str(documents), "--seed", str(seed)]
        if not self.corpus.exists():
            _say(f"making {self.corpus.name}")
            _run("corpus", *size, self.corpus)
        if not self.words.exists():
            _say(f"making {self.words.name}")
            _run("given", self.corpus, self.words)
        _say(f"making {self.queries.name}")
        _run("queries", "--seed", str(seed), self.corpus, self.queries)

    def source(self, entry: Entry) -> Path:
        """What an engine indexes."""
        return self.corpus if entry.raw else self.words

    def told(self) -> dict[str, Any]:
        """What figures are of."""
        checksum = 0
        with self.corpus.open("rb") as opened:
            while piece := opened.read(1 << 20):
                checksum = zlib.crc32(piece, checksum)
        return {
            "documents": self.documents, "seed": self.seed,
            "bytes": self.corpus.stat().st_size, "checksum": f"{checksum:08x}",
        }  # fmt: skip


def _measured(inputs: _Inputs, options: argparse.Namespace) -> dict[str, Any]:
    names, left_out = _chosen(inputs.documents, options.without)
    results: dict[str, Any] = {
        "machine": machine(), "corpus": inputs.told(), "left_out": left_out
    }  # fmt: skip
    results["indexing"] = {
        name: _indexed(name, inputs, options.reuse)
        for name in names
        if ENGINES[name].index_of == name
    }
    results["merging"] = _merging(
        [name for name in ("fihris", "fihris indexing numpy", REFERENCE) if name in names],
        inputs, min(_MERGINGS, options.rounds),
    )  # fmt: skip
    _say("running queries")
    searched = [name for name in names if ENGINES[name].searches]
    results["queries"] = rounds.measured(inputs.indexes, inputs.queries, searched, options.rounds)
    _say("measuring the whole path")
    arguments = inputs.indexes / "fihris", inputs.queries
    results["path"] = json.loads(_run("journey", *arguments))
    results["machine"]["load_after"] = os.getloadavg()
    return results


def _chosen(documents: int, without: list[str]) -> tuple[list[str], dict[str, str]]:
    """The engines that can be measured, and why the others cannot."""
    names, left_out = [], {}
    for name, entry in ENGINES.items():
        if name in without or entry.index_of in without:
            left_out[name] = "left out on demand"
        elif entry.most and not entry.raw and documents > entry.most:
            left_out[name] = f"measured with {entry.most:,} documents at most"
        elif entry.numpy and compiled.kernels is None:
            left_out[name] = "nothing is compiled in this installation"
        else:
            try:
                engine(name)
            except ImportError as error:
                left_out[name] = str(error)
            else:
                names.append(name)
    for name, reason in left_out.items():
        _say(f"without {name}: {reason}")
    return names, left_out


def _indexed(name: str, inputs: _Inputs, reuse: bool) -> dict[str, Any]:
    """Figures of indexing; the index stays when it is searched. What is given words says nothing
    by its time, so its index is made once."""
    entry, folder = ENGINES[name], inputs.indexes / name
    figures = folder.with_suffix(".json")
    if figures.exists() and folder.exists() and (reuse or not entry.raw):
        return json.loads(figures.read_bytes())
    shutil.rmtree(folder, ignore_errors=True)
    _say(f"indexing with {name}")
    most = str(entry.most or "") if entry.raw else ""
    arguments = "measure", "index", name, inputs.source(entry), folder, most
    found = _run(*arguments, environment=entry.environment)
    figures.write_bytes(found)
    if not entry.searches:
        shutil.rmtree(folder)
    return json.loads(found)


def _merging(names: list[str], inputs: _Inputs, rounds: int) -> dict[str, Any]:
    """Of each engine the run of the median CPU time, of so many in turn."""
    runs = [{name: _merged(name, inputs) for name in names} for _ in range(rounds)]
    return {
        name: sorted((run[name] for run in runs), key=itemgetter("cpu"))[rounds // 2]
        for name in names
    }


def _merged(name: str, inputs: _Inputs) -> dict[str, Any]:
    _say(f"merging with {name}")
    documents = str(min(inputs.documents, _MERGED))
    folder = inputs.indexes / f"{name} merged"
    shutil.rmtree(folder, ignore_errors=True)
    entry = ENGINES[name]
    arguments = "measure", "merge", name, inputs.source(entry), folder, documents
    found = _run(*arguments, environment=entry.environment)
    shutil.rmtree(folder)
    return json.loads(found)


def _run(
    module: str, *arguments: str | Path, environment: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """What a module of the benchmark prints, in a process of its own: what a process has used
    counts as used by those that it starts."""
    command = [sys.executable, "-m", f"{__package__}.{module}", *map(str, arguments)]
    environment = {**os.environ, **environment}
    return subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True).stdout


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
