from __future__ import annotations

import numpy as np
from fihris.search.shares import Bound, share
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3))), st.integers(0, 40))
def test_the_shortest_lists_are_read_up_to_the_first_that_is_too_much(
    lists: list[tuple[int, int]], most: int
) -> None:
    sizes = np.array([size for size, _ in lists], np.int64)
    identities = np.array([identity for _, identity in lists], np.uint64)
    bound = Bound.of(sizes, identities, most)
    read, longest = 0, (99, 0)
    for each in sorted(lists):
        read += each[0]
        if read > most:
            longest = each
            break
    kept = [each < longest for each in lists]
    assert (bound is None) == all(kept)
    if bound:
        assert bound.within(sizes, identities).tolist() == kept
        assert sum(size for (size, _), there in zip(lists, kept, strict=True) if there) <= most


@given(st.lists(st.integers(0, 50)), st.integers(0, 200))
def test_those_that_want_least_have_it_and_the_others_the_same(needs: list[int], most: int) -> None:
    each = share(needs, most)
    if each is None:
        assert sum(needs) <= most
        return
    given_ = [min(need, each) for need in needs]
    assert sum(given_) <= most < sum(needs)
    assert sum(min(need, each + 1) for need in needs) > most  # none could have more
