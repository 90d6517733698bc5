from __future__ import annotations

from pathlib import Path

import pytest
from fihris.indexer import Document, Index
from fihris.search import Searcher
from fihris.search.wholetext import WholeText

_TEXT = (
    "The tram\n\nThe red tram came late. Trams are slow.\n\nقرأ الرسالة في الترام.\n\n"
    "No more trams."
)


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    with Index.create(tmp_path / "index") as index:
        with index.writer() as writer:
            writer.add(Document(id="a", title="The tram", text=_TEXT))
            writer.add(Document(id="other", text="Another tram."))
        with index.writer() as writer:
            lines = "".join(f"Line {n} holds the word tram once.\n\n" for n in range(2000))
            writer.add(Document(id="long", title="Long", text=lines))
            writer.delete("other")
    return Searcher(tmp_path / "index")


def found(searcher: Searcher, query: str, document_id: str = "a") -> WholeText:
    marks = searcher.highlights(query, document_id)
    assert marks is not None
    return marks


@pytest.mark.parametrize(
    ("query", "title", "words", "places"),
    [
        ("tram", ["tram"], ["tram", "Trams", "trams"], [0, 1, 2]),
        ("red tram", ["tram"], ["red", "tram", "Trams", "trams"], [0, 0, 1, 2]),
        ('"red tram came"', [], ["red", "tram", "came"], [0, 0, 0]),
        ("رسالة", [], ["الرسالة"], [0]),
        ("title:tram", ["tram"], [], []),
        ("tram -late", ["tram"], ["tram", "Trams", "trams"], [0, 1, 2]),
        ("", [], [], []),
        ("zzzz", [], [], []),
    ],
)
def test_places(
    searcher: Searcher, query: str, title: list[str], words: list[str], places: list[int]
) -> None:
    marks = found(searcher, query)
    inside = marks.within(_TEXT, 0, len(_TEXT))
    assert ["The tram"[a:b] for a, b in marks.title] == title
    # The text begins with its title again, which is not counted as text.
    assert [_TEXT[a:b] for a, b, _ in inside] == words
    assert [place for *_, place in inside] == places
    assert marks.count == len(set(places))


def test_a_place_is_near_where_its_passage_begins(searcher: Searcher) -> None:
    document = searcher.document("long")
    assert document is not None
    text = document["text"]
    marks = found(searcher, "trams", "long")
    assert marks.count == 2000
    for place in (0, 1, 700, 1999):
        at = marks.near(place)
        inside = marks.within(text, at, at + 1)
        assert place in [each for *_, each in inside]


def test_only_the_stretch_asked_for_is_read(searcher: Searcher) -> None:
    document = searcher.document("long")
    assert document is not None
    text = document["text"]
    start, end = text.index("Line 700 "), text.index("Line 710 ")
    inside = found(searcher, "trams", "long").within(text, start, end)
    assert len(inside) < 100, "no more than the passages at the edges"
    assert [place for a, _, place in inside if start <= a < end] == list(range(700, 710))


def test_a_hit_knows_how_many_places_there_are(searcher: Searcher) -> None:
    for query in ("tram", "red tram", "title:tram"):
        for hit in searcher.search(query).hits:
            assert hit.places == found(searcher, query, hit.id).count


def test_a_heading_that_says_more_is_text(tmp_path: Path) -> None:
    with Index.create(tmp_path / "more") as index, index.writer() as writer:
        writer.add(Document(id="a", title="The tram", text="The tram came.\n\nA tram."))
    marks = found(Searcher(tmp_path / "more"), "tram")
    assert (marks.headed, marks.count) == (False, 2)


def test_an_unknown_document(searcher: Searcher) -> None:
    assert searcher.highlights("tram", "none") is None
    assert searcher.highlights("tram", "other") is None
