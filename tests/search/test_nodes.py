from __future__ import annotations

import copy

import pytest
from fihris.search.nodes import ExactPhrase, Filter, Leaf, Near, Wildcard, Word
from fihris.search.syntax import parse
from whoosh.query import And, AndNot, Every, Or

LEAVES: list[Leaf] = [
    Word("armée"),
    Word("armée", strict=True),
    Word("armée", "title"),
    Word("armée", "title", strict=True),
    ExactPhrase(("armée",)),
    ExactPhrase(("red", "army"), "title", strict=True),
    Wildcard("lib*"),
    Wildcard("w?m*n", "title"),
    Near((Word("a"), ExactPhrase(("b", "c"))), 10),
    Near((Word("a", "title"), Word("b", "title"), Word("c", "title")), 3),
]


@pytest.mark.parametrize("leaf", LEAVES, ids=str)
def test_leaf_is_a_value(leaf: Leaf) -> None:
    same = copy.deepcopy(leaf)
    assert leaf == same
    assert hash(leaf) == hash(same)
    # `!=` is tried as well as `==`, because Whoosh has its own.
    assert [other != leaf for other in LEAVES].count(False) == 1
    assert leaf != "armée"
    assert leaf.is_leaf()
    assert list(leaf.leaves()) == [leaf]


@pytest.mark.parametrize("leaf", LEAVES, ids=str)
def test_text_of_a_leaf_asks_for_it(leaf: Leaf) -> None:
    assert parse(str(leaf)).query == leaf
    assert eval(repr(leaf)) == leaf


def test_text_of_a_filter_asks_for_it() -> None:
    fr = Filter("language", "fr")
    assert repr(fr) == "Filter('language', 'fr')"
    assert parse(str(fr)).query == And([Every(), fr])


def test_field() -> None:
    assert Word("a").field() is None
    assert Word("a", "title").field() == "title"
    assert Near((Word("a", "title"), Word("b", "title")), 3).field() == "title"
    assert Filter("language", "fr").field() == "language"


def test_boost_makes_a_copy() -> None:
    word = Word("a", strict=True)
    boosted = word.with_boost(2.0)
    assert boosted == Word("a", strict=True, boost=2.0)
    assert boosted != word
    assert repr(boosted) == "Word('a', strict=True, boost=2.0)"
    assert word.boost == 1.0


def test_whoosh_takes_the_leaves() -> None:
    a, b, c = Word("a"), Word("b"), ExactPhrase(("c", "d"))
    assert Or([a, Or([b, a])]).normalize() == Or([a, b])
    assert str(AndNot(Or([a, b]), c)) == '((a OR b) ANDNOT "c d")'
    assert AndNot(a, c).requires() == {a}
