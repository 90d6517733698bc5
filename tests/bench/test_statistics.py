"""Means and their intervals."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from bench.relevance.statistics import Mean, difference


def test_an_interval_against_every_resample_there_is() -> None:
    """With six values all 46,656 resamples can be made."""
    values = [0.1, 0.23, 0.41, 0.5, 0.77, 0.9]
    means = sorted(sum(chosen) / 6 for chosen in product(values, repeat=6))
    mean = Mean.of(np.array(values))
    assert mean.value == pytest.approx(0.485)
    assert mean.low == pytest.approx(means[int(0.025 * len(means))], abs=0.02)
    assert mean.high == pytest.approx(means[int(0.975 * len(means))], abs=0.02)


def test_the_same_values_have_the_same_interval_at_any_size() -> None:
    for size in (1, 7, 3000):
        values = np.random.default_rng(3).random(size)
        assert Mean.of(values) == Mean.of(values.copy())
    wide, narrow = (Mean.of(np.resize([0.0, 1.0], size)) for size in (20, 2000))
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)


def test_no_value_has_no_mean() -> None:
    with pytest.raises(ValueError, match="no query"):
        Mean.of(np.zeros(0))


def test_differences_are_of_the_queries_of_both() -> None:
    now, before = {"a": 0.5, "b": 0.75, "new": 0.0}, {"a": 0.25, "b": 0.5, "old": 1.0}
    mean = difference(now, before)
    assert mean == Mean(0.25, 0.25, 0.25)
    assert mean.signed == "+0.2500, +0.2500 to +0.2500"
    assert difference({"a": 1.0}, {"b": 1.0}) is None
