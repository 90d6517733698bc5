"""What a query may cost. That it is cut by the same rule as in the twin, in any segments, is
checked in test_execute.py."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise
from pathlib import Path

import pytest
from fihris.indexer import Document
from fihris.indexer.lexicons import Lexicons
from fihris.search import Searcher
from fihris.search.plan import Leaf, Plan, Without
from fihris.search.planner import plan_of
from fihris.search.resolve import Resolver
from fihris.search.syntax import parse
from fihris.search.weights import WEIGHTS
from msgspec.structs import replace

from ..collections import giant, write

TEXTS = [
    "common comma", "common commune", "common", "common letter", "common letter from the camp",
    "the camp of the army", "a letter of the army",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """TEXTS as documents named 0, 1 … in two segments."""
    documents = [Document(str(n), text=text, language="en") for n, text in enumerate(TEXTS)]
    folder = tmp_path_factory.mktemp("budget") / "index"
    write(folder, [documents[::2], documents[1::2]])
    return folder


def found(folder: Path, query: str, **caps: int) -> tuple[set[str], bool]:
    """The ids of what is found, and whether something may be missing."""
    weights = replace(WEIGHTS, similar=0.0, root=0.0, **caps)
    results = Searcher(folder, weights).search(query)
    assert results.total == len(results.hits)
    return {hit.id for hit in results.hits}, results.partial


def test_a_pattern_loses_the_words_of_the_most_documents(folder: Path) -> None:
    assert found(folder, "comm*") == ({"0", "1", "2", "3", "4"}, False)
    assert found(folder, "comm*", postings_cap=7) == ({"0", "1", "2", "3", "4"}, False)
    assert found(folder, "comm*", postings_cap=6) == ({"0", "1"}, True)
    assert found(folder, "comm* letter", postings_cap=6) == ({"0", "1", "3", "4", "6"}, True)
    assert found(folder, "comm*", postings_cap=0) == (set(), True)


def test_of_patterns_with_an_open_beginning_only_the_longest_are_looked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_for = []

    def fitting(lexicons: Lexicons, pattern: str) -> object:
        looked_for.append(pattern)
        return plain(lexicons, pattern)

    plain = Lexicons.fitting
    monkeypatch.setattr(Lexicons, "fitting", fitting)
    # Those that begin with two letters are none of the two.
    assert found(folder, "*mp *rom *etter co*a com*", open_patterns=2) == (
        {"0", "1", "2", "3", "4", "6"}, True,
    )  # fmt: skip
    assert looked_for == ["*rom", "*etter", "co*a", "com*"]
    # The same one is looked for once, and what is excluded and left out excludes everything.
    looked_for.clear()
    assert found(folder, "*etter *etter title:*etter", open_patterns=1) == ({"3", "4", "6"}, False)
    assert looked_for == ["*etter"]
    assert found(folder, "letter -*mp -*rom", open_patterns=1) == (set(), True)
    looked_for.clear()
    assert found(folder, " ".join(f"*w{n}" for n in range(400))) == (set(), True)
    assert len(set(looked_for)) == WEIGHTS.open_patterns


def test_a_query_of_many_words_loses_the_most_frequent(folder: Path) -> None:
    caps = {"postings_cap": 6, "sure_words": 2}
    assert found(folder, "common army", **caps) == ({"0", "1", "2", "3", "4", "5", "6"}, False)
    assert found(folder, "common letter army", **caps) == ({"3", "4", "5", "6"}, True)
    # Nothing is found that does not match.
    assert found(folder, "common AND letter AND camp", **caps) == (set(), True)


def test_an_empty_index_has_nothing_that_is_too_much(tmp_path: Path) -> None:
    write(tmp_path / "index", [])
    many = " ".join(f"w{n}" for n in range(WEIGHTS.sure_words))
    for query in ("co*", f"co* {many}", f"co* *mp c*a {many} more"):
        assert found(tmp_path / "index", query) == (set(), False)


def test_a_pattern_of_titles_reads_titles(tmp_path: Path) -> None:
    texts = [("common", "letter"), ("comma", "common"), ("army", "common")]
    documents = [Document(str(n), title, text) for n, (title, text) in enumerate(texts)]
    write(tmp_path / "index", [documents[:2], documents[2:]])
    assert found(tmp_path / "index", "title:comm*", postings_cap=2) == ({"0", "1"}, False)
    assert len(found(tmp_path / "index", "title:comm*", postings_cap=1)[0]) == 1
    assert found(tmp_path / "index", "comm*", postings_cap=2)[1]


def test_what_is_excluded_and_too_much_excludes_everything(folder: Path) -> None:
    assert found(folder, "letter -comm*") == ({"6"}, False)
    assert found(folder, "letter -comm*", postings_cap=6) == (set(), True)
    # Twice excluded is sought.
    assert found(folder, "letter -(camp -comm*)", postings_cap=6) == ({"3", "6"}, True)
    assert found(folder, 'letter -"common letter"', places_cap=3) == (set(), True)


def cut(plan: Plan) -> list[Leaf]:
    """The leaves of a plan that were too much, also of what it excludes."""
    if isinstance(plan, Leaf):
        return [plan] * plan.partial
    pieces = [plan.kept, plan.excluded] if isinstance(plan, Without) else plan.children
    return [leaf for piece in pieces for leaf in cut(piece)]


def test_many_exclusions_that_are_too_much_take_no_more_memory_than_one(folder: Path) -> None:
    snapshot, weights = Searcher(folder).snapshot, replace(WEIGHTS, postings_cap=0)
    query = parse("letter -co* -ca* -ar* -le*").query
    first, *others = cut(plan_of(snapshot, weights, query, Resolver(snapshot, weights)))
    assert len(others) == 3
    assert all(leaf.main is first.main for leaf in others)


@pytest.mark.parametrize("query", ['"of the"', "of NEAR/1 the"])
def test_places_are_looked_for_in_fewer_documents(folder: Path, query: str) -> None:
    everything, partial = found(folder, query, places_cap=4)
    assert (everything, partial) == ({"5", "6"}, False)
    fewer = [found(folder, query, places_cap=cap) for cap in (3, 2, 1, 0)]
    assert all(partial for _, partial in fewer)
    # One after another falls away, and always the same.
    each = [everything, *(ids for ids, _ in fewer)]
    assert all(more >= less for more, less in pairwise(each))
    assert each[-1] == set()


def test_a_phrase_is_not_cut_for_a_greater_one_beside_it(folder: Path) -> None:
    alone = found(folder, '"letter from"', places_cap=2)
    assert alone == ({"4"}, False)
    both, partial = found(folder, '"letter from" OR "of the army"', places_cap=5)
    assert partial
    assert both >= {"4"}


def test_one_giant_document(tmp_path: Path) -> None:
    """The caps as they are."""
    document, phrase = giant()
    searcher = Searcher(write(tmp_path / "index", [[document]]).index)
    results = searcher.search(phrase)
    assert (results.total, results.partial) == (1, True)
    assert not searcher.search('"w1 w2"').partial
    explanation = searcher.explain(phrase, "giant")
    assert explanation
    assert "too much to be looked for everywhere" in explanation.text


@pytest.mark.parametrize("query", ["of the", '"of the"', "of NEAR/1 the", "-(of NEAR the) of"])
def test_a_searcher_that_nobody_has_any_more_is_gone(folder: Path, query: str) -> None:
    """Else its files stay mapped until garbage is collected, which is seldom."""
    searcher = Searcher(folder)
    searcher.search(query)
    snapshot = weakref.ref(searcher.snapshot)
    gc.disable()
    try:
        del searcher
        assert snapshot() is None
    finally:
        gc.enable()
