from __future__ import annotations

from random import Random

import pytest
from fihris.indexer import Document
from fihris.indexer.folding import fold
from fihris.indexer.words import words
from fihris.search import Searcher
from fihris.search.titles import Title

from ..collections import WORDS, Collection, write

DOCUMENTS = [
    Document("a", "La lettre de Prague", "un texte"),
    Document("b", "Lettre", "un texte assez long"),
    Document("c", "Lettres à Élise", "un"),
    Document("d", "رسالة إلى الجيش", "نص"),
    Document("e", "Journal", "un"),
    Document("f", "journal", "deux"),
    Document("g", "Journaux", "gone"),
]


@pytest.fixture(scope="module", params=[9, 2])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    size = request.param
    commits = [DOCUMENTS[n : n + size] for n in range(0, len(DOCUMENTS), size)]
    return Searcher(write(tmp_path_factory.mktemp("titles") / "index", [*commits, ["g"]]).index)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # At the beginning of a title first, of those the title of the fewest words.
        ("let", ["b", "c", "a"]),
        ("lettres a el", ["c"]),
        ("prague let", ["a"]),
        ("رساله الى ج", []),
        ("رساله الى الج", ["d"]),
        # One typing error, where nothing goes on as it was typed.
        ("pragve", ["a"]),
        ("LETRTE", ["b", "c", "a"]),
        ("l", []),
        ("let ", []),
        ("xyz", []),
        ("", []),
    ],
)
def test_titles(searcher: Searcher, text: str, ids: list[str]) -> None:
    found = searcher.titles(text)
    assert [title.id for title in found] == ids
    title_of = {document.id: document.title for document in DOCUMENTS}
    assert [title.title for title in found] == [title_of[name] for name in ids]


def test_a_title_of_several_documents_is_given_once_and_leads_to_none(searcher: Searcher) -> None:
    assert searcher.titles("journ") == [Title("Journal", "")]


def test_how_many(searcher: Searcher) -> None:
    assert [title.id for title in searcher.titles("let", 1)] == ["b"]
    assert searcher.titles("let", 0) == searcher.titles("let", -1) == []


@pytest.mark.parametrize("number", range(8))
def test_equals_looking_at_every_title(collections: list[Collection], number: int) -> None:
    searcher = Searcher(collections[number].index)
    documents = collections[number].documents.values()
    keys = {document.id: words(document.title) for document in documents}
    random = Random(number)
    for _ in range(30):
        texts = random.choices(WORDS, k=random.randint(1, 2))
        asked = [word for text in texts for word in words(text) if len(word) > 1] or ["army"]
        started = asked[-1][: random.randint(2, len(asked[-1]))]
        head = [fold(word) for word in asked[:-1]]
        expected = set()
        for name in keys:
            forms = [fold(word) for word in keys[name]]
            begun = any(form.startswith(fold(started)) for form in forms)
            if begun and all(word in forms for word in head):
                expected.add(tuple(keys[name]))
        found = [
            tuple(words(t.title)) for t in searcher.titles(" ".join([*asked[:-1], started]), 20)
        ]
        assert len(found) == len(set(found))
        if expected:
            assert set(found) == expected or len(found) == 20
