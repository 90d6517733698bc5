"""The figures of one run of `speed` as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .engines import ALL, ENGINES, INDEX_REFERENCE, INDEX_REFERENCE_2, LAYERS, REFERENCE

_MEGABYTE = 1_000_000
_CLOCKS = {"cpu": "CPU", "wall": "wall"}
_ROWS = {
    "": "{}",
    LAYERS: "{}, all layers of the lexicon",
    ALL: "{}, and the best looked at closely",
}
_SHARES = ("p50", "p95", "p99")


def markdown(results: dict[str, Any]) -> str:
    """All tables of a run."""
    parts = [
        _conditions(results),
        _indexing(results["indexing"]),
        _disk(results["indexing"]),
        _merging(results["merging"]),
        _queries(results["queries"]["times"]),
        _answers(results["queries"]["answers"]),
        _opening(results["queries"]),
        _path(results["path"]),
    ]
    return "\n\n".join(parts)


def _conditions(results: dict[str, Any]) -> str:
    machine, corpus = results["machine"], results["corpus"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    told = (
        f"{corpus['documents']:,} documents (seed {corpus['seed']}, {corpus['bytes']:,} bytes, "
        f"crc32 {corpus['checksum']}); {machine['processor']}, {machine['cores']} cores, "
        f"{machine['system']}, Python {machine['python']}, {versions}; load before and after "
        f"{machine['load_before'][0]:.1f} and {machine['load_after'][0]:.1f}."
    )
    without = "; ".join(f"{name}: {reason}" for name, reason in results["left_out"].items())
    return f"{told} Without {without}." if without else told


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is of words, the others of figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _indexing(indexing: dict[str, Any]) -> str:
    head = [
        "indexing raw text", "documents", "documents/s (CPU)", "(wall)",
        f"CPU to {INDEX_REFERENCE}", f"wall to {INDEX_REFERENCE_2}", "CPU of Whoosh to it",
        "peak MB", "segments",
    ]  # fmt: skip
    seconds = {
        clock: {name: run[clock] / run["documents"] for name, run in indexing.items()}
        for clock in _CLOCKS
    }
    cpu, wall = seconds["cpu"], seconds["wall"]
    rows = [
        [
            name,
            f"{run['documents']:,}",
            f"{1 / cpu[name]:,.0f}",
            f"{1 / wall[name]:,.0f}",
            _ratio(cpu[name], cpu.get(INDEX_REFERENCE)),
            _ratio(wall[name], wall.get(INDEX_REFERENCE_2)),
            _ratio(cpu.get("whoosh"), cpu[name]),
            f"{run['peak_bytes'] / _MEGABYTE:.0f}",
            str(run["segments"]),
        ]
        for name, run in indexing.items()
        if ENGINES[name].raw
    ]
    return table(head, rows)


def _disk(indexing: dict[str, Any]) -> str:
    kinds = ("postings", "dictionary", "lexicon", "stored text", "other")
    head = [
        "disk, MB", *kinds, f"postings and dictionary to {REFERENCE}", "lexicon, bytes a word"
    ]  # fmt: skip
    core = {name: core_of_disk(run["disk"]) for name, run in indexing.items()}
    rows = []
    for name, run in indexing.items():
        if not ENGINES[name].searches:
            continue
        disk = run["disk"]
        words, lexicon = run.get("words"), disk.get("lexicon")
        rows.append([
            name,
            *(f"{disk[kind] / _MEGABYTE:.1f}" if kind in disk else "–" for kind in kinds),
            _ratio(core[name], core.get(REFERENCE)),
            f"{lexicon / words:.0f}" if lexicon and words else "–",
        ])  # fmt: skip
    return table(head, rows)


def core_of_disk(disk: dict[str, int]) -> int | None:
    """What any index must have: postings with positions, and the dictionary."""
    return disk["postings"] + disk["dictionary"] if "dictionary" in disk else None


def _merging(merging: dict[str, Any]) -> str:
    head = ["merging all segments into one", "documents", "segments", "CPU s", "wall s", "peak MB",
            f"CPU to {REFERENCE}"]  # fmt: skip
    reference = merging.get(REFERENCE, {}).get("cpu")
    return table(
        head,
        (
            [
                name, f"{run['documents']:,}", str(run["segments"]), f"{run['cpu']:.2f}",
                f"{run['wall']:.2f}", f"{run['peak_bytes'] / _MEGABYTE:.0f}",
                _ratio(run["cpu"], reference),
            ]
            for name, run in merging.items()
        ),
    )  # fmt: skip


def _queries(times: dict[str, Any]) -> str:
    """A row for each kind of query and way to search, a column for each program."""
    placed = {(ENGINES[name].column, ENGINES[name].rows): name for name in times}
    columns = list(dict.fromkeys(column for column, _ in placed))
    head = [f"query, CPU ms p50 / p95 / p99 (× {REFERENCE}); wall p50", *columns]
    rows = []
    for layers, label in _ROWS.items():
        if not any(row == layers for _, row in placed):
            continue
        for kind, reference in times[REFERENCE].items():
            names = (placed.get((column, layers), "") for column in columns)
            cells = (_cell(times.get(name, {}).get(kind), reference) for name in names)
            rows.append([label.format(kind), *cells])
    return table(head, rows)


def _cell(mine: dict[str, Any] | None, reference: dict[str, Any]) -> str:
    if not mine:
        return "–"
    cpu, wall = mine["cpu"], mine["wall"]
    shown = " / ".join(f"{cpu[share]:.3g}" for share in _SHARES)
    if mine is not reference:
        ratios = (_ratio(cpu[share], reference["cpu"][share]) for share in _SHARES)
        shown += f" (× {' / '.join(ratios)})"
    return f"{shown}; {wall['p50']:.3g}"


def _answers(answers: dict[str, Any]) -> str:
    others = [name for name in answers if name != REFERENCE]
    head = [f"answers beside {REFERENCE}: ten best shared, equal totals, mean total", *others]
    rows = []
    for kind, reference in answers[REFERENCE].items():
        shown = (_likeness(answers[name].get(kind)) for name in others)
        rows.append([f"{kind} ({reference['mean_total']:,.0f})", *shown])
    return table(head, rows)


def _likeness(found: dict[str, float] | None) -> str:
    if not found:
        return "–"
    shared = f"{found['overlap']:.0%}"
    if "mean_total" not in found:
        return shared
    return f"{shared}, {found['equal_totals']:.0%}, {found['mean_total']:,.0f}"


def _opening(queries: dict[str, Any]) -> str:
    head = ["before queries", "open and first query, wall ms", "as the disk was", "CPU ms",
            "memory besides mapped MB",
            "parsing, CPU ms p50 / p95", "resolving words, CPU ms p50 / p95"]  # fmt: skip
    rows = []
    for name, run in queries["opening"].items():
        memory, steps = queries["memory"][name], queries["steps"].get(name, {})
        rows.append([
            name,
            f"{1000 * run['wall']:.1f}",
            f"{1000 * run['first_wall']:.1f}",
            f"{1000 * run['cpu']:.1f}",
            f"{memory / _MEGABYTE:.0f}" if memory else "–",
            *(
                "{p50:.3f} / {p95:.3f}".format(**steps[step]) if step in steps else "–"
                for step in ("parse", "resolve")
            ),
        ])  # fmt: skip
    return table(head, rows)


def _path(path: dict[str, Any]) -> str:
    head = ["the whole path, ms p50 / p95", *_CLOCKS.values()]
    rows = [
        [name, *("{p50:.1f} / {p95:.1f}".format(**figures[clock]) for clock in _CLOCKS)]
        for name, figures in path["times"].items()
    ]
    if memory := path["memory"]:
        rows.append(
            ["memory of a searcher besides mapped files", f"{memory / _MEGABYTE:.0f} MB", ""]
        )
    return table(head, rows)


def _ratio(one: float | None, other: float | None) -> str:
    return f"{one / other:.2f}" if one and other else "–"
