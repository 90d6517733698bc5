"""Means over queries, and how far chance may have moved them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

RESAMPLES = 10_000
# So many numbers are drawn at once at most.
_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, values: np.ndarray) -> Self:
        """The mean of the values of queries, and the interval that resampling queries gives
        (bootstrap by percentiles; Sakai 2006). The same values always give the same interval.

        Raises ValueError when there is no value.
        """
        if not len(values):
            raise ValueError("no query, no mean")
        random = np.random.default_rng(1)
        rows = max(1, _AT_ONCE // len(values))
        means = [
            values[random.integers(0, len(values), (min(rows, RESAMPLES - n), len(values)))].mean(1)
            for n in range(0, RESAMPLES, rows)
        ]
        low, high = np.percentile(np.concatenate(means), [2.5, 97.5])
        return cls(float(values.mean()), float(low), float(high))

    def __str__(self) -> str:
        return f"{self.value:.4f}"

    @property
    def signed(self) -> str:
        """As a difference."""
        return f"{self.value:+.4f}, {self.low:+.4f} to {self.high:+.4f}"


def difference(now: dict[str, float], before: dict[str, float]) -> Mean | None:
    """The mean paired difference over the queries of both; None when they share none."""
    both = sorted(now.keys() & before.keys())
    if not both:
        return None
    return Mean.of(np.array([now[query] - before[query] for query in both]))
