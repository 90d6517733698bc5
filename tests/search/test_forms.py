from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from fihris.indexer import Document
from fihris.search.forms import Asked, Forms
from fihris.search.snapshot import Snapshot
from fihris.search.variants import Candidates, Variants
from fihris.search.weights import PLAIN, WEIGHTS, Weights
from msgspec.structs import replace

from ..collections import NUMBERS, Collection, write
from .random_queries import Queries

pytestmark = pytest.mark.usefixtures("either_way")


def found(
    snapshot: Snapshot, words: list[Asked], weights: Weights = WEIGHTS, only_live: bool = False
) -> list[Any]:
    candidates = Candidates(snapshot.lexicons, len(words))
    Forms(snapshot, weights, only_live).add(candidates, words)
    return [[listed(each) for each in variants] for variants in candidates.variants()]


def listed(variants: Variants) -> list[Any]:
    return [each.tolist() if isinstance(each, np.ndarray) else each for each in variants]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("weights", [WEIGHTS, PLAIN, replace(WEIGHTS, folded=0)])
@pytest.mark.parametrize("only_live", [False, True])
def test_words_are_found_together_as_alone(
    collections: list[Collection], number: int, weights: Weights, only_live: bool
) -> None:
    random = Random(number)
    queries = Queries(random, collections[number])
    snapshot = Snapshot(collections[number].index)
    texts = [queries.key() for _ in range(20)] + ["الجيش", "ب1945", "général", "Числа", "1945"]
    words = [Asked(each, random.random() < 0.2, random.random() < 0.8) for each in texts]
    alone = [found(snapshot, [each], weights, only_live)[0] for each in words]
    assert found(snapshot, words, weights, only_live) == alone


def test_a_rest_is_no_word_for_being_asked_for_beside(tmp_path: Path) -> None:
    """What stands behind the particles of ولجيش is the one word and not the other, though both
    have one stem."""
    snapshot = Snapshot(write(tmp_path / "index", [[Document("0", text="وزير ولجيش")]]).index)
    behind, other = found(snapshot, [Asked("جيش"), Asked("الجيش")])
    assert [len(each[0]) for each in behind] == [1]
    assert [len(each[0]) for each in other] == [0]
