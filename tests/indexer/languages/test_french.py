import pytest
from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.languages.french import FRENCH


def meet(word: str, other: str) -> bool:
    """Whether two words share a stem, as written or folded."""
    keys = casefold_key(word), casefold_key(other)
    first, second = (FRENCH.stems([key, fold(key)]) for key in keys)
    return not set(first).isdisjoint(second)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("musée", "musées"),
        ("MUSÉE", "musee"),
        ("musée", "musees"),
        ("cheval", "chevaux"),
        ("journal", "journaux"),
        ("armée", "armées"),
        ("Armée", "armee"),
        ("libération", "libérer"),
        ("événement", "evenements"),
        ("national", "nationale"),
        ("soldat", "soldats"),
        ("russe", "russes"),
        ("prisonnier", "prisonnière"),
        ("œuvre", "oeuvres"),
        ("général", "généraux"),
    ],
)
def test_forms_of_a_word_meet(word: str, other: str) -> None:
    assert meet(word, other)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("chat", "châtiment"),
        ("armée", "arme"),
        ("poisson", "poison"),
        ("général", "gêne"),
        ("russe", "ruse"),
    ],
)
def test_different_words_stay_apart(word: str, other: str) -> None:
    # As written: without accents, châtiment and armée would look like chat and arme.
    stems = FRENCH.stems([casefold_key(word), casefold_key(other)])
    assert stems[0] != stems[1]


def test_stop_words() -> None:
    for word in ("le", "les", "à", "où", "même"):
        assert fold(word) in FRENCH.stop_words
    for word in ("armée", "général", "été", "or", "point", "personne"):
        assert fold(word) not in FRENCH.stop_words
