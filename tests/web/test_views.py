from __future__ import annotations

from pathlib import Path

import pytest
from fihris.search import Hit, Match, Searcher, Snippet
from fihris.search.facets import Bar
from fihris.search.weights import Layer
from fihris.web.views import (
    Badge,
    Paragraph,
    badges,
    citation,
    examples,
    histogram,
    hit_views,
    paragraphs,
    simple_fields,
    strictly,
)
from fihris.web.wording import INTERFACES, Wording


def test_a_badge_tells_the_closest_relation_of_each_word() -> None:
    matched = [
        Match("army", "army", "exact"),
        Match("army", "armies", "stem"),
        Match("musee", "musée", "folded"),
        Match("musee", "musées", "stem"),
        Match("letter", "letterhead", "similar"),
    ]
    assert badges(matched) == (
        Badge("exact", ("army",), False),
        Badge("form", ("musée", "musées"), False),
        Badge("similar", ("letterhead",), False),
    )


def test_few_words_are_named() -> None:
    (badge,) = badges([Match("a*", f"a{n}", "exact") for n in range(9)])
    assert badge.words == ("a0", "a1", "a2", "a3")
    assert badge.more


def test_every_layer_has_a_badge() -> None:
    for layer in Layer:
        assert len(badges([Match("a", "b", layer.name.lower())])) == 1


def test_a_snippet_that_repeats_the_title_is_not_shown() -> None:
    shown = Snippet("And more", (), 6)
    hit = Hit("d", "Title", "en", 1.0, "", (Snippet("Title ", (), 0), shown))
    assert hit_views([hit])[0].snippets == (shown,)


def test_paragraphs_take_their_marks_along() -> None:
    text = "Title\n\none two\nthree\n \n\n\tfour"
    four = text.index("four")
    spans = [(7, 10, 0), (15, 20, 1), (four, len(text), 2)]
    assert paragraphs(text, 0, spans, headed=True) == [
        Paragraph("one two", 7, [(0, 3, 0)], False),
        Paragraph("three", 15, [(0, 5, 1)], True),
        Paragraph("\tfour", four - 1, [(1, 5, 2)], False),
    ]
    assert paragraphs(text[15:], 15, spans, headed=True)[0] == Paragraph(
        "three", 15, [(0, 5, 1)], False
    )
    assert paragraphs("\n \n", 0, [], headed=True) == []


def test_line_ends_of_all_kinds() -> None:
    assert [p.close for p in paragraphs("a\r\nb\r\n\r\nc\u2029d", 0, [])] == [
        False,
        True,
        False,
        True,
    ]


def test_simple_metadata_is_shown() -> None:
    extra = {"a": "x", "b": 3, "c": ["y", 4], "d": {"e": 1}, "f": [{"g": 1}], "h": None}
    assert simple_fields(extra) == [("a", "x"), ("b", "3"), ("c", "y; 4")]
    assert simple_fields(None) == []


def test_examples_tell_whether_they_find_anything(index_path: Path) -> None:
    searcher = Searcher(index_path)
    for code in INTERFACES:
        found = {example.key: example for example in examples(searcher, Wording(code))}
        assert found["example-title"].finds, "each interface looks for letters"
        assert not found["example-without"].finds, "nothing here is about Vlasov"


def test_one_click_to_exactly_this_word() -> None:
    matched = [
        Match("armee", "armées", "stem"),
        Match("musee", "musée", "folded"),
        Match("vlasov", "vlassov", "similar"),
    ]
    assert strictly("armee Vlasov musee", matched) == [
        ("armee", '"armee" Vlasov musee'),
        ("Vlasov", 'armee "Vlasov" musee'),
    ]
    assert strictly('"armee"', matched) == strictly("=armee title:vlasov", matched) == []


def test_bars_are_drawn_from_where_reading_begins() -> None:
    bars = [Bar(1940 + n, 1940 + n, n) for n in range(20)]
    there, mirrored = histogram(bars, mirrored=False), histogram(bars, mirrored=True)
    assert [view.x for view in there] == sorted(view.x for view in there)
    assert [view.x for view in mirrored] == sorted((v.x for v in there), reverse=True)
    assert [view.height for view in there][:2] == [0, 6]
    assert max(view.height for view in there) == 96
    assert all(view.y + view.height == 100 for view in there)
    assert histogram([], mirrored=True) == []


@pytest.mark.parametrize("code", INTERFACES)
def test_a_citation(code: str) -> None:
    fields = {"title": "The\u202e letter", "creator": "Ruth", "date": "1944", "collection": "C"}
    parts = citation(fields, "Archive", "http://a/b", Wording(code))
    texts = [text for _, text, _ in parts]
    assert texts == ["Ruth", "The letter", "1944", "C", "Archive", "http://a/b"]
    quotes = {"en": ("“", "”"), "fr": ("«\xa0", "\xa0»"), "ar": ("«", "»")}
    assert (parts[1][0], parts[1][2]) == quotes[code]
    assert {(before, after) for before, _, after in (parts[0], *parts[2:])} == {("", "")}
    undated = citation({"title": ""}, "A", "http://a", Wording(code))
    assert ("", Wording(code)("undated"), "") in undated
