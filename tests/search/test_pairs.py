from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path

import pytest
from fihris.indexer import Document
from fihris.search.execute import execute
from fihris.search.pairs import bring_forward, pairs
from fihris.search.snapshot import Snapshot
from fihris.search.syntax import parse
from fihris.search.weights import PLAIN, WEIGHTS

from ..collections import write

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
    after = bring_forward(snapshot, ONLY_PAIRS, before)
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
    assert pairs(ranking.plan) == []
    assert bring_forward(snapshot, WEIGHTS, ranking) is ranking


def test_only_the_best_are_ranked_again(tmp_path: Path) -> None:
    documents = [Document(f"d{n}", "", "zebra " * (9 - n) + "crossing") for n in range(9)]
    snapshot = Snapshot(write(tmp_path / "index", [documents]).index)
    few = replace(ONLY_PAIRS, pairs=50, pairs_depth=4)
    before = execute(snapshot, few, parse("zebra crossing").query, 9).hits
    after = bring_forward(
        snapshot, few, execute(snapshot, few, parse("zebra crossing").query, 9)
    ).hits
    assert after[4:] == before[4:]
    assert {hit.doc for hit in after[:4]} == {hit.doc for hit in before[:4]}
