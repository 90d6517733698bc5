"""Figures as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from .running import MEASURES, Values
from .statistics import difference


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def results(values: Values, before: Values | None) -> str:
    """The means of each collection; beside an earlier run also the differences."""
    rows = []
    for name, measures in values.items():
        row = [name, f"{len(next(iter(measures.values()))):,}"]
        for measure, of_queries in measures.items():
            cell = f"{np.mean(list(of_queries.values())):.4f}"
            if before is not None:
                other = difference(of_queries, before.get(name, {}).get(measure, {}))
                cell += f" ({other.signed})" if other else " (new)"
            row.append(cell)
        rows.append(row)
    return table(["collection", "queries", *MEASURES], rows)
