from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from fihris.indexer import Document
from fihris.indexer.words import words
from fihris.search import Searcher
from fihris.search.execute import execute
from fihris.search.marks import Marks, marks
from fihris.search.snapshot import Snapshot
from fihris.search.syntax import parse
from fihris.search.weights import WEIGHTS

from ..collections import write

pytestmark = pytest.mark.usefixtures("either_way")

TEXT = "the army of liberation met other armies near Prague while the Armée waited"
TITLE = "An army in Prague"
WORDS = [*words(TITLE), "", *words(TEXT)]  # a title stands one word apart


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    documents = [
        Document("other", "", "armies of others"),
        Document("a", TITLE, TEXT),
        Document("alike", "", "praguesque"),
        Document("both", "Praguesque", "praguesque Prague"),
    ]
    return Snapshot(write(tmp_path_factory.mktemp("marks") / "index", [documents]).index)


def marked(snapshot: Snapshot, query: str, *docs: int) -> list[Marks]:
    ranking = execute(snapshot, WEIGHTS, parse(query).query, 10)
    return marks(ranking.plan, 0, snapshot.parts[0], np.array(docs, np.int64))


@pytest.mark.parametrize(
    ("query", "in_text", "in_title"),
    [
        ("army", ["army", "army", "armies"], ["army"]),
        ("title:army", [], ["army"]),
        ("=army", ["army", "army"], ["army"]),
        ('"army of liberation"', ["army", "of", "liberation"], []),
        ('"army in prague"', ["army", "in", "prague"], ["army", "in", "prague"]),
        ("liberation NEAR/2 army", ["army", "liberation"], []),
        ("arm*", ["army", "army", "armies", "armée"], ["army"]),
        ("met -berlin", ["met"], []),
        ("met AND waited", ["met", "waited"], []),
        ("language:en", [], []),
        ("nothing", [], []),
    ],
)
def test_words(snapshot: Snapshot, query: str, in_text: list[str], in_title: list[str]) -> None:
    (found,) = marked(snapshot, query, 1)
    assert [WORDS[n] for n in found.positions] == in_text
    assert [WORDS[n] for n in found.title] == in_title
    assert len(found.positions) == len(found.worth) == len(found.leaf)


def test_several_documents_and_leaves(snapshot: Snapshot) -> None:
    first, second = marked(snapshot, "others prague", 0, 1)
    assert first.positions.tolist() == [2]
    assert set(second.leaf.tolist()) == {0, 1}
    assert (np.diff(second.positions) > 0).all()
    assert [match.word for match in first.matches] == ["others"]
    assert {match.query for match in second.matches} == {"others", "prague"}


def test_of_one_word_the_leaf_that_tells_more(snapshot: Snapshot) -> None:
    (found,) = marked(snapshot, 'army "army of liberation met"', 1)
    place = found.positions.tolist().index(WORDS.index("of") - 1)
    assert found.leaf[place] == 1


def test_similar_words_only_where_nothing_closer_stands(snapshot: Snapshot) -> None:
    alike, both = marked(snapshot, "prague", 2, 3)
    assert [(match.word, match.layer) for match in alike.matches] == [("praguesque", "similar")]
    assert (alike.core, alike.positions.tolist()) == (False, [0])
    assert [match.word for match in both.matches] == ["prague"]
    assert (both.core, both.positions.tolist(), both.title.tolist()) == (True, [3], [])


def test_a_wildcard_tells_of_so_many_words_only(tmp_path: Path) -> None:
    text = " ".join(f"army{n}" for n in range(300))
    snapshot = Snapshot(write(tmp_path / "index", [[Document("a", "", text)]]).index)
    (found,) = marked(snapshot, "arm*", 0)
    assert len(found.positions) == 300
    assert len(found.matches) == 50


@pytest.mark.parametrize("query", ["red", '"red fox"', "red NEAR/3 fox", "r*d"])
def test_of_a_word_repeated_without_end_the_first_places(
    tmp_path: Path, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [
        Document("endless", "", "red fox " * 1000),
        Document("none", "", "a blue hare"),
        Document("short", "", "a red fox"),
        Document("long", "", "the red fox " * 500),
    ]
    snapshot = Snapshot(write(tmp_path / "index", [documents]).index)
    every = marked(snapshot, query, 0, 2, 3)
    monkeypatch.setattr("fihris.search.marks.MAX_PLACES", 40)
    found = marked(snapshot, query, 0, 2, 3)
    most = 80 if "NEAR" in query else 40  # of each word of two
    for some, all_ in zip(found, every, strict=True):
        assert some.positions.tolist() == all_.positions[:most].tolist()
        assert (some.matches, some.core) == (all_.matches, all_.core)


def test_of_many_words_repeated_without_end_each_has_as_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = Document("endless", "", "red fox blue hare " * 100)
    snapshot = Snapshot(write(tmp_path / "index", [[document]]).index)
    monkeypatch.setattr("fihris.search.marks.MAX_TOGETHER", 12)
    (found,) = marked(snapshot, 'red fox "blue hare"', 0)
    assert found.positions.tolist() == [*range(10), 12, 13]  # two times "blue hare"
    (found,) = marked(snapshot, "re* r?d *ed fo* f?x *ox", 0)
    assert found.positions.tolist() == [0, 1, 4, 5]


@pytest.mark.parametrize(
    ("query", "most"),
    [("red NEAR red", 100), ('"red red" NEAR "red red"', 170), ('"red red"', 100)],
)
def test_memory_for_a_word_repeated_without_end(tmp_path: Path, query: str, most: int) -> None:
    write(tmp_path / "index", [[Document("endless", "", "red " * 200_000)]])
    searcher = Searcher(tmp_path / "index")
    searcher.search(query)  # what is read once
    tracemalloc.start()
    assert searcher.search(query).total == 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / 200_000 < most  # bytes for each word; 115 to 246 while all places were sorted
