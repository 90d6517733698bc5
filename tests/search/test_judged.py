"""The ranking is guarded by a small judged collection, written for this project.

`judged/` has the format of `bench.relevance`: thirty short texts in three languages, and queries
that ask for them in other forms, without accents, misspelt, or with the digits of another script.
"""

from __future__ import annotations

from math import log2
from pathlib import Path
from statistics import mean

import msgspec
import pytest
from fihris.indexer import Document
from fihris.search import WEIGHTS, Searcher, Weights
from fihris.search.weights import PLAIN
from msgspec.structs import replace

from ..collections import write

HERE = Path(__file__).parent / "judged"
Judgements = dict[str, dict[str, int]]
# All are reached in full. Of twelve queries a language, one that finds nothing is .083 less.
BOUNDS = {"ar": 0.95, "en": 0.95, "fr": 0.95}


def lines(name: str) -> list[str]:
    return (HERE / name).read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def queries() -> dict[str, str]:
    found = (line.partition("\t") for line in lines("queries.tsv"))
    return {number: text for number, _, text in found}


@pytest.fixture(scope="module")
def judgements() -> Judgements:
    found: Judgements = {}
    for line in lines("qrels.txt"):
        query, _, document, relevance = line.split()
        found.setdefault(query, {})[document] = int(relevance)
    return found


@pytest.fixture(scope="module", params=[1, 7])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    documents = [Document(**msgspec.json.decode(line)) for line in lines("corpus.jsonl")]
    commits = [documents[n :: request.param] for n in range(request.param)]
    return Searcher(write(tmp_path_factory.mktemp("judged") / "index", commits).index)


def ndcg(ranked: list[str], relevance: dict[str, int]) -> float:
    """nDCG@10 with the relevance itself as gain (Järvelin and Kekäläinen 2002)."""
    best = sorted(relevance.values(), reverse=True)[:10]
    gains = [relevance.get(document, 0) for document in ranked[:10]]
    of_gains, of_best = (
        sum(gain / log2(place + 2) for place, gain in enumerate(each)) for each in (gains, best)
    )
    return of_gains / of_best


def by_language(
    searcher: Searcher, queries: dict[str, str], judgements: Judgements, weights: Weights
) -> dict[str, float]:
    other = Searcher(searcher._index, weights)
    values: dict[str, list[float]] = {}
    for number, text in queries.items():
        ranked = [document for document, _ in other.rank(text, 10)]
        values.setdefault(number[:2], []).append(ndcg(ranked, judgements[number]))
    return {language: mean(found) for language, found in values.items()}


def test_the_measure() -> None:
    assert ndcg(["a", "b"], {"a": 2, "b": 1}) == 1
    assert ndcg(["x", "a"], {"a": 1}) == pytest.approx(1 / log2(3))
    assert ndcg(["x"] * 10 + ["a"], {"a": 1}) == 0


def test_the_ranking_is_as_good_as_it_was(
    searcher: Searcher, queries: dict[str, str], judgements: Judgements
) -> None:
    reached = by_language(searcher, queries, judgements, WEIGHTS)
    assert reached.keys() == BOUNDS.keys()
    for language, bound in BOUNDS.items():
        assert reached[language] >= bound, reached


def test_no_query_is_too_much(searcher: Searcher, queries: dict[str, str]) -> None:
    assert not any(searcher.search(text).partial for text in queries.values())


@pytest.mark.parametrize("layer", ["stem", "root", "similar", "corrected"])
def test_a_layer_that_is_lost_is_missed(
    searcher: Searcher, queries: dict[str, str], judgements: Judgements, layer: str
) -> None:
    """A collection that is ranked as well without it would guard nothing."""
    reached = by_language(searcher, queries, judgements, replace(WEIGHTS, **{layer: 0}))
    assert any(reached[language] < bound for language, bound in BOUNDS.items()), reached


def test_words_as_written_are_not_enough(
    searcher: Searcher, queries: dict[str, str], judgements: Judgements
) -> None:
    reached = by_language(searcher, queries, judgements, PLAIN)
    assert all(reached[language] < bound - 0.2 for language, bound in BOUNDS.items()), reached
