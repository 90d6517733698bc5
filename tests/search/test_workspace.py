from __future__ import annotations

from contextlib import ExitStack

import numpy as np
import pytest
from fihris.search.workspace import _FEW, _KEPT, Workspaces, clean


def test_what_was_borrowed_is_lent_again_clean() -> None:
    spaces = Workspaces(100)
    with spaces.borrowed() as first:
        first.scores[[3, 7]] = 1
        with spaces.borrowed() as second:
            assert second is not first
            assert not second.scores.any()
        clean(first.scores, np.array([3, 7]))
    with spaces.borrowed() as third:
        assert third is first
        assert not third.scores.any()


def test_one_in_which_something_was_raised_is_not_lent_again() -> None:
    spaces = Workspaces(100)
    with pytest.raises(IndexError), spaces.borrowed() as spoilt:
        spoilt.scores[:] = spoilt.sums[100] = 1
    with spaces.borrowed() as other:
        assert not other.scores.any()


def test_after_many_searches_at_once_few_are_kept() -> None:
    spaces = Workspaces(100)
    for _ in range(2):
        with ExitStack() as stack:
            borrowed = [stack.enter_context(spaces.borrowed()) for _ in range(20)]
            assert len(set(map(id, borrowed))) == 20
        assert len(spaces._free) == _KEPT


@pytest.mark.parametrize("used", [1, 100 // _FEW, 100])
def test_cleaning_leaves_nothing(used: int) -> None:
    rows = Workspaces(100).borrowed().__enter__().rows
    docs = np.arange(used)
    rows[docs] = 9
    clean(rows, docs, -1)
    assert (rows == -1).all()
