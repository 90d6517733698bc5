from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Document
from fihris.search import Searcher
from fihris.search.weights import PLAIN, WEIGHTS
from msgspec.structs import replace

from ..collections import Collection, random_commits, write
from .random_queries import Queries

pytestmark = pytest.mark.usefixtures("either_way")


def gains(tmp_path: Path, texts: dict[str, str], query: str, **weights: float) -> dict[str, float]:
    """What each document gains by some weights, beside none."""
    index = write(tmp_path / "index", [[Document(n, "", text) for n, text in texts.items()]]).index
    before = dict(Searcher(index, PLAIN).rank(query))
    after = dict(Searcher(index, replace(PLAIN, **weights)).rank(query))
    assert before.keys() == after.keys()
    return {name: after[name] - before[name] for name in after}


def test_words_close_together(tmp_path: Path) -> None:
    texts = {
        "near": "zebra one two crossing" + " other" * 30,
        "far": "zebra" + " other" * 30 + " one two crossing",
        "one": "zebra other one two",
    }
    found = gains(tmp_path, texts, "crossing zebra", together=0.5)
    assert found["near"] > found["far"] > found["one"] > 0


def test_letters_that_are_alike(tmp_path: Path) -> None:
    texts = {"alike": "volunteer volunteering", "other": "volunteer gardening"}
    found = gains(tmp_path, texts, "volunteer", letters=0.1)
    assert found["alike"] > found["other"] > 0


def test_the_language_of_the_query(tmp_path: Path) -> None:
    texts = {
        "fr": "Les volontaires sont dans la grande nation avec nous et pour nous",
        "en": "The nation of the free and the home of the brave were with them",
    }
    found = gains(tmp_path, texts, "dans une nation", language=1.5)
    assert found["en"] == 0
    assert found["fr"] > 0
    assert gains(tmp_path / "no", texts, "nation", language=1.5) == {"fr": 0, "en": 0}


def test_the_same_in_any_segments(tmp_path: Path) -> None:
    documents = [change for c in random_commits(Random(9), 5, 12, deletions=False) for change in c]
    different = {d.id: d for d in documents if isinstance(d, Document)}
    ids = sorted(different)
    commits = [[different[name] for name in ids[n::4]] for n in range(4)]
    several: Collection = write(tmp_path / "several", commits)
    one = write(tmp_path / "one", [[different[name] for name in ids]])
    queries = Queries(Random(9), several)
    assert len(Searcher(several.index).snapshot.parts) == 4
    for _ in range(40):
        text = " ".join(queries.passage(5))
        assert Searcher(several.index).rank(text) == Searcher(one.index).rank(text), text


def test_those_looked_at_stay_before_the_others(tmp_path: Path) -> None:
    documents = [
        Document(f"d{n}", "", "The army of the nation was there " + "army " * (9 - n))
        for n in range(9)
    ] + [Document("fr", "", "Les armées sont dans la grande nation avec nous")]
    index = write(tmp_path / "index", [documents]).index
    few = Searcher(index, replace(WEIGHTS, depth=4)).rank("the army of a nation")
    scores = [score for _, score in few]
    assert scores == sorted(scores, reverse=True)
