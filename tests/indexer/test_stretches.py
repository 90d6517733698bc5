from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from fihris.indexer import compiled
from fihris.indexer.stretches import ascend, distinct, order_of, order_of_small, pieces, stretches
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")


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
    with pytest.raises(IndexError, match="10 values"):
        pieces(np.arange(10), np.array([0, start]), np.array([1, end]))


@given(st.data())
def test_stretches_are_slices_one_after_another(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["u1", "u2", "u4", "i8", "u8"]))
    values = np.array(data.draw(st.lists(st.integers(0, 127), max_size=30)), kind)
    place = st.integers(0, len(values))
    pairs = data.draw(st.lists(st.tuples(place, place).map(sorted), max_size=8))
    starts, ends = (np.array([pair[n] for pair in pairs], np.int64) for n in (0, 1))
    found, which = stretches(values, starts, ends)
    assert found.dtype == values.dtype
    assert found.tolist() == [each for a, b in pairs for each in values[a:b].tolist()]
    assert which.tolist() == [n for n, (a, b) in enumerate(pairs) for _ in range(a, b)]
    alone = pieces(values, starts, ends)
    assert (alone.dtype, alone.tolist()) == (found.dtype, found.tolist())


# Many that are equal, and many that differ in their last bits only.
NUMBERS = st.one_of(
    st.integers(0, 3), st.integers(2**64 - 40, 2**64 - 1), st.integers(0, 2**64 - 1)
)


@given(st.lists(NUMBERS, max_size=60))
def test_order_keeps_equal_numbers_as_they_were(numbers: list[int]) -> None:
    expected = sorted(range(len(numbers)), key=numbers.__getitem__)
    assert order_of(np.array(numbers, np.uint64)).tolist() == expected


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 3), max_size=60))
def test_order_of_small_numbers(numbers: list[int]) -> None:
    expected = sorted(range(len(numbers)), key=numbers.__getitem__)
    assert order_of_small(np.array(numbers, np.uint32)).tolist() == expected


@pytest.mark.parametrize("count", [0, 1, 3])
def test_numbers_that_are_not_counted(count: int) -> None:
    if compiled.kernels:
        order = np.zeros(3, np.int64)
        for numbers in ([0, 1, 3], [0, 1, 2**32 - 1]):
            with pytest.raises(IndexError):
                compiled.kernels.rank(
                    np.array(numbers, np.uint32), np.zeros(count, np.uint32), order
                )
        with pytest.raises(IndexError):
            compiled.kernels.rank(np.zeros(2, np.uint32), np.zeros(3, np.uint32), order)
        with pytest.raises(IndexError):
            compiled.kernels.rank(np.zeros(3, np.uint32), np.ones(3, np.uint32), order)


@pytest.mark.parametrize("bits", [1, 8, 20, 64])
@pytest.mark.parametrize("count", [0, 1, 1023, 1024, 30_000])
@pytest.mark.parametrize("shift", [0, 13])
def test_many_numbers_ascend(bits: int, count: int, shift: int) -> None:
    random = np.random.default_rng(bits + count)
    numbers = random.integers(0, 2**bits - 1, count, np.uint64, endpoint=True) << np.uint64(shift)
    expected = sorted(numbers.tolist())
    before = numbers.copy()
    assert distinct(numbers).tolist() == sorted(set(expected))
    assert np.array_equal(numbers, before)
    ascend(numbers)
    assert numbers.tolist() == expected
    ascend(numbers)
    assert numbers.tolist() == expected
    falling = numbers[::-1].copy()
    ascend(falling)
    assert falling.tolist() == expected


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(2**63, 2**63 + 3), max_size=40))
def test_order_is_right_across_portions(values: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fihris.indexer.stretches._AT_A_TIME", 3)
        order = order_of(np.array(values, np.uint64)).tolist()
    assert order == sorted(range(len(values)), key=values.__getitem__)


def test_order_holds_little_besides_itself() -> None:
    """Many differ in nothing but the bits that they give to their places."""
    random = np.random.default_rng(1)
    values = random.integers(0, 2**64 - 1, 500_000, np.uint64).repeat(2)
    values ^= random.integers(0, 3, len(values), np.uint64, endpoint=True)
    tracemalloc.start()
    order = order_of(values)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3.5 * order.nbytes
    assert np.array_equal(order, np.argsort(values, kind="stable"))
