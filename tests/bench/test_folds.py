"""Which collections choose for which."""

from __future__ import annotations

from pathlib import Path

import pytest
from fihris.indexer.errors import InputError

from bench.relevance.collection import read
from bench.relevance.folds import best, families, relations, training

from .folders import CORPUS, write


@pytest.fixture
def related(tmp_path: Path) -> dict[str, frozenset[str]]:
    other = [line.replace("e", "x").replace("txxt", "text") for line in CORPUS]
    far = ['{"id": "f1", "text": "something else"}']
    asked = ["q1\tall else"]
    write(tmp_path / "plain")
    write(tmp_path / "misspelt", queries=["q1\tarmeis", "q2\tarmee ", "q3\tshroes"])
    write(tmp_path / "scanned", corpus=other)
    write(tmp_path / "far", far, asked, qrels=["q1 0 f1 2"])
    write(tmp_path / "numbers", ['{"id": "a", "text": "other"}'], ["q1\tz"], qrels=["q1 0 a 1"])
    write(tmp_path / "both", [*CORPUS, far[0].replace("f1", "d9")], ["q1\tx"], qrels=["q1 0 d9 1"])
    names = ("plain", "misspelt", "scanned", "far", "both", "numbers")
    return relations([read(tmp_path / name) for name in names])


def test_those_with_the_same_texts_are_related(related: dict[str, frozenset[str]]) -> None:
    assert related["plain"] == {"plain", "misspelt", "scanned", "both"}
    # The same judgements, though neither a document nor a query is the same.
    assert related["misspelt"] == {"plain", "misspelt", "scanned", "both"}
    assert related["far"] == {"far", "both"}
    assert related["both"] == {"plain", "misspelt", "far", "both"}
    assert related["numbers"] == {"numbers"}
    assert all(one in related[other] for one in related for other in related[one])


def test_none_that_is_related_chooses() -> None:
    related = {
        "a1": frozenset({"a1", "a2", "mix"}),
        "a2": frozenset({"a1", "a2", "mix"}),
        "b": frozenset({"b", "mix"}),
        "c": frozenset({"c"}),
        "mix": frozenset({"a1", "a2", "b", "mix"}),
    }
    assert families(related, related) == [["a1", "a2"], ["b"], ["c"], ["mix"]]
    assert training(related, "a2") == [["b"], ["c"]]
    assert training(related, "b") == [["a1", "a2"], ["c"]]
    assert training(related, "c") == [["a1", "a2"], ["b"], ["mix"]]
    assert training(related, "mix") == [["c"]]
    with pytest.raises(InputError, match="c: is related to all the others"):
        training({"c": frozenset({"c"})}, "c")


def test_each_family_counts_the_same() -> None:
    tried = {
        "a1": [{"q": 0.5}, {"q": 0.6}],
        "a2": [{"q": 0.5}, {"q": 0.6}],
        "b": [{"q": 0.5, "r": 0.5}, {"q": 0.3, "r": 0.4}],
    }
    assert best(tried, [["a1", "a2"], ["b"]]) == 0
    assert best(tried, [["a1"], ["a2"], ["b"]]) == 1
    assert best(tried, [["a1"]]) == 1
    assert best({"a": [{"q": 0.5}, {"q": 0.5}]}, [["a"]]) == 0
