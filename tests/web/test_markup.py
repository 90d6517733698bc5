from __future__ import annotations

import pytest
from fihris.web.markup import direction, isolated, line, linked, marked, placed
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "auto"),
        ("1944 – 1945!", "auto"),
        ("The letter", "ltr"),
        ("رسالة", "rtl"),
        ("NKVD وصلت الرسالة بعد أسابيع", "rtl"),
        ("جيش is the Arabic word for an army", "ltr"),
        ("Армия", "ltr"),
    ],
)
def test_direction_is_that_of_most_letters(text: str, expected: str) -> None:
    assert direction(text) == expected


def test_marks_are_put_around_escaped_text() -> None:
    assert marked("a <b> c", [(2, 5)]) == "a <mark>&lt;b&gt;</mark> c"
    assert marked("L’Armée", [(0, 7)]) == "<mark>L’Armée</mark>"
    assert marked("abc", []) == "abc"


def test_stretches_that_overlap_or_are_empty_do_not_nest() -> None:
    assert marked("abcdef", [(0, 3), (2, 5), (5, 5)]) == "<mark>abc</mark><mark>de</mark>f"


@given(st.text(), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20))).map(sorted))
def test_without_its_marks_a_marked_text_is_the_escaped_text(
    text: str, spans: list[tuple[int, int]]
) -> None:
    whole = [(a, min(b, len(text))) for a, b in spans if a <= len(text)]
    html = marked(text, whole)
    assert html.replace("<mark>", "").replace("</mark>", "") == escape(text)
    assert html.count("<mark>") == html.count("</mark>")


def test_a_line_cannot_turn_what_follows_it() -> None:
    assert line("a\u202eb\n\u2067 c\u2069") == "ab c"
    assert marked("a\u202eb", [(2, 3)], in_line=True) == "a<mark>b</mark>"
    assert isolated("<i>\u202d") == "<bdi>&lt;i&gt;</bdi>"


def test_marks_of_direction_stay() -> None:
    assert line("abc\u200f") == "abc\u200f"


def test_links_are_escaped_on_both_sides() -> None:
    assert linked('/?q="', "<") == '<a href="/?q=&#34;"><bdi>&lt;</bdi></a>'


def test_places_can_be_led_to() -> None:
    html = placed("a <b> c d", [(0, 1, 4), (2, 5, 4), (6, 7, 5)], 4)
    assert html == (
        '<mark id="hit-5" tabindex="-1" class="current">a</mark> '
        '<mark class="current">&lt;b&gt;</mark> <mark id="hit-6" tabindex="-1">c</mark> d'
    )
