"""The figures of `speed` as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .engines import ENGINES, INDEX_REFERENCE, REFERENCE

_MEGABYTE = 1_000_000


def markdown(results: dict[str, Any]) -> str:
    """All tables of a run."""
    machine, corpus = results["machine"], results["corpus"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    parts = [
        f"{corpus['documents']:,} documents (seed {corpus['seed']}, {corpus['bytes']:,} bytes, "
        f"crc32 {corpus['checksum']}); {machine['processor']}, {machine['cores']} cores, "
        f"{machine['system']}, Python {machine['python']}, {versions}; load before and after "
        f"{machine['load_before'][0]:.1f} and {machine['load_after'][0]:.1f}.",
        _indexing(results["indexing"]),
        _queries(results["queries"]["times"]),
        _answers(results["queries"]["answers"]),
        _starting(results),
    ]
    return "\n\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _indexing(indexing: dict[str, Any]) -> str:
    head = [
        "indexing raw text", "documents", "documents/s (CPU)", "(wall)", "speed to Whoosh",
        "CPU to tantivy stemmers", "peak MB", "segments", "stored text MB", "postings MB",
        "lexicon MB", "other MB",
    ]  # fmt: skip
    rates = {name: run["documents"] / run["cpu"] for name, run in indexing.items()}
    rows = []
    for name, run in indexing.items():
        raw = ENGINES[name].raw
        disk = {kind: f"{size / _MEGABYTE:.1f}" for kind, size in run["disk"].items()}
        rows.append([
            name if raw else f"{name} (words given)",
            f"{run['documents']:,}",
            f"{rates[name]:,.0f}" if raw else "–",
            f"{run['documents'] / run['wall']:,.0f}" if raw else "–",
            _ratio(rates[name], rates.get("whoosh")) if raw else "–",
            _ratio(rates.get(INDEX_REFERENCE), rates[name]) if raw else "–",
            f"{run['peak_bytes'] / _MEGABYTE:.0f}",
            str(run["segments"]),
            *(disk.get(kind, "–") for kind in ("stored text", "postings", "lexicon", "other")),
        ])  # fmt: skip
    return _table(head, rows)


def _queries(times: dict[str, Any]) -> str:
    head = ["query, CPU ms p50 / p95", *times]
    rows = []
    for kind in times[REFERENCE]:
        row = [kind]
        reference = times[REFERENCE][kind]["cpu"]
        for name in times:
            mine = times[name][kind]["cpu"]
            cell = _both(mine)
            if name != REFERENCE:
                cell += f" (× {_ratio(mine['p50'], reference['p50'])}"
                cell += f" / {_ratio(mine['p95'], reference['p95'])})"
            row.append(cell)
        rows.append(row)
    return _table(head, rows)


def _answers(answers: dict[str, Any]) -> str:
    others = [name for name in answers if name != REFERENCE]
    head = [f"answers beside {REFERENCE}: ten best shared, equal totals, mean total", *others]
    rows = []
    for kind in answers[REFERENCE]:
        cells = (answers[name][kind] for name in others)
        shown = (
            f"{c['overlap']:.0%}, {c['equal_totals']:.0%}, {c['mean_total']:,.0f}" for c in cells
        )
        rows.append([f"{kind} ({answers[REFERENCE][kind]['mean_total']:,.0f})", *shown])
    return _table(head, rows)


def _starting(results: dict[str, Any]) -> str:
    rows = [
        [f"open and first query, {name}", f"{1000 * run['wall']:.1f}", f"{1000 * run['cpu']:.1f}"]
        for name, run in results["cold"].items()
    ]
    rows += [
        [
            f"{step} a query, fihris, p50 / p95",
            "–",
            "{p50:.3f} / {p95:.3f}".format(**figures["cpu"]),
        ]
        for step, figures in results["queries"]["steps"].items()
    ]
    return _table(["besides", "wall ms", "CPU ms"], rows)


def _both(figures: dict[str, float]) -> str:
    return f"{figures['p50']:.3f} / {figures['p95']:.3f}"


def _ratio(one: float | None, other: float | None) -> str:
    return f"{one / other:.2f}" if one and other else "–"
