from __future__ import annotations

import numpy as np
import pytest
from fihris.indexer.stretches import order_of, stretches
from hypothesis import given
from hypothesis import strategies as st


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


# Many that are equal, and many that differ in their last bits only.
NUMBERS = st.one_of(
    st.integers(0, 3), st.integers(2**64 - 40, 2**64 - 1), st.integers(0, 2**64 - 1)
)


@given(st.lists(NUMBERS, max_size=60))
def test_order_keeps_equal_numbers_as_they_were(numbers: list[int]) -> None:
    expected = sorted(range(len(numbers)), key=numbers.__getitem__)
    assert order_of(np.array(numbers, np.uint64)).tolist() == expected
