from __future__ import annotations

from random import Random

import pytest
import regex
from fihris.indexer.folding import fold
from fihris.indexer.words import words
from fihris.search.similar import similar_words
from fihris.search.snapshot import Snapshot
from fihris.search.weights import WEIGHTS

from ..collections import NUMBERS, WORDS, Collection, typo
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


@pytest.mark.parametrize("number", NUMBERS)
def test_similar_words(collections: list[Collection], number: int) -> None:
    snapshot = Snapshot(collections[number].index)
    twin = Twin(collections[number].held(), WEIGHTS)
    random = Random(number)
    for _ in range(40):
        folded = asked_for(random)
        floor, cap = random.choice([(0.4, 50), (0.5, 3), (0.4, 1), (0.7, 10)])
        expected = twin.alike(folded, floor, cap)
        found: dict[str, float] = {}
        numbers, likeness, *_ = similar_words(snapshot, folded, floor, cap)
        pairs = zip(snapshot.parts, snapshot.lexicons.split(numbers), strict=True)
        held = [part.lexicon.word(number) for part, ids in pairs for number in ids.tolist()]
        for word, like in zip(held, likeness, strict=True):
            assert found.setdefault(word, like) == like
        assert found == pytest.approx(expected), folded


def test_all_that_are_alike(collections: list[Collection]) -> None:
    """What was looked up serves for a nearer likeness wherever it says that it has all of that."""
    random = Random(1)
    told = {True: 0, False: 0}
    for collection in collections[:4]:
        snapshot = Snapshot(collection.index)
        for _ in range(60):
            folded = asked_for(random)
            floor, cap = random.choice([(0.2, 3), (0.3, 8), (0.4, 30), (0.4, 0)])
            found = similar_words(snapshot, folded, floor, cap)
            for nearer in (floor - 0.1, floor, 0.5, 0.65):
                told[found.has_all(nearer)] += 1
                if found.has_all(nearer):
                    expected = similar_words(snapshot, folded, nearer, 0)
                    there = found.likeness >= nearer
                    assert found.numbers[there].tolist() == expected.numbers.tolist()
                    assert found.likeness[there].tolist() == expected.likeness.tolist()
    assert min(told.values()) > 50
