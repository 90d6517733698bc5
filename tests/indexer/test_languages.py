import pytest
import regex
from fihris.indexer.folding import fold
from fihris.indexer.language import Language
from fihris.indexer.languages import LANGUAGES, _template, by_code
from fihris.indexer.words import words
from hypothesis import given
from hypothesis import strategies as st

each_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)


def test_the_order_of_languages_is_kept() -> None:
    # Indexes store languages by their place: new ones go to the end.
    assert [language.code for language in LANGUAGES[:5]] == ["ar", "fr", "en", "ru", "de"]


def test_codes_are_unique() -> None:
    assert len({language.code for language in LANGUAGES}) == len(LANGUAGES)


def test_by_code() -> None:
    found = by_code("ar")
    assert found is not None
    assert found.name == "العربية"
    assert by_code("tlh") is None


@each_language
def test_the_script_is_known_and_the_name_is_written_in_it(language: Language) -> None:
    assert regex.fullmatch(rf"\p{{{language.script}}}+", language.name)


@each_language
def test_stop_words_are_folded_single_words(language: Language) -> None:
    assert len(language.stop_words) >= 80
    for word in language.stop_words:
        assert fold(word) == word
        assert words(word) == [word]


@each_language
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=20))
def test_each_word_has_one_stem_whatever_stands_beside_it(
    language: Language, some: list[str]
) -> None:
    stems = language.stems(some)
    assert stems == [language.stems([word])[0] for word in some]
    assert language.stems(some) == stems


@each_language
@given(st.text(max_size=20))
def test_rests_and_root_take_any_text(language: Language, text: str) -> None:
    assert all(rest in text for rest in language.rests(text))
    assert isinstance(language.root(text), str)


def test_the_template_is_a_language_that_works() -> None:
    esperanto = _template.ESPERANTO
    assert esperanto.stems(["hundo", "hundoj"])[0] == esperanto.stems(["hundo", "hundoj"])[1]
    assert "kaj" in esperanto.stop_words
    assert esperanto not in LANGUAGES
