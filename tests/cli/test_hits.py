"""A hit as a person reads it."""

from __future__ import annotations

from fihris.cli.hits import WHY, Style, lines
from fihris.search import Hit, Match, Snippet
from fihris.search.weights import Layer


def hit(**fields: object) -> Hit:
    given = {"id": "a/b.txt", "title": "Title", "language": "en", "score": 1.5, "source": ""}
    return Hit(**{**given, **fields})  # type: ignore[arg-type]


def test_a_hit_in_full() -> None:
    found = hit(
        source="Box 1",
        snippets=(
            Snippet("an army", ((3, 7),), 0, cut_before=True),
            Snippet("two\nlines", (), 9, cut_after=True),
        ),
        matched=(
            Match("army", "army", "exact"),
            Match("army", "armies", "stem"),
            Match("army", "Army", "folded"),
        ),
    )
    assert list(lines(found, 3, Style())) == [
        " 3. Title  [en]  1.50",
        "    a/b.txt  (Box 1)",
        "    accents or marks: Army; other form: armies",
        "    … an army",
        "    two lines …",
    ]


def test_without_title_language_and_source() -> None:
    found = hit(title="", language="", source="a/b.txt", title_highlights=((0, 1),))
    assert list(lines(found, 10, Style())) == ["10. a/b.txt  [?]  1.50", "    a/b.txt"]


def test_many_related_words() -> None:
    matched = tuple(Match("x", f"w{n % 7}", "root") for n in range(14))
    assert list(lines(hit(matched=matched), 1, Style()))[2] == (
        "    same root: w0, w1, w2, w3, w4 …"
    )


def test_every_way_to_be_related_has_a_name() -> None:
    assert {"exact", *WHY} == {layer.name.lower() for layer in Layer}


def test_marks_stand_where_the_words_are() -> None:
    found = hit(
        title="The army",
        title_highlights=((4, 8),),
        snippets=(Snippet("an army\x1b[2J of\narmies", ((3, 7), (15, 21)), 0, cut_before=True),),
    )
    title, _, snippet = lines(found, 1, Style(colour=True))
    assert "\x1b[1mThe \x1b[1;31marmy\x1b[0m\x1b[1m\x1b[0m" in title
    assert snippet == "    … an \x1b[1;31marmy\x1b[0m[2J of \x1b[1;31marmies\x1b[0m"


def test_directions_are_kept_apart() -> None:
    found = hit(title="جيش", snippets=(Snippet("التحرير", ((0, 7),), 0),))
    title, origin, snippet = lines(found, 1, Style(isolate=True))
    assert title == " 1. \u2068جيش\u2069  [\u2068en\u2069]  1.50"
    assert origin == "    \u2068a/b.txt\u2069"
    assert snippet == "    \u2068التحرير\u2069"
    coloured = list(lines(found, 1, Style(colour=True, isolate=True)))[2]
    assert coloured == "    \u2068\x1b[1;31mالتحرير\x1b[0m\u2069"
