from __future__ import annotations

import pytest
from fihris.indexer.words import words
from fihris.search.nodes import Wildcard, Word
from fihris.search.wildcards import leaves
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("libér*", "liber*"),
        ("*ation", "*ation"),
        ("*ATIO*", "*atio*"),
        ("wom?n", "wom?n"),
        ("wom??n", "wom??n"),
        ("w**n", "w*n"),
        ("l’arm*", "arm*"),
        ("l'*ation", "*ation"),
        ("o'br*", "obr*"),
        ("التحر*", "التحر*"),
        ("تَحْرِ*", "تحر*"),
        ("١٩٤*", "194*"),
        ("libe\u200fr\u200f*", "liber*"),
        ("Jean-Pie*", "jean pie*"),
        ("a*", "a"),
        ("*é*", "é"),
        ("gagné?", "gagné"),
        ("?gagné", "gagné"),
        ("lib*?", "lib*"),
        ("?*lib", "*lib"),
        ("x/?id=5", "x id 5"),
        ("*", ""),
        ("?*", ""),
        ("(*)", ""),
        ("***", ""),
        ("東*", "東"),
        ("東?lib", "東 lib"),
        ("東?lib*", "東 lib*"),
        ("aa?\u0301", "aá"),
    ],
)
def test_leaves(text: str, expected: str) -> None:
    found = leaves(text, 9)
    assert " ".join(map(str, found)) == expected
    assert [isinstance(leaf, Wildcard) for leaf in found] == [
        "*" in pattern or "?" in pattern for pattern in expected.split()
    ]


def test_words_keep_field_and_strictness() -> None:
    assert leaves("é-lib*", 9, "title", strict=True) == [
        Word("é", "title", strict=True),
        Wildcard("lib*", "title"),
    ]


def test_no_more_than_asked_for() -> None:
    assert len(leaves("a-b-c", 2)) == len(leaves("ab*-cd*-ef*", 2)) == 2


def test_a_very_long_stretch_is_no_pattern() -> None:
    assert leaves("ab*" * 1000, 1) == [Word("ab")]


@given(st.text())
def test_without_wildcards_the_leaves_are_the_words(text: str) -> None:
    plain = text.replace("*", "").replace("?", "")
    assert leaves(plain, len(text)) == [Word(key) for key in words(plain)][: len(text)]


@given(st.text(alphabet="aé*?-' \u0301\u200fل東"))
def test_patterns_hold_two_letters_and_words_hold_no_wildcard(text: str) -> None:
    for leaf in leaves(text, 99):
        if isinstance(leaf, Wildcard):
            assert len(leaf.pattern.replace("*", "").replace("?", "")) >= 2
            assert not leaf.pattern.startswith("?")
            assert not leaf.pattern.endswith("?")
        else:
            assert isinstance(leaf, Word)
            assert not set(leaf.text) & set("*?")
