"""Plots of growth with size, from what `speed` and `commits` wrote.

    python -m bench.plots speed.json ... --commits commits.json --out docs/images

Both axes are logarithmic: what grows in proportion to the documents is as steep as the dotted line.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
# Letters as letters, so that the pictures stay small and can be searched; equal files each time.
mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "fihris", "font.size": 9})

import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.ticker import FuncFormatter, NullFormatter  # noqa: E402

from .engines import INDEX_REFERENCE, REFERENCE  # noqa: E402

Series = dict[str, list[tuple[float, float]]]

_COLOURS = {
    "Fihris": "#b3261e", "Fihris without compiled kernels": "#e08a00", "tantivy": "#1f5fa8",
    "Lucene": "#4a8f3c", "SQLite FTS5": "#7a7a7a", "bm25s": "#8455a8",
}  # fmt: skip
_ENGINES = {
    "fihris": "Fihris", "fihris numpy": "Fihris without compiled kernels", REFERENCE: "tantivy",
    "lucene": "Lucene", "sqlite": "SQLite FTS5", "bm25s": "bm25s",
}  # fmt: skip
_INDEXERS = {
    "fihris": "Fihris", "fihris indexing numpy": "Fihris without compiled kernels",
    INDEX_REFERENCE: "tantivy",
}  # fmt: skip
_MEGABYTE = 1_000_000


def main(arguments: list[str] | None = None) -> None:
    """Draws the plots."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", type=Path, nargs="+", help="files of bench.speed")
    parser.add_argument("--commits", type=Path, help="a file of bench.commits")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    options = parser.parse_args(arguments)
    runs = [run for path in options.runs for run in json.loads(path.read_bytes())]
    runs.sort(key=lambda run: run["corpus"]["documents"])
    options.out.mkdir(parents=True, exist_ok=True)
    _queries(runs, options.out / "speed-queries.svg")
    commits = json.loads(options.commits.read_bytes()) if options.commits else {"into": []}
    _growth(runs, commits, options.out / "speed-growth.svg")


def _queries(runs: list[dict[str, Any]], path: Path) -> None:
    """A picture for each kind of query, and one for queries as users ask them."""
    kinds = list(runs[0]["queries"]["times"][REFERENCE])

    def of_kind(name: str, kind: str) -> Callable[[dict[str, Any]], Any]:
        return lambda run: run["queries"]["times"][name][kind]["cpu"]["p50"]

    pictures = {
        kind: _series(runs, {_ENGINES[name]: of_kind(name, kind) for name in _ENGINES})
        for kind in kinds
    }
    pictures["or, all layers of the lexicon"] = _series(
        runs,
        {
            "Fihris": of_kind("fihris layers", "or"),
            "Fihris without compiled kernels": of_kind("fihris numpy layers", "or"),
            "tantivy": of_kind(REFERENCE, "or"),
        },
    )
    pictures["or, and the best looked at closely"] = _series(
        runs,
        {
            "Fihris": of_kind("fihris all", "or"),
            "Fihris without compiled kernels": of_kind("fihris numpy all", "or"),
            "tantivy": of_kind(REFERENCE, "or"),
        },
    )
    _drawn(pictures, "CPU ms a query, median", path, columns=4)


def _growth(runs: list[dict[str, Any]], commits: dict[str, Any], path: Path) -> None:
    def indexing(name: str, figure: Callable[[dict[str, Any]], float]) -> Any:
        return lambda run: figure(run["indexing"][name])

    def each(figure: Callable[[dict[str, Any]], float], names: dict[str, str]) -> Series:
        return _series(runs, {names[name]: indexing(name, figure) for name in names})

    def path_of(name: str) -> Series:
        """A row of the whole path; Fihris alone."""
        return _series(
            runs,
            {
                "Fihris": lambda run: next(
                    figures["cpu"]["p50"]
                    for row, figures in run["path"]["times"].items()
                    if row.startswith(name)
                )
            },
        )

    pictures = {
        "indexing raw text, CPU s": each(lambda run: run["cpu"], _INDEXERS),
        "indexing, peak memory in MB": each(lambda run: run["peak_bytes"] / _MEGABYTE, _INDEXERS),
        "disk without stored text, MB": each(
            lambda run: (sum(run["disk"].values()) - run["disk"]["stored text"]) / _MEGABYTE,
            {"fihris": "Fihris", REFERENCE: "tantivy"},
        ),
        "opening and first query, CPU ms": _series(
            runs,
            {
                label: lambda run, name=name: 1000 * run["queries"]["opening"][name]["cpu"]
                for name, label in (("fihris all", "Fihris"), (REFERENCE, "tantivy"))
            },
        ),
        "memory of a searcher, MB": _series(
            runs, {"Fihris": lambda run: run["path"]["memory"] / _MEGABYTE}
        ),
        "text to ten hits with snippets, CPU ms": path_of("query to ten hits"),
        "fihris search from process start, CPU ms": path_of("`fihris search`"),
        "commit of one document, CPU ms": {
            "Fihris": [(run["documents"], run["cpu"]["p50"]) for run in commits["into"]]
        },
    }
    _drawn({name: each for name, each in pictures.items() if any(each.values())}, "", path, 4)


def _series(
    runs: list[dict[str, Any]], figures: dict[str, Callable[[dict[str, Any]], Any]]
) -> Series:
    """For each label the sizes and figures of the runs that have it."""
    found: Series = {}
    for label, figure in figures.items():
        found[label] = []
        for run in runs:
            try:
                found[label].append((run["corpus"]["documents"], figure(run)))
            except KeyError:  # this run was without that engine, or the engine has no such queries
                continue
    return {label: points for label, points in found.items() if points}


def _drawn(pictures: dict[str, Series], unit: str, path: Path, columns: int) -> None:
    rows = -(-len(pictures) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(3 * columns, 2.5 * rows), squeeze=False)
    for place, (title, series) in zip(axes.flat, pictures.items(), strict=False):
        _picture(place, title, series, unit)
    for place in list(axes.flat)[len(pictures) :]:
        place.set_visible(False)
    lines = {line.get_label(): line for place in axes.flat for line in place.get_lines()}
    labels = [*(label for label in _COLOURS if label in lines), "in proportion to the documents"]
    figure.legend(
        [lines[label] for label in labels], labels, loc="upper center", ncols=4, frameon=False
    )
    # Two lines for the legend above the pictures.
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.5 / (2.5 * rows)))
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _picture(axes: Axes, title: str, series: Series, unit: str) -> None:
    for label, points in series.items():
        sizes, figures = zip(*points, strict=True)
        axes.plot(
            sizes, figures, "o-", color=_COLOURS[label], markersize=3, linewidth=1.2, label=label
        )
    first = next(iter(series.values()))
    (begin, start), end = first[0], first[-1][0]
    axes.plot(
        (begin, end), (start, start * end / begin), ":", color="#999999", linewidth=1,
        label="in proportion to the documents",
    )  # fmt: skip
    axes.set_title(title, fontsize=9)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("documents")
    axes.set_ylabel(unit)
    axes.set_xticks([size for size, _ in first])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda size, _: _thousands(size)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda figure, _: f"{figure:g}"))
    _several_ticks(axes, (figure for points in series.values() for _, figure in points))
    axes.grid(visible=True, color="#eeeeee")


def _several_ticks(axes: Axes, figures: Iterable[float]) -> None:
    """Where all figures are of one power of ten, the minor ticks have numbers too."""
    figures = list(figures)
    narrow = max(figures) < 20 * min(figures)
    shown = FuncFormatter(lambda figure, _: f"{figure:g}" if f"{figure:.0e}"[0] in "25" else "")
    axes.yaxis.set_minor_formatter(shown if narrow else NullFormatter())


def _thousands(size: float) -> str:
    return f"{size / 1_000_000:g} M" if size >= 1_000_000 else f"{size / 1000:g} k"


if __name__ == "__main__":
    main()
