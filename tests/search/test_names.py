from __future__ import annotations

import pytest
from fihris.indexer.languages import LANGUAGES
from fihris.search.names import field_name, language_code


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("title", "title TITRE عنوان العنوان عُنْوَان"),
        ("language", "language langue لغة لغه اللغة"),
        ("source", "source Source مصدر"),
        ("collection", "collection مجموعة مجموعه"),
        ("creator", "creator author auteur مؤلف المؤلّف"),
        ("date", "date تاريخ التاريخ"),
    ],
)
def test_field_names(field: str, names: str) -> None:
    assert {field_name(name) for name in names.split()} == {field}


@pytest.mark.parametrize("name", ["", "foo", "http", "12", "titles", "text", "id"])
def test_other_names_are_no_fields(name: str) -> None:
    assert field_name(name) is None


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("ar", "ar AR ar-EG ara arabic arabe العربية عربي"),
        ("fr", "fr FR-ca fr_FR fre fra French français FRANCAIS الفرنسية"),
        ("en", "en en-GB eng English anglais الإنجليزية الانجليزية"),
        ("ru", "ru rus русский russian russe الروسية"),
        ("de", "de de-AT ger deu Deutsch german allemand الألمانية"),
    ],
)
def test_language_names(code: str, names: str) -> None:
    assert {language_code(name) for name in names.split()} == {code}


def test_each_language_is_known_by_its_code_and_its_own_name() -> None:
    for language in LANGUAGES:
        assert language_code(language.code) == language_code(language.name) == language.code


def test_a_language_that_is_not_known() -> None:
    assert language_code("Klingon") == "klingon"
    assert language_code("pt-BR") == "pt"
