from __future__ import annotations

import numpy as np
import pytest
from fihris.search.together import MAX_WORDS, best_windows
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")

IDFS = (1.0, 2.5, 0.25, 4.0)
STANDS = st.lists(st.lists(st.integers(0, 40), unique=True, max_size=8), min_size=4, max_size=4)


def slow(words: list[set[int]], within: int) -> tuple[float, int]:
    """Every window in turn: the best sum and where the first such window with a word begins."""
    best, start = 0.0, 0
    for first in sorted(set().union(*words)):
        there = [bool(word & set(range(first, first + within))) for word in words]
        total = sum(idf for idf, is_there in zip(IDFS, there, strict=True) if is_there)
        if total > best:
            best, start = total, first
    return best, start


@given(st.lists(STANDS, min_size=1, max_size=4), st.integers(1, 12))
def test_equals_looking_at_every_window(texts: list[list[list[int]]], within: int) -> None:
    docs = np.arange(len(texts)) * 3 + 1
    places = [
        np.array(
            sorted(int(doc) << 32 | place for doc, text in zip(docs, texts, strict=True)
                   for place in text[word]),
            np.int64,
        )
        for word in range(4)
    ]  # fmt: skip
    sums, starts = best_windows(places, IDFS, docs, within)
    expected = [slow([set(word) for word in text], within) for text in texts]
    assert list(zip(sums.tolist(), starts.tolist(), strict=True)) == expected


def test_of_many_words_the_rarest_count() -> None:
    docs = np.array([7])
    places = [np.array([7 << 32 | n]) for n in range(MAX_WORDS + 10)]
    idfs = [1.0] * 10 + [2.0] * MAX_WORDS
    sums, _ = best_windows(places, idfs, docs, 1000)
    assert sums.tolist() == [2.0 * MAX_WORDS]
