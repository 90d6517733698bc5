from __future__ import annotations

import re

import pytest
from fihris.indexer.languages import LANGUAGES
from fihris.web.wording import CATALOGUE, INTERFACES, Wording, negotiated

_FORM = re.compile(r"\.(?:two|few)$")
_FILLED_IN = re.compile(r"\{\w+\}")


def test_the_interfaces_say_the_same_things() -> None:
    assert set(CATALOGUE) == set(INTERFACES)
    keys = {
        code: {key for key in texts if not _FORM.search(key)} for code, texts in CATALOGUE.items()
    }
    assert keys["ar"] == keys["fr"] == keys["en"]


@pytest.mark.parametrize("key", [key for key in CATALOGUE["en"] if not key.endswith(".one")])
def test_the_same_is_filled_in(key: str) -> None:
    filled = {code: sorted(_FILLED_IN.findall(texts[key])) for code, texts in CATALOGUE.items()}
    assert filled["ar"] == filled["fr"] == filled["en"]


def test_no_text_is_empty_or_holds_html() -> None:
    for texts in CATALOGUE.values():
        for text in texts.values():
            assert text
            assert not set(text) & set("<>&")


@pytest.mark.parametrize(
    ("code", "n", "expected"),
    [
        ("en", 1, "Search one document"),
        ("en", 1234567, "Search 1,234,567 documents"),
        ("fr", 1, "Chercher dans un document"),
        ("fr", 1234, "Chercher dans 1\u202f234 documents"),
        ("ar", 1, "ابحث في وثيقة واحدة"),
        ("ar", 2, "ابحث في وثيقتين"),
        ("ar", 3, "ابحث في 3 وثائق"),
        ("ar", 10, "ابحث في 10 وثائق"),
        ("ar", 11, "ابحث في 11 وثيقة"),
        ("ar", 100, "ابحث في 100 وثيقة"),
        ("ar", 103, "ابحث في 103 وثائق"),
    ],
)
def test_numbers_take_the_right_form(code: str, n: int, expected: str) -> None:
    assert Wording(code).count("welcome", n) == expected


def test_what_is_filled_in_is_escaped() -> None:
    assert "<b>" not in Wording("en")("detail-page", value="<b>")


def test_every_language_of_documents_has_a_name() -> None:
    for code in INTERFACES:
        names = {Wording(code).language(language.code) for language in LANGUAGES}
        assert len(names) == len(LANGUAGES)
        assert Wording(code).language("xx") == "xx"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("ar-LB,fr;q=0.8,en;q=0.5", "ar"),
        ("de, fr;q=0.4, en;q=0.9", "en"),
        ("de", "en"),
        ("fr;q=0, ar;q=0.1", "ar"),
        ("AR;Q=1", "ar"),
        ("fr;q=high, ar", "ar"),
        ("fr;q=nan", "en"),
        (",;,=;q", "en"),
        ("x" * 100_000, "en"),
    ],
)
def test_the_browsers_language(header: str, expected: str) -> None:
    assert negotiated(header) == expected
