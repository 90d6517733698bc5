import pytest
from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.languages.german import GERMAN


def meet(word: str, other: str) -> bool:
    """Whether two words share a stem, as written or folded."""
    keys = casefold_key(word), casefold_key(other)
    first, second = (GERMAN.stems([key, fold(key)]) for key in keys)
    return not set(first).isdisjoint(second)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("Armee", "Armeen"),
        ("Müller", "Mueller"),
        ("Müller", "Muller"),
        ("Größe", "Groesse"),
        ("GRÖSSE", "größe"),
        ("Straße", "Strassen"),
        ("Haus", "Häuser"),
        ("Buch", "Bücher"),
        ("Befreiungsarmee", "Befreiungsarmeen"),
        ("General", "Generale"),
        ("russisch", "russische"),
        ("Krieg", "Kriege"),
    ],
)
def test_forms_of_a_word_meet(word: str, other: str) -> None:
    assert meet(word, other)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("Armee", "Arm"),
        ("Befreiungsarmee", "Armee"),
        ("Krieg", "Kranz"),
        ("Haus", "Hase"),
    ],
)
def test_different_words_stay_apart(word: str, other: str) -> None:
    assert not meet(word, other)


def test_stop_words() -> None:
    for word in ("der", "und", "für", "dass", "über"):
        assert fold(word) in GERMAN.stop_words
    for word in ("Armee", "Krieg", "Ehre"):
        assert fold(word) not in GERMAN.stop_words
