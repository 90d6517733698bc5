from __future__ import annotations

from collections import Counter
from math import log
from random import Random

import pytest
from fihris.indexer.folding import fold
from fihris.search.snapshot import Snapshot
from fihris.search.trigrams import trigrams
from fihris.search.weights import WEIGHTS

from ..collections import WORDS, Collection, typo
from .twin import Twin, identity


def expected(words: list[str], asked: str) -> float:
    """The same counted letter by letter."""
    grams, starts = Counter[str](), Counter[str]()
    for word in words:
        bordered = f"|{fold(word)}|"
        found = {bordered[n : n + 3] for n in range(len(bordered) - 2)}
        grams.update(found)
        starts.update(gram[:2] for gram in found)
    bordered = f"|{asked}|"
    return sum(
        log((grams[bordered[n : n + 3]] + 4 / 30) / (starts[bordered[n : n + 2]] + 4))
        for n in range(len(bordered) - 2)
    )


@pytest.mark.parametrize("number", range(8))
@pytest.mark.parametrize("size", [5, 60, 10_000])
def test_equals_counting(collections: list[Collection], number: int, size: int) -> None:
    twin = Twin(collections[number].held(), WEIGHTS)
    live = [word for word in twin.lexicon if any(e.live for e in twin.documents_with(word))]
    words = sorted(live, key=identity)[:size]
    model = trigrams(Snapshot(collections[number].index).parts, size)
    random = Random(number)
    for _ in range(20):
        asked = fold(typo(random, random.choice(WORDS)).lower())
        assert model.likelihood(asked) == pytest.approx(expected(words, asked)), asked


def test_nothing_is_likely_in_an_empty_index() -> None:
    assert trigrams([]).likelihood("army") == pytest.approx(4 * log(1 / 30))
