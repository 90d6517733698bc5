from __future__ import annotations

from random import Random

import pytest
import regex
from fihris.indexer.folding import fold
from fihris.indexer.words import words
from fihris.search.similar import similar_words
from fihris.search.snapshot import Snapshot
from fihris.search.weights import WEIGHTS

from ..collections import WORDS, Collection, typo
from .twin import Twin

pytestmark = pytest.mark.usefixtures("either_way")


def asked_for(random: Random) -> str:
    """A folded word of four letters or more and no digits, often one that no one writes so."""
    return fold(typed_for(random))


def typed_for(random: Random) -> str:
    """The same as a key, with its accents."""
    while True:
        word = random.choice(WORDS)
        for _ in range(random.choice([0, 1, 1, 2])):
            word = typo(random, word) or word
        found = [key for key in words(word) if len(fold(key)) >= 4]
        if found and not regex.search(r"\d", found[0]):
            return found[0]


@pytest.mark.parametrize("number", range(8))
def test_similar_words(collections: list[Collection], number: int) -> None:
    snapshot = Snapshot(collections[number].index)
    twin = Twin(collections[number].held(), WEIGHTS)
    random = Random(number)
    for _ in range(40):
        folded = asked_for(random)
        floor, cap = random.choice([(0.4, 50), (0.5, 3), (0.4, 1), (0.7, 10)])
        expected = twin.alike(folded, floor, cap)
        found: dict[str, float] = {}
        numbers, likeness = similar_words(snapshot, folded, floor, cap)
        pairs = zip(snapshot.parts, snapshot.lexicons.split(numbers), strict=True)
        held = [part.lexicon.word(number) for part, ids in pairs for number in ids.tolist()]
        for word, like in zip(held, likeness, strict=True):
            assert found.setdefault(word, like) == like
        assert found == pytest.approx(expected), folded
