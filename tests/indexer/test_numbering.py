import numpy as np
import pytest
from fihris.indexer.numbering import Numbering
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")

# Few different keys, so that they come again; multiples of 2⁵² share a slot in a small table.
KEY = st.one_of(
    st.integers(0, 40), st.integers(1, 40).map(lambda n: n << 52), st.integers(1, 2**64 - 1)
)


@given(st.lists(st.lists(KEY, max_size=60), max_size=8))
def test_keys_get_numbers_as_a_dict_would_give_them(batches: list[list[int]]) -> None:
    numbering, expected = Numbering(), dict[int, int]()
    for batch in batches:
        numbers, new = numbering.number(np.array(batch, np.uint64))
        fresh = [key for key in dict.fromkeys(batch) if key and key not in expected]
        expected |= {key: len(expected) + n for n, key in enumerate(fresh)}
        assert numbers.tolist() == [expected.get(key, -1) for key in batch]
        assert new.tolist() == [batch.index(key) for key in fresh]
        assert len(numbering) == len(expected)


def test_many_keys() -> None:
    random = np.random.default_rng(7)
    keys = np.unique(random.integers(1, 2**64, 100_000, np.uint64))
    random.shuffle(keys)
    numbering = Numbering()
    for part in np.array_split(keys, 37):
        numbers, new = numbering.number(part)
        assert len(new) == len(part)
        assert len(numbering) == numbers[-1] + 1
    numbers, new = numbering.number(keys)
    assert np.array_equal(numbers, np.arange(len(keys)))
    assert not len(new)
