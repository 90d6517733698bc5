from __future__ import annotations

import numpy as np
import pytest
from fihris.indexer.affixes import Letters
from fihris.indexer.strings import Strings
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")

AFFIXES = ("ال", "ا", "لا", "ابتثجحخد")
# ħ and ا (U+0127, U+0627) have the same last byte.
TEXT = st.text("البħ\u0600\u06ff", max_size=10)


@given(st.lists(TEXT, min_size=1), st.integers(0, 4))
def test_the_first_affix_that_leaves_enough_letters(words: list[str], least: int) -> None:
    words = [*words, "ابتثجحخد", "xابتثجحخد"]
    strings = Strings.of(words)
    letters = Letters(strings, 0x0600)
    starts, ends = strings.starts[:-1], strings.starts[1:]

    def first(fits: list[str]) -> int:
        return len(fits[0]) if fits else 0

    enough = [[a for a in AFFIXES if len(w) - len(a) >= least] for w in words]
    beginning = [first([a for a in few if w.startswith(a)]) for w, few in zip(words, enough)]  # noqa: B905
    ending = [first([a for a in few if w.endswith(a)]) for w, few in zip(words, enough)]  # noqa: B905
    assert letters.beginning(starts, ends, AFFIXES, least).tolist() == beginning
    assert letters.ending(starts, ends, AFFIXES, least).tolist() == ending
    for affix in AFFIXES:
        begins = [w.startswith(affix) and len(w) - len(affix) >= least for w in words]
        assert letters.begins(starts, ends, affix, least).tolist() == begins


def test_nothing_outside_the_borders_counts() -> None:
    strings = Strings.of(["بال", "لب"])
    letters = Letters(strings, 0x0600)
    starts, ends = np.array([0, 1, 2]), np.array([2, 2, 5])
    assert letters.begins(starts, ends, "ال").tolist() == [False, False, False]
    assert letters.ending(starts, ends, ("بال", "ال", "ا"), 0).tolist() == [1, 1, 0]
