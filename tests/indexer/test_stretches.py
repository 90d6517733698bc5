from __future__ import annotations

import numpy as np
import pytest
from fihris.indexer.stretches import stretches


def test_stretches() -> None:
    values = np.arange(10, 20)
    found, which = stretches(values, np.array([3, 5, 0, 9]), np.array([6, 5, 2, 10]))
    assert found.tolist() == [13, 14, 15, 10, 11, 19]
    assert which.tolist() == [0, 0, 0, 2, 2, 3]
    assert [a.tolist() for a in stretches(values, np.array([4]), np.array([4]))] == [[], []]


@pytest.mark.parametrize(("start", "end"), [(8, 11), (5, 4)])
def test_a_stretch_of_other_values_is_an_error(start: int, end: int) -> None:
    with pytest.raises(IndexError, match="10 values"):
        stretches(np.arange(10), np.array([0, start]), np.array([1, end]))
