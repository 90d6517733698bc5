import pytest
from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.languages.english import ENGLISH


def meet(word: str, other: str) -> bool:
    """Whether two words share a stem, as written or folded."""
    keys = casefold_key(word), casefold_key(other)
    first, second = (ENGLISH.stems([key, fold(key)]) for key in keys)
    return not set(first).isdisjoint(second)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("army", "armies"),
        ("repatriate", "repatriated"),
        ("repatriated", "repatriation"),
        ("prisoner", "prisoners"),
        ("fought", "FOUGHT"),
        ("liberate", "liberation"),
        ("German", "Germans"),
        ("archive", "archives"),
        ("naïve", "naive"),
    ],
)
def test_forms_of_a_word_meet(word: str, other: str) -> None:
    assert meet(word, other)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("organ", "organize"),
        ("organ", "organization"),
        ("general", "generation"),
        ("universe", "university"),
        ("number", "numb"),
        ("army", "arm"),
        ("new", "news"),
    ],
)
def test_different_words_stay_apart(word: str, other: str) -> None:
    assert not meet(word, other)


def test_stop_words() -> None:
    for word in ("the", "of", "don't", "with"):
        assert fold(word) in ENGLISH.stop_words
    for word in ("army", "may", "us", "war", "German"):
        assert fold(word) not in ENGLISH.stop_words
