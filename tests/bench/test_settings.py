"""Weights without a layer, or with other values."""

from __future__ import annotations

import pytest
from fihris.indexer.errors import InputError
from fihris.search.weights import WEIGHTS
from msgspec.structs import asdict

from bench.relevance.settings import LAYERS, weights_of, without


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_can_be_taken_away(layer: str) -> None:
    now, then = asdict(WEIGHTS), asdict(without(layer))
    assert {name for name in now if now[name] != then[name]} == set(LAYERS[layer])


def test_weights_are_set() -> None:
    weights = weights_of(["title", "pairs"], ["k1=1.5", "similar_cap=7"])
    assert (weights.title, weights.pairs, weights.k1, weights.similar_cap) == (0, 0, 1.5, 7)
    assert weights.stem == WEIGHTS.stem


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("k2=1", "names no weight"),
        ("k1", "'' is not a number that fits"),
        ("k1=much", "'much' is not a number that fits"),
        ("depth=1.5", "'1.5' is not a number that fits"),
    ],
)
def test_what_is_no_weight_is_named(item: str, said: str) -> None:
    with pytest.raises(InputError, match=f"--set {item}: {said}"):
        weights_of([], [item])
