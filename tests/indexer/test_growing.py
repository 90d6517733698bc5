import tracemalloc

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


def test_what_was_looked_at_stays_as_it_was() -> None:
    growing = Growing(np.int64)
    growing.extend([1, 2, 3])
    before = growing.array
    growing.extend(np.zeros(100_000, np.int64))
    assert before.tolist() == [1, 2, 3]
    assert growing.array[:4].tolist() == [1, 2, 3, 0]


def test_a_large_one_is_not_there_twice_when_it_grows() -> None:
    growing, piece = Growing(np.uint64), np.arange(100_000, dtype=np.uint64)
    tracemalloc.start()
    for _ in range(100):
        growing.extend(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.6 * growing.array.nbytes
    assert growing.array[-100_000:].tolist() == piece.tolist()
