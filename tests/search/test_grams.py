"""The compiled twin of finding words by their 3-grams: the same to the bit."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, cast

import numpy as np
import pytest
from fihris.indexer import compiled as indexer
from fihris.indexer.lexicon import Lexicon
from fihris.indexer.lexicons import Lexicons
from fihris.search import compiled, similar
from hypothesis import given, settings
from hypothesis import strategies as st

ALTERED = [
    ("words", [9, 1, 0, 2], np.uint32),  # no word has this number
    ("words", [1, 0, 0, 2], np.uint32),  # not ascending
    ("starts", [0, 3, 99], np.uint32),
    ("starts", [3, 0, 4], np.uint32),
    ("starts", [0, 3], np.uint32),
    ("counts", [], np.uint8),
]


def lexicons_with(*segments: Sequence[set[int]]) -> Lexicons:
    """Words by the sets of their grams; those of equal sets are the same word in all segments."""
    return lexicons_of([arrays_of(words) for words in segments])


def lexicons_of(segments: Sequence[dict[str, Any]]) -> Lexicons:
    return Lexicons(cast("list[Lexicon]", list(map(_Grams, segments))))


class _Grams:
    """A lexicon of which only the 3-grams are known."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        self.gram_table = tuple(arrays[name] for name in ARRAYS)
        self.identities = arrays["identities"]

    def __len__(self) -> int:
        return len(self.identities)


ARRAYS = ("codes", "starts", "words", "counts", "identities")


def arrays_of(words: Sequence[set[int]]) -> dict[str, Any]:
    codes = sorted(set().union(*words))
    lists = [[n for n, grams in enumerate(words) if code in grams] for code in codes]
    return {
        "codes": np.array(codes, np.uint64),
        "starts": np.cumsum([0, *map(len, lists)]).astype(np.uint32),
        "words": np.array([n for each in lists for n in each], np.uint32),
        "counts": np.array([len(grams) for grams in words], np.uint8),
        "identities": np.array([hash(frozenset(grams)) % 2**64 for grams in words], np.uint64),
    }


@pytest.fixture(autouse=True)
def _kernels() -> None:
    if not compiled.kernels:
        pytest.skip("no compiler was at hand when Fihris was installed")


def both(
    lexicons: Lexicons, codes: set[int], floor: float, cap: int = 0
) -> list[list[tuple[int, float]]]:
    """What is found without the kernels and with them."""
    found = []
    asked = np.array(sorted(codes), np.uint64)
    with pytest.MonkeyPatch.context() as patch:
        for own, others in ((None, None), (compiled.kernels, indexer.kernels)):
            patch.setattr(compiled, "kernels", own)
            patch.setattr(indexer, "kernels", others)
            numbers, likeness = similar.alike(lexicons, asked, floor, cap)
            found.append(list(zip(numbers.tolist(), likeness.tolist(), strict=True)))
    return found


grams = st.sets(st.integers(0, 12), min_size=1)
# So many that the longest lists are only looked into.
many = st.sets(st.integers(0, 12), min_size=6)


@settings(max_examples=25)
@given(
    st.lists(grams, min_size=8, max_size=30),
    st.one_of(grams, many),
    st.floats(0.1, 0.9),
    st.integers(1, 20_000),
)
def test_the_same_words(words: list[set[int]], asked: set[int], floor: float, apart: int) -> None:
    # Words are counted some thousands at a time.
    spread: list[set[int]] = [set() for _ in range(min(len(words) * apart, 60_000))]
    for n, each in enumerate(words):
        spread[min(n * apart, len(spread) - 1)] = each
    expected = [
        (n, like)
        for n, each in enumerate(spread)
        if each & asked and (like := 2 * len(each & asked) / (len(each) + len(asked))) >= floor
    ]
    plain, quick = both(lexicons_with(spread), asked, floor)
    assert quick == plain
    assert {n for n, _ in quick} ^ {n for n, _ in expected} <= {
        n for n, like in expected if like == pytest.approx(floor)
    }


@pytest.mark.parametrize("seed", range(20))
def test_long_lists_are_looked_into(seed: int) -> None:
    random = Random(seed)
    for _ in range(20):
        words = [{*random.sample(range(13), random.randint(1, 10))} for _ in range(30)]
        asked = {*random.sample(range(13), random.randint(6, 10))}
        plain, quick = both(lexicons_with(words), asked, random.uniform(0.4, 0.8))
        assert quick == plain


@pytest.mark.parametrize("seed", range(20))
def test_what_is_far_apart_in_long_lists(seed: int) -> None:
    random = Random(seed)
    rates = [0.05] * 7 + [0.3, 0.5, 0.7, 0.9]
    segments = [
        [{n for n, rate in enumerate(rates) if random.random() < rate} | {99} for _ in range(700)]
        for _ in range(2)
    ]
    for _ in range(5):
        asked = {*random.sample(range(len(rates)), random.randint(6, 10))}
        plain, quick = both(lexicons_with(*segments), asked, random.uniform(0.4, 0.7))
        assert quick == plain


def test_so_many_grams_that_counting_begins_anew_in_each_window() -> None:
    asked, far = 40_000, 40_000
    lists = [[0] * (n < 200) + [far] * (100 <= n < 250) for n in range(asked)]
    sizes = np.zeros(far + 1, np.uint8)
    sizes[[0, far]] = 200, 150
    segment = {
        "codes": np.arange(asked, dtype=np.uint64),
        "starts": np.cumsum([0, *map(len, lists)]).astype(np.uint32),
        "words": np.array([n for each in lists for n in each], np.uint32),
        "counts": sizes,
        "identities": np.arange(far + 1, dtype=np.uint64),
    }
    expected = [(0, 400 / (asked + 200)), (far, 300 / (asked + 150))]
    for found in both(lexicons_of([segment]), set(range(asked)), 0.006):
        assert found == expected


@settings(max_examples=3 * settings.default.max_examples // 2)
@given(
    st.lists(st.lists(many, max_size=30), min_size=1, max_size=4),
    st.one_of(grams, many),
    st.floats(0.1, 0.9),
    st.integers(1, 8),
)
def test_only_the_most_alike(
    segments: list[list[set[int]]], asked: set[int], floor: float, cap: int
) -> None:
    """Many are equally alike, and some are in several segments."""
    lexicons = lexicons_with(*segments)
    plain, quick = both(lexicons, asked, floor, cap)
    assert quick == plain
    every = both(lexicons, asked, floor)[0]
    named = dict(zip(*(lexicons.identities.of(np.array([n for n, _ in every], np.int64)).tolist(),
                       [like for _, like in every]), strict=True))  # fmt: skip
    best = sorted(named, key=lambda identity: (-named[identity], identity))[:cap]
    numbers = np.array([number for number, _ in quick], np.int64)
    assert set(lexicons.identities.of(numbers).tolist()) == set(best)


@pytest.mark.parametrize(("name", "values", "kind"), ALTERED)
def test_altered_files(name: str, values: list[int], kind: type[np.unsignedinteger]) -> None:
    arrays = arrays_of([{1, 2}, {1}, {1}]) | {name: np.array(values, kind)}
    with pytest.raises(IndexError):
        similar.alike(lexicons_of([arrays]), np.array([1, 2], np.uint64), 0.1, 0)


def test_bad_arguments() -> None:
    assert compiled.kernels
    held, bases = lexicons_with([]).held_grams, np.zeros(2, np.int64)
    none = np.zeros(0, np.uint64)
    for codes, cap in ((np.zeros(2**16, np.uint64), 0), (none, -1), (none, 2**16)):
        with pytest.raises(ValueError, match="too many"):
            compiled.kernels.alike(held, bases, codes, 0.5, cap)
    with pytest.raises(ValueError, match="too many"):
        compiled.kernels.alike(held, bases[:0], none, 0.5, 0)
    for arguments in (
        (held, bases, none, 0.5),
        (held, bases, none, "x", 0),
        (0, bases, none, 1, 1),
    ):
        with pytest.raises(TypeError):
            compiled.kernels.alike(*arguments)  # pyright: ignore
