from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from fihris.indexer.lexicons import Lexicons
from fihris.search.variants import Candidates, Variants, all_as_written, as_written
from fihris.search.weights import CORE, GRAIN, Layer
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")

related = st.tuples(
    st.integers(0, 2), st.integers(0, 11), st.integers(0, GRAIN), st.sampled_from(Layer)
)


@given(st.lists(related, max_size=60), st.sampled_from([(12,), (4, 0, 7, 1), (0, 12)]))
def test_each_word_once_by_the_relation_that_weighs_most(
    added: list[tuple[int, int, int, Layer]], sizes: tuple[int, ...]
) -> None:
    candidates = Candidates(Lexicons(cast("Any", [range(size) for size in sizes])), 3)
    assert candidates.missing() == [True] * 3
    for word, number, weight, layer in added:
        candidates.add(np.array([number], np.int64), weight / GRAIN, layer, word)
    assert candidates.missing() == [word not in {each[0] for each in added} for word in range(3)]
    for word, found in enumerate(candidates.variants()):
        begin = 0
        for size, variants in zip(sizes, found, strict=True):
            own = {
                (number - begin, weight, layer)
                for of, number, weight, layer in added
                if of == word and begin <= number < begin + size
            }
            check(variants, own)
            begin += size


def check(variants: Variants, added: set[tuple[int, int, Layer]]) -> None:
    """The words of a segment are those that were added, each as it should be."""
    best: dict[int, tuple[int, Layer]] = {}
    for number, weight, layer in sorted(added, key=lambda each: (each[1], -each[2])):
        best[number] = weight, layer
    groups: list[list[int]] = [[], [], []]
    for number in sorted(best):
        layer = best[number][1]
        groups[0 if layer == Layer.EXACT else 1 if layer in CORE else 2].append(number)
    assert variants.ids.tolist() == [number for group in groups for number in group]
    assert (variants.exact, variants.matching) == (len(groups[0]), len(groups[0] + groups[1]))
    found = zip(variants.ids.tolist(), variants.weights, variants.layers, strict=True)
    assert {n: (w * GRAIN, Layer(layer)) for n, w, layer in found} == best


@given(st.data())
def test_words_of_many_rows(data: st.DataObject) -> None:
    candidates = Candidates(Lexicons(cast("Any", [range(5), range(7)])), 3)
    rows = data.draw(st.lists(related, min_size=1, max_size=40))
    words, numbers, weights, _ = map(np.array, zip(*rows, strict=True))
    candidates.add(numbers, weights / GRAIN, Layer.STEM, words)
    for word, found in enumerate(candidates.variants()):
        for variants, begin, end in zip(found, (0, 5), (5, 12), strict=True):
            own = {
                (number - begin, weight, Layer.STEM)
                for of, number, weight, _ in rows
                if of == word and begin <= number < end
            }
            check(variants, own)


@given(st.sets(st.integers(0, 11)), st.sampled_from([(12,), (4, 0, 7, 1), (0, 12)]))
def test_words_as_written_in_each_segment(numbers: set[int], sizes: tuple[int, ...]) -> None:
    lexicons = Lexicons(cast("Any", [range(size) for size in sizes]))
    found = all_as_written(lexicons, np.array(sorted(numbers), np.int64))
    bases = lexicons.bases.tolist()
    for variants, first, end in zip(found, bases, bases[1:], strict=False):
        ids = [number - first for number in range(first, end) if number in numbers]
        alone = as_written(np.array(ids, np.uint32))
        assert listed(variants) == listed(alone)
        assert listed(alone) == [ids, [1.0] * len(ids), [0] * len(ids), len(ids), len(ids)]


def listed(variants: Variants) -> list[Any]:
    return [each.tolist() if isinstance(each, np.ndarray) else each for each in variants]
