import numpy as np
from fihris.indexer.growing import Growing
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.lists(st.integers(0, 255), max_size=400), max_size=6))
def test_it_holds_what_was_added(parts: list[list[int]]) -> None:
    growing = Growing(np.uint8)
    for part in parts:
        growing.extend(part)
    every = [value for part in parts for value in part]
    assert growing.array.dtype == np.uint8
    assert growing.array.tolist() == every
    assert len(growing) == len(every)
