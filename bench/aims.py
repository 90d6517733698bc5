"""Which of the aims of speed hold, of the figures that `bench.speed` wrote.

    python -m bench.aims speed-100000.json speed-500000.json

Prints a Markdown table with a row for each aim and a column for each size;
what is bold does not hold.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .engines import INDEX_REFERENCE, INDEX_REFERENCE_2, LAYERS, REFERENCE
from .tables import core_of_disk, table

Run = dict[str, Any]

#: What must not be passed; p50 and p95 where there are two.
_QUERIES = (
    ("fihris", "", {
        "or": 0.6, "heavy or": 0.6, "and": 1.0, "phrase": 1.0, "prefix": 0.5, "wildcard": 0.5,
    }),
    (f"fihris {LAYERS}", ", all layers of the lexicon", dict.fromkeys(
        ("single", "or", "heavy or", "and", "phrase", "prefix", "wildcard"), 1.5
    )),
    ("fihris numpy", ", numpy alone", {
        "or": 1.2, "heavy or": 1.2, "and": 1.5, "phrase": 1.5, "prefix": 0.6, "wildcard": 0.6,
    }),
    (f"fihris numpy {LAYERS}", ", all layers, numpy alone", dict.fromkeys(
        ("single", "or", "heavy or", "and", "phrase", "prefix", "wildcard"), 2.5
    )),
)  # fmt: skip
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Aim:
    """What is wished for.

    Attributes:
        name: what is measured.
        most: no figure may be greater.
        figures: those of a run, p50 and p95 or one; raises KeyError where it has none.
        unit: of them; "×" are ratios to tantivy.
    """

    name: str
    most: float
    figures: Callable[[Run], Sequence[float]]
    unit: str = "×"

    def cell(self, run: Run) -> str:
        """What a run says of it."""
        try:
            figures = self.figures(run)
        except KeyError:
            return "–"
        shown = " / ".join(map(_shown, figures))
        return shown if all(round(each, 2) <= self.most for each in figures) else f"**{shown}**"

    def row(self, runs: Sequence[Run]) -> list[str]:
        """The row of the table."""
        most = f"{_shown(self.most)} {self.unit}"
        return [self.name, most, *(self.cell(run) for run in runs)]


def _shown(figure: float) -> str:
    return f"{figure:.2f}" if figure < 10 else f"{figure:.0f}"


def _query(engine: str, kind: str) -> Callable[[Run], Sequence[float]]:
    def figures(run: Run) -> Sequence[float]:
        times = run["queries"]["times"]
        mine, reference = times[engine][kind]["cpu"], times[REFERENCE][kind]["cpu"]
        return [mine[share] / reference[share] for share in ("p50", "p95")]

    return figures


def _cost(part: str, engine: str, reference: str, clock: str) -> Callable[[Run], Sequence[float]]:
    """What indexing or merging takes for a document."""

    def figures(run: Run) -> Sequence[float]:
        mine, other = run[part][engine], run[part][reference]
        return [mine[clock] / mine["documents"] / (other[clock] / other["documents"])]

    return figures


def _disk(run: Run) -> Sequence[float]:
    indexing = run["indexing"]
    mine, other = (core_of_disk(indexing[name]["disk"]) for name in ("fihris", REFERENCE))
    assert mine
    assert other
    return [mine / other]


def _lexicon(run: Run) -> Sequence[float]:
    indexed = run["indexing"]["fihris"]
    return [indexed["disk"]["lexicon"] / indexed["words"]]


def _step(name: str) -> Callable[[Run], Sequence[float]]:
    return lambda run: [run["queries"]["steps"][f"fihris {LAYERS}"][name]["p50"]]


def _opening(clock: str) -> Callable[[Run], Sequence[float]]:
    return lambda run: [1000 * run["queries"]["opening"][f"fihris {LAYERS}"][clock]]


def _path(beginning: str, clock: str) -> Callable[[Run], Sequence[float]]:
    """What the whole path takes for what begins so."""

    def figures(run: Run) -> Sequence[float]:
        for name, times in run["path"]["times"].items():
            if name.startswith(beginning):
                return [times[clock]["p50"]]
        raise KeyError(beginning)

    return figures


AIMS = (
    *(
        Aim(f"{kind}{way}", most, _query(engine, kind))
        for engine, way, kinds in _QUERIES
        for kind, most in kinds.items()
    ),
    Aim("indexing, CPU", 1.3, _cost("indexing", "fihris", INDEX_REFERENCE, "cpu")),
    Aim(
        "indexing, CPU, numpy alone", 2.0,
        _cost("indexing", "fihris indexing numpy", INDEX_REFERENCE, "cpu"),
    ),
    Aim(
        "indexing on two cores, by the clock", 1.0,
        _cost("indexing", "fihris 2 jobs", INDEX_REFERENCE_2, "wall"),
    ),
    Aim("merging, CPU", 1.5, _cost("merging", "fihris", REFERENCE, "cpu")),
    Aim(
        "merging, CPU, numpy alone", 2.0,
        _cost("merging", "fihris indexing numpy", REFERENCE, "cpu"),
    ),
    Aim("postings, positions and dictionary on disk", 1.3, _disk),
    Aim("other tables of the lexicon", 160, _lexicon, "bytes a word"),
    Aim(
        "memory of indexing", 600,
        lambda run: [run["indexing"]["fihris"]["peak_bytes"] / _MEGABYTE], "MB",
    ),
    Aim(
        "memory of a searcher besides mapped files", 250,
        lambda run: [run["path"]["memory"] / _MEGABYTE], "MB",
    ),
    Aim(
        "opening and first query, all layers, by the clock", 120, _opening("wall"), "ms",
    ),
    Aim("the same as the disk was", 120, _opening("first_wall"), "ms"),
    Aim("parsing", 0.3, _step("parse"), "ms"),
    Aim("resolving the words of a query", 0.5, _step("resolve"), "ms"),
    Aim("facets of the most frequent word", 5, _path("facets", "cpu"), "ms"),
    Aim("ten snippets", 10, _path("of it the snippets", "cpu"), "ms"),
    Aim("snippets of a document of a megabyte", 20, _path("snippets of a document", "cpu"), "ms"),
    Aim("`fihris search`, by the clock", 300, _path("`fihris search`", "wall"), "ms"),
)  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", type=Path, nargs="+", help="files of bench.speed")
    options = parser.parse_args(arguments)
    runs = [run for path in options.runs for run in json.loads(path.read_bytes())]
    runs.sort(key=lambda run: run["corpus"]["documents"])
    print(markdown(runs))


def markdown(runs: Sequence[Run]) -> str:
    """The table of some runs."""
    head = ["", "at most", *(f"{run['corpus']['documents']:,} documents" for run in runs)]
    return table(head, (aim.row(runs) for aim in AIMS))


if __name__ == "__main__":
    main()
