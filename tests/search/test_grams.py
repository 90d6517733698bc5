"""The compiled twin of finding words by their 3-grams: the same to the bit."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from fihris.search import compiled, similar
from fihris.search.snapshot import Part
from hypothesis import given, settings
from hypothesis import strategies as st

ALTERED = [
    ("grams.words", [9, 1, 0, 2], np.uint32),  # no word has this number
    ("grams.words", [1, 0, 0, 2], np.uint32),  # not ascending
    ("grams.starts", [0, 3, 99], np.uint32),
    ("grams.starts", [3, 0, 4], np.uint32),
    ("grams.starts", [0, 3], np.uint32),
    ("grams.counts", [], np.uint8),
]


def part_of(**arrays: Any) -> Part:
    file = {name.replace("_", "."): array for name, array in arrays.items()}
    return cast("Part", SimpleNamespace(lexicon=SimpleNamespace(file=file)))


def part_with(words: Sequence[set[int]]) -> Part:
    """Words by the sets of their grams."""
    codes = sorted(set().union(*words))
    lists = [[n for n, grams in enumerate(words) if code in grams] for code in codes]
    return part_of(
        grams_codes=np.array(codes, np.uint64),
        grams_starts=np.cumsum([0, *map(len, lists)]).astype(np.uint32),
        grams_words=np.array([n for each in lists for n in each], np.uint32),
        grams_counts=np.array([len(grams) for grams in words], np.uint8),
    )


@pytest.fixture(autouse=True)
def _kernels() -> None:
    if not compiled.kernels:
        pytest.skip("no compiler was at hand when Fihris was installed")


def both(part: Part, codes: set[int], floor: float) -> list[list[tuple[int, float]]]:
    """What is found without the kernels and with them."""
    found = []
    asked = np.array(sorted(codes), np.uint64)
    with pytest.MonkeyPatch.context() as patch:
        for kernels in (None, compiled.kernels):
            patch.setattr(compiled, "kernels", kernels)
            ids, likeness = similar._alike(part, asked, floor)  # pyright: ignore[reportPrivateUsage]
            found.append(list(zip(ids.tolist(), likeness.tolist(), strict=True)))
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
    plain, quick = both(part_with(spread), asked, floor)
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
        plain, quick = both(part_with(words), asked, random.uniform(0.4, 0.8))
        assert quick == plain


@pytest.mark.parametrize(("name", "values", "kind"), ALTERED)
def test_altered_files(name: str, values: list[int], kind: type[np.unsignedinteger]) -> None:
    part = part_with([{1, 2}, {1}, {1}])
    cast("dict[str, Any]", part.lexicon.file)[name] = np.array(values, kind)
    with pytest.raises(IndexError):
        similar._alike(part, np.array([1, 2], np.uint64), 0.1)  # pyright: ignore[reportPrivateUsage]


def test_bad_arguments() -> None:
    assert compiled.kernels
    empty, words = np.zeros(0, np.uint64), np.zeros(0, np.uint32)
    sizes, many = np.zeros(0, np.uint8), np.zeros(2**16, np.uint64)
    with pytest.raises(ValueError, match="too many"):
        compiled.kernels.alike(empty, words, words, sizes, many, 0.5)
    with pytest.raises(TypeError):
        compiled.kernels.alike(empty, words, words, sizes, empty)  # pyright: ignore
    with pytest.raises(TypeError):
        compiled.kernels.alike(empty, words, words, sizes, empty, "x")  # pyright: ignore
    with pytest.raises(TypeError):
        compiled.kernels.alike(words, words, words, sizes, empty, 0.5)
