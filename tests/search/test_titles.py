from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Document
from fihris.indexer.folding import fold
from fihris.indexer.words import words
from fihris.search import Searcher
from fihris.search.titles import Title
from fihris.search.weights import WEIGHTS

from ..collections import NUMBERS, WORDS, Collection, write
from .twin import Entry, Twin

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


@pytest.mark.parametrize("number", NUMBERS)
def test_equals_looking_at_every_title(collections: list[Collection], number: int) -> None:
    searcher = Searcher(collections[number].index)
    entries = [entry for entry in Twin(collections[number].held(), WEIGHTS).entries if entry.live]
    random = Random(number)
    some = 0
    of_titles = [word for entry in entries for word in entry.document.title.split()]
    for _ in range(40):
        texts = random.choices([*WORDS, *of_titles], k=random.randint(1, 2))
        asked = [word for text in texts for word in words(text) if len(word) > 1] or ["army"]
        started = asked[-1][: random.randint(2, len(asked[-1]))].rstrip("'")
        expected = fitting(entries, [fold(word) for word in asked[:-1]], fold(started))
        # Where nothing fits, it may be completed with an error.
        if expected and len(started) > 1:
            text = " ".join([*asked[:-1], started])
            limit = random.choice([1, 3, 20])
            assert searcher.titles(text, limit) == expected[:limit], text
            some += 1
    assert some or not of_titles


def fitting(entries: list[Entry], head: list[str], started: str) -> list[Title]:
    """The titles that hold some words and one that begins so, one document after another."""
    ranked = []
    for entry in entries:
        key = words(entry.document.title)
        forms = [fold(word) for word in key]
        if not any(form.startswith(started) for form in forms) or not set(head) <= set(forms):
            continue
        begins = forms[: len(head)] == head and "".join(forms[len(head) :][:1]).startswith(started)
        length = -entry.lengths["text"]
        title, name = entry.document.title, entry.document.id
        ranked.append((not begins, len(key), length, title, name, tuple(key)))
    ranked.sort()
    chosen: dict[tuple[str, ...], Title] = {}
    for *_, title, name, key in ranked:
        several = sum(tuple(words(entry.document.title)) == key for entry in entries) > 1
        chosen.setdefault(key, Title(title, "" if several else name))
    return list(chosen.values())


@pytest.mark.parametrize("count", [8, 150])
def test_those_that_begin_so_come_first_however_many(tmp_path: Path, count: int) -> None:
    """Of so many that no others are looked at, and of fewer."""
    texts = [f"prague {n}" for n in range(count)] + [f"of prague {n}" for n in range(count)]
    documents = [Document(f"{n}", title, "word " * n) for n, title in enumerate(texts)]
    commits = [documents[: count // 2], documents[count // 2 :]]
    found = Searcher(write(tmp_path / "index", commits).index).titles("prag", 20)
    longest = [*range(count - 1, -1, -1), *range(2 * count - 1, count - 1, -1)]
    assert found == [Title(texts[n], f"{n}") for n in longest[:20]]
