"""In which documents it is looked where words stand. That it is the same in any segments, and as in
the twin, is checked in test_execute.py."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from fihris.indexer import Document
from fihris.search import Searcher
from fihris.search.results import Results
from fihris.search.weights import WEIGHTS
from msgspec.structs import replace

from ..collections import write

pytestmark = pytest.mark.usefixtures("either_way")

# A word that stands in one document more often than a query may read, and in two others.
ENDLESS = 200_000
TEXTS = {"endless": "red " * ENDLESS + "hare", "short": "a red red fox", "long": "red red red fox"}
FEW = replace(WEIGHTS, places_cap=5000)


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    documents = [Document(name, text=text, language="en") for name, text in TEXTS.items()]
    # So many that the average tells nothing of the endless one.
    others = [Document(str(n), text="a blue sky", language="en") for n in range(300)]
    write(tmp_path / "index", [documents[:2], [*documents[2:], *others]])
    return Searcher(tmp_path / "index", FEW)


def ids(results: Results) -> list[str]:
    return sorted(hit.id for hit in results.hits)


@pytest.mark.parametrize(
    "query",
    ['"red red"', "red NEAR red", '"red red" NEAR "red red"', '"red red" OR title:"red"',
     '"red red" NEAR/4 (red OR hare) OR red NEAR red'],
)  # fmt: skip
def test_a_word_repeated_without_end_is_too_much(searcher: Searcher, query: str) -> None:
    for _ in range(2):
        searcher.search(query)  # what is read once, or made for a second query
    tracemalloc.start()
    results = searcher.search(query)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (ids(results), results.partial) == (["long", "short"], True)
    assert peak < ENDLESS * 2  # bytes; 8 for each place


def test_what_is_too_much_and_excluded_excludes_everything(searcher: Searcher) -> None:
    results = searcher.search('fox -"red red"')
    assert (ids(results), results.partial) == ([], True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # Neither the words that stand together there nor all that must are in the endless one.
        ('"red fox"', ["long", "short"]),
        ("red NEAR fox", ["long", "short"]),
        ('"red red" NEAR fox', ["long", "short"]),
        ('"hare"', ["endless"]),
    ],
)
def test_what_is_repeated_elsewhere_is_not_too_much(
    searcher: Searcher, query: str, found: list[str]
) -> None:
    results = searcher.search(query)
    assert (ids(results), results.partial) == (found, False)


def test_the_documents_with_the_fewest_places_are_looked_at(tmp_path: Path) -> None:
    documents = [Document(str(n), text="red " * n) for n in (2, 3, 4, 5)]
    write(tmp_path / "index", [documents[:1], documents[1:]])
    for cap, found in ((14, "2345"), (13, "234"), (9, "234"), (8, "23"), (5, "23"), (4, "2")):
        results = Searcher(tmp_path / "index", replace(WEIGHTS, places_cap=cap)).search('"red red"')
        assert results.partial == (found != "2345")
        # What is reckoned with one place in each document leaves some out before.
        assert set(ids(results)) <= set(found)
        assert set(ids(results)) == set(found) or cap < 8
