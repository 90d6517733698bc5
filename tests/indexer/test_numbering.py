import numpy as np
from fihris.indexer.numbering import Numbering
from hypothesis import given
from hypothesis import strategies as st

# Few different keys, so that they come again; multiples of 2⁵² share a slot in a small table.
KEY = st.one_of(
    st.integers(1, 40), st.integers(1, 40).map(lambda n: n << 52), st.integers(1, 2**64 - 1)
)


@given(st.lists(st.lists(KEY, max_size=60), max_size=8))
def test_keys_get_numbers_as_a_dict_would_give_them(batches: list[list[int]]) -> None:
    numbering, expected = Numbering(), dict[int, int]()
    for batch in batches:
        keys = np.array(batch, np.uint64)
        assert numbering.find(keys).tolist() == [expected.get(key, -1) for key in batch]
        new = [key for key in dict.fromkeys(batch) if key not in expected]
        numbering.add(np.array(new, np.uint64))
        expected |= {key: len(expected) + n for n, key in enumerate(new)}
        assert len(numbering) == len(expected)
    every = np.array(list(expected), np.uint64)
    assert numbering.find(every).tolist() == list(range(len(every)))


def test_many_keys() -> None:
    random = np.random.default_rng(7)
    keys = np.unique(random.integers(1, 2**64, 100_000, np.uint64))
    random.shuffle(keys)
    numbering = Numbering()
    for part in np.array_split(keys, 37):
        numbering.add(part)
    assert np.array_equal(numbering.find(keys), np.arange(len(keys)))
    others = random.integers(1, 2**64, 100_000, np.uint64)
    assert (numbering.find(others[~np.isin(others, keys)]) == -1).all()
