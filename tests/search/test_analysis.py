"""What words and terms stand for, as people are shown it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fihris.indexer import Document
from fihris.search import Searcher, Thesaurus
from fihris.search.analysis import TermView, WordView

from ..collections import write


def test_what_words_stand_for(tmp_path: Path) -> None:
    texts = ["l'armée armee Armées", "une armée", "الجيش وللجيش"]
    documents = [Document(str(n), "", text) for n, text in enumerate(texts)]
    searcher = Searcher(write(tmp_path / "index", [[d] for d in documents]).index)
    (armee,) = searcher.analyze("Armée")
    assert (armee.word, armee.folded, armee.correction) == ("armée", "armee", "")
    assert [(word, layer) for word, layer, _, _ in armee.variants][:2] == [
        ("armée", "exact"),
        ("armee", "folded"),
    ]
    assert armee.variants[0][2:] == (1.0, 2)
    assert {"fr", "en"} <= set(armee.stems)
    (wrong,) = searcher.analyze("الجيس")
    assert wrong.correction == "الجيش"
    assert wrong.as_json()["variants"][0]["layer"] == "corrected"
    assert searcher.analyze("") == []


@pytest.fixture(scope="module", params=[1, 4])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    texts = [
        "The Red Cross wrote from Geneva", "la Croix-Rouge et les croix rouges",
        "رسالة من الصليب الأحمر", "a cross that is red, and the ICRC",
    ]  # fmt: skip
    documents = [Document(str(n), "", text) for n, text in enumerate(texts)]
    commits = [documents[n :: request.param] for n in range(request.param)]
    groups = [["red cross", "croix rouge", "الصليب الأحمر", "ICRC"], ["geneva", "genève"]]
    index = write(tmp_path_factory.mktemp("analysis") / "index", commits).index
    return Searcher(index, thesaurus=Thesaurus(groups))


def test_a_term_stands_before_its_words(searcher: Searcher) -> None:
    views = searcher.analyze("red cross geneva")
    term, *words = views
    synonyms = [("croix rouge", 1), ("الصليب الأحمر", 1), ("icrc", 1)]
    assert term == TermView("red cross", 1, synonyms)
    assert [word.word for word in words if isinstance(word, WordView)] == ["red", "cross", "geneva"]
    assert not any(word.synonyms for word in words)
    assert term.as_json() == {
        "term": "red cross",
        "documents": 1,
        "synonyms": [{"term": word, "documents": count} for word, count in synonyms],
    }


def test_a_word_has_its_synonyms_of_several_words(searcher: Searcher) -> None:
    (icrc,) = searcher.analyze("ICRC")
    assert icrc.synonyms == [("red cross", 1), ("croix rouge", 1), ("الصليب الأحمر", 1)]
    assert icrc.as_json()["synonyms"][0] == {"term": "red cross", "documents": 1}


def test_what_is_shown_is_what_a_search_looks_for(searcher: Searcher) -> None:
    """In other forms, with articles, twice; and not apart."""
    for text, term in (("Croix-Rouge", "croix rouge"), ("والصليب الأحمر", "والصليب الاحمر")):
        view = searcher.analyze(text)[0]
        assert isinstance(view, TermView)
        assert {hit.id for hit in searcher.search(text).hits if not hit.similar} >= {"0", "1", "2"}
        assert view.documents == 1, term
    kinds = [isinstance(view, TermView) for view in searcher.analyze("red cross or red cross")]
    assert kinds == [True, False, False, False, True, False, False]
    assert not any(isinstance(view, TermView) for view in searcher.analyze("cross red"))


def test_a_snippet_s_count_is_that_of_its_documents(searcher: Searcher) -> None:
    _, view = searcher.analyze("geneva"), searcher.analyze("ICRC")[0]
    for term, count in view.synonyms:
        assert searcher.search(f'"{term}"').total == count
