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

related = st.tuples(st.integers(0, 11), st.integers(0, GRAIN), st.sampled_from(Layer))


@given(st.lists(related, max_size=40), st.sampled_from([(12,), (4, 0, 7, 1), (0, 12)]))
def test_each_word_once_by_the_relation_that_weighs_most(
    added: list[tuple[int, int, Layer]], sizes: tuple[int, ...]
) -> None:
    candidates = Candidates(Lexicons(cast("Any", [range(size) for size in sizes])))
    assert candidates.none
    for number, weight, layer in added:
        candidates.add(np.array([number], np.int64), weight / GRAIN, layer)
    begin = 0
    for size, variants in zip(sizes, candidates.variants(), strict=True):
        best: dict[int, tuple[int, Layer]] = {}
        for number, weight, layer in added:
            if begin <= number < begin + size:
                known = best.get(number - begin, (0, Layer.SIMILAR))
                best[number - begin] = min((-weight, layer), (-known[0], known[1]))
                best[number - begin] = (-best[number - begin][0], best[number - begin][1])
        groups: list[list[int]] = [[], [], []]
        for number in sorted(best):
            layer = best[number][1]
            groups[0 if layer == Layer.EXACT else 1 if layer in CORE else 2].append(number)
        assert variants.ids.tolist() == [number for group in groups for number in group]
        assert (variants.exact, variants.matching) == (len(groups[0]), len(groups[0] + groups[1]))
        found = zip(variants.ids.tolist(), variants.weights, variants.layers, strict=True)
        assert {n: (w * GRAIN, Layer(layer)) for n, w, layer in found} == best
        begin += size


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
