import pytest
from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.languages.russian import RUSSIAN


def meet(word: str, other: str) -> bool:
    """Whether two words share a stem, as written or folded."""
    keys = casefold_key(word), casefold_key(other)
    first, second = (RUSSIAN.stems([key, fold(key)]) for key in keys)
    return not set(first).isdisjoint(second)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("освободительная", "освободительной"),
        ("армия", "армии"),
        ("армии", "армией"),
        ("русский", "русского"),
        ("война", "войны"),
        ("ещё", "еще"),
        ("Освободительная", "освободительную"),
        ("Власов", "Власова"),
        ("Власову", "Власовым"),
        ("генерал", "генералов"),
        ("Андрей", "андрея"),
    ],
)
def test_forms_of_a_word_meet(word: str, other: str) -> None:
    assert meet(word, other)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("мир", "мера"),
        ("армия", "армян"),
        ("власть", "Власов"),
    ],
)
def test_different_words_stay_apart(word: str, other: str) -> None:
    assert not meet(word, other)


def test_stop_words() -> None:
    for word in ("и", "в", "её", "которые", "ещё"):
        assert fold(word) in RUSSIAN.stop_words
    for word in ("армия", "год", "время", "война"):
        assert fold(word) not in RUSSIAN.stop_words
