from __future__ import annotations

import tracemalloc
from math import log
from pathlib import Path

import pytest
from fihris.indexer import Document
from fihris.search.execute import execute
from fihris.search.pairs import pairs
from fihris.search.rerank import rerank
from fihris.search.snapshot import Snapshot
from fihris.search.stopwords import lighten
from fihris.search.syntax import parse
from fihris.search.weights import PLAIN, WEIGHTS
from msgspec.structs import replace

from ..collections import write

pytestmark = pytest.mark.usefixtures("either_way")

TEXTS = {
    "near": "zebra crossing and then some other things here",
    "apart": "zebra and then some other things here crossing",
    "back": "crossing zebra and then some other things here",
    "twice": "zebra crossing zebra crossing other things are here",
    "one": "zebra",
}
ONLY_PAIRS = replace(PLAIN, pairs=0.2)


@pytest.fixture(scope="module", params=[1, 3])
def snapshot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    documents = [Document(name, "", text) for name, text in TEXTS.items()]
    size = -(-len(documents) // request.param)
    commits = [documents[n : n + size] for n in range(0, len(documents), size)]
    return Snapshot(write(tmp_path_factory.mktemp("pairs") / "index", commits).index)


def gains(snapshot: Snapshot, text: str) -> dict[str, float]:
    """What each hit gains by its pairs."""
    before = execute(snapshot, ONLY_PAIRS, parse(text).query, 100)
    after = rerank(snapshot, ONLY_PAIRS, parse(text).query, before)
    old = {(hit.part, hit.doc): hit.score for hit in before.hits}
    assert {(hit.part, hit.doc) for hit in after.hits} == set(old)
    assert after.hits == sorted(after.hits, key=lambda hit: -hit.score)
    return {
        snapshot.parts[hit.part].files.id_of(hit.doc): hit.score - old[hit.part, hit.doc]
        for hit in after.hits
    }


def test_neighbours_in_order_count(snapshot: Snapshot) -> None:
    found = gains(snapshot, "zebra crossing")
    # crossing is the rarer word: 4 of 5 documents; every text but one has 8 words.
    idf = log(1 + (5 - 4 + 0.5) / (4 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 8 / (sum(len(text.split()) for text in TEXTS.values()) / 5))
    assert found["near"] == pytest.approx(0.2 * idf * 2.2 * 1 / (1 + norm), rel=1e-4)
    assert found["twice"] == pytest.approx(0.2 * idf * 2.2 * 2 / (2 + norm), rel=1e-4)
    assert found["apart"] == found["back"] == found["one"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "zebra crossing -nothing",
        "zebra crossing language:en",
        "zebra AND crossing",
        "x OR zebra crossing",
    ],
)
def test_pairs_count_below_other_operators(snapshot: Snapshot, text: str) -> None:
    assert gains(snapshot, text)["near"] > 0


@pytest.mark.parametrize(
    "text",
    ["crossing", "title:zebra title:crossing", "things -(zebra crossing)", '"zebra crossing"'],
)
def test_what_is_no_pair(snapshot: Snapshot, text: str) -> None:
    ranking = execute(snapshot, WEIGHTS, parse(text).query, 100)
    assert pairs(ranking.plan, 1) == []
    assert rerank(snapshot, ONLY_PAIRS, parse(text).query, ranking).hits == ranking.hits


def test_only_the_best_are_ranked_again(tmp_path: Path) -> None:
    documents = [Document(f"d{n}", "", "zebra " * (9 - n) + "crossing") for n in range(9)]
    snapshot = Snapshot(write(tmp_path / "index", [documents]).index)
    few = replace(ONLY_PAIRS, pairs=50, depth=4)
    query = parse("zebra crossing").query
    ranking = execute(snapshot, few, query, 9)
    before, after = ranking.hits, rerank(snapshot, few, query, ranking).hits
    assert after[4:] == before[4:]
    assert {hit.doc for hit in after[:4]} == {hit.doc for hit in before[:4]}


def test_memory_for_words_repeated_without_end(tmp_path: Path) -> None:
    documents = [Document(str(n), "", "zebra crossing " * 20_000) for n in range(10)]
    snapshot = Snapshot(write(tmp_path / "index", [documents]).index)
    few, query = replace(WEIGHTS, places_cap=6_000), parse("zebra crossing").query
    ranking = execute(snapshot, few, query, 10)
    rerank(snapshot, few, query, ranking)  # what is read once
    tracemalloc.start()
    rerank(snapshot, few, query, ranking)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * 20_000 * 2 * 5  # bytes; 8 for each place, and more without kernels


def test_a_stop_word_that_was_left_out_counts_beside_a_word(tmp_path: Path) -> None:
    texts = {"of": "march of time and more", "apart": "of more and time march", "none": "march"}
    documents = [Document(name, "", text) for name, text in texts.items()]
    snapshot = Snapshot(write(tmp_path / "index", [documents]).index)
    weights = replace(PLAIN, stop_pairs=0.5)
    asked = parse("the march of time").query
    ranking = execute(snapshot, weights, lighten(asked, 1.0), 9)
    assert pairs(ranking.plan, 1)
    old = {hit.doc: hit.score for hit in ranking.hits}
    new = {hit.doc: hit.score for hit in rerank(snapshot, weights, asked, ranking).hits}
    gained = {snapshot.parts[0].files.id_of(doc): score - old[doc] for doc, score in new.items()}
    # march of, of time: of is nowhere else beside them; "the" stands in no document.
    length = sum(len(text.split()) for text in texts.values()) / 3
    idf = {"march": log(1 + 0.5 / 3.5), "time": log(1 + 1.5 / 2.5)}
    share = 1 / (1 + 1.2 * (0.25 + 0.75 * 5 / length))
    assert gained["of"] == pytest.approx(0.5 * 2.2 * share * sum(idf.values()), rel=1e-4)
    assert gained["apart"] == gained["none"] == 0
