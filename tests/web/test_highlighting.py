from __future__ import annotations

from pathlib import Path

import pytest
from fihris.indexer import Document, Index
from fihris.search import Searcher
from fihris.web.highlighting import Highlights, highlighted


def words_marked(searcher: Searcher, query: str, document_id: str) -> tuple[list[str], list[str]]:
    fields = searcher.document(document_id)
    assert fields is not None
    title, text = fields["title"], fields["text"]
    found = highlighted(searcher, query, document_id, title, text, 0, len(text))
    return [title[a:b] for a, b in found.title], [text[a:b] for a, b in found.text]


@pytest.mark.parametrize(
    ("query", "title", "text"),
    [
        ("armee", ["l’armée"], ["L’Armée"]),
        ("libération musée", [], ["libération", "musées"]),
        ('"une lettre"', [], ["une", "lettre"]),
        ("lettre -musées", ["lettre"], ["lettre"]),
        ("title:lettre", ["lettre"], []),
        ("", [], []),
        ("zzzz", [], []),
    ],
)
def test_words_are_marked_as_they_stand(
    index_path: Path, query: str, title: list[str], text: list[str]
) -> None:
    assert words_marked(Searcher(index_path), query, "lettre-fr") == (title, text)


def test_only_the_page_asked_for_is_read(tmp_path: Path) -> None:
    text = "".join(f"Line {n} holds the word tram once.\n\n" for n in range(2000))
    with Index.create(tmp_path / "index") as index, index.writer() as writer:
        writer.add(Document(id="other", text="A tram."))
        writer.add(Document(id="long", title="The tram", text=text))
    searcher = Searcher(tmp_path / "index")
    start, end = text.index("Line 700 "), text.index("Line 710 ")
    found = highlighted(searcher, "trams", "long", "The tram", text, start, end)
    inside = [text[a:b] for a, b in found.text if start <= a < end]
    assert inside == ["tram"] * 10
    assert len(found.text) < 100, "no more than the passages at the edges"
    assert found.title == [(4, 8)]


def test_an_unknown_document_has_no_marks(index_path: Path) -> None:
    assert highlighted(Searcher(index_path), "x", "none", "", "", 0, 0) == Highlights([], [])
