from __future__ import annotations

from pathlib import Path

from fihris.search import Hit, Match, Searcher, Snippet
from fihris.search.weights import Layer
from fihris.web.views import (
    Badge,
    Paragraph,
    badges,
    examples,
    hit_views,
    offered_languages,
    paragraphs,
    simple_fields,
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
    spans = [(7, 10), (15, 20), (text.index("four"), len(text))]
    assert paragraphs(text, spans, "Title") == [
        Paragraph("one two", [(0, 3)], False),
        Paragraph("three", [(0, 5)], True),
        Paragraph("\tfour", [(1, 5)], False),
    ]
    assert paragraphs("\n \n", [], "Title") == []


def test_line_ends_of_all_kinds() -> None:
    assert [p.close for p in paragraphs("a\r\nb\r\n\r\nc\u2029d", [], "")] == [
        False,
        True,
        False,
        True,
    ]


def test_simple_metadata_is_shown() -> None:
    extra = {"a": "x", "b": 3, "c": ["y", 4], "d": {"e": 1}, "f": [{"g": 1}], "h": None}
    assert simple_fields(extra) == [("a", "x"), ("b", "3"), ("c", "y; 4")]
    assert simple_fields(None) == []


def test_the_chosen_language_is_always_offered() -> None:
    assert {"ar", "fr", "en"} <= set(offered_languages(""))
    assert offered_languages("fr") == offered_languages("")
    assert offered_languages("it")[-1] == "it"


def test_examples_tell_whether_they_find_anything(index_path: Path) -> None:
    searcher = Searcher(index_path)
    for code in INTERFACES:
        found = {example.key: example for example in examples(searcher, Wording(code))}
        assert found["example-title"].finds, "each interface looks for letters"
        assert not found["example-without"].finds, "nothing here is about Vlasov"
