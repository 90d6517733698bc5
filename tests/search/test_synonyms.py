"""Terms of several words: in the tree of a query, and in what is found, marked and explained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fihris.indexer import Document
from fihris.search import Match, Searcher
from fihris.search.nodes import ExactPhrase, Near, Synonyms, Word
from fihris.search.synonyms import MAX_TERMS, with_synonyms
from fihris.search.thesaurus import Thesaurus, plain
from hypothesis import given
from hypothesis import strategies as st
from whoosh.query import And, AndNot, Not, Or

from ..collections import write
from .test_explain import check

DOCUMENTS = [
    Document("force", "", "All the armed forces of the country stood ready.", language="en"),
    Document("apart", "", "Armed men came; the forces of nature did not.", language="en"),
    Document("military", "Military", "The military of the town.", language="en"),
    Document("ar", "", "كانت القوات المسلحة في المدينة", language="ar"),
    Document("fr", "", "Les forces armées devant la ville.", language="fr"),
    Document("jaysh", "", "كان الجيش في القرية", language="ar"),
    *(Document(f"other{n}", "", f"nothing of the kind, number {n}") for n in range(9)),
]
GROUPS = [
    ["armed forces", "military", "جيش", "قوات مسلحة", "force armée"],
    ["world war", "conflict"],
    ["world war II", "WW2"],
]
EVERY = ["ar", "force", "fr", "jaysh", "military"]


@pytest.fixture(scope="module", params=[1, 3])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    commits = [DOCUMENTS[n :: request.param] for n in range(request.param)]
    index = write(tmp_path_factory.mktemp("terms") / "index", commits).index
    return Searcher(index, thesaurus=Thesaurus(GROUPS))


def found(searcher: Searcher, query: str) -> list[str]:
    return sorted(hit.id for hit in searcher.search(query, limit=99).hits if not hit.similar)


# The tree


def expanded(query: Any, groups: list[list[str]] = GROUPS, most: int = 50) -> Any:
    return with_synonyms(query, Thesaurus(groups), lambda word: frozenset({plain(word)}), most)


def row(*words: str) -> list[Word]:
    return [Word(word) for word in words]


WAR = Synonyms(("world", "war"), (("conflict",),))
WW2 = Synonyms(("world", "war", "ii"), (("ww2",),))
OF_WW2 = Synonyms(("ww2",), (("world", "war", "ii"),))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Or(row("a", "world", "war", "b")), Or([*row("a", "world", "war", "b"), WAR])),
        # The longest term counts, and words apart are no term.
        (Or(row("world", "war", "ii")), Or([*row("world", "war", "ii"), WW2])),
        (Or(row("world", "at", "war")), Or(row("world", "at", "war"))),
        (Or(row("war", "world")), Or(row("war", "world"))),
        (Or([Word("world"), Word("war", strict=True)]),) * 2,
        (Or([Word("world", "title"), Word("war")]),) * 2,
        (
            Or([Word("world", "title"), Word("war", "title")]),
            Or(
                [
                    Word("world", "title"),
                    Word("war", "title"),
                    Synonyms(("world", "war"), (("conflict",),), "title"),
                ]
            ),
        ),
        (Word("ww2"), Or([Word("ww2"), OF_WW2])),
        (Word("conflict", strict=True),) * 2,
        (And(row("a", "world", "war")), And([Word("a"), Or([And(row("world", "war")), WAR])])),
        (And(row("ww2", "a")), And([Or([Word("ww2"), OF_WW2]), Word("a")])),
        (AndNot(Word("a"), Word("ww2")), AndNot(Word("a"), Or([Word("ww2"), OF_WW2]))),
        (Not(Word("ww2")), Not(Or([Word("ww2"), OF_WW2]))),
        (ExactPhrase(("world", "war")),) * 2,
        (Near((Word("world"), Word("war")), 3),) * 2,
        (
            Near((Word("ww2"), ExactPhrase(("world", "war")), Word("a")), 3),
            Near(
                (Word("ww2"), ExactPhrase(("world", "war")), Word("a")),
                3,
                ((("world", "war", "ii"),), (("conflict",),), ()),
            ),
        ),
        (Near((Word("ww2", strict=True), ExactPhrase(("world", "war"), strict=True)), 3),) * 2,
        (Near((Word("a"), ExactPhrase(("ww2",))), 3),) * 2,
    ],
    ids=str,
)
def test_the_tree(asked: Any, expected: Any) -> None:
    assert expanded(asked) == expected


LETTERS = st.sampled_from("abc")


@given(
    st.lists(LETTERS, min_size=1, max_size=6),
    st.lists(st.lists(LETTERS, min_size=1, max_size=3), max_size=6),
)
def test_rows_of_words_against_a_plain_search(asked: list[str], terms: list[list[str]]) -> None:
    """Each term stands in a group with a word of its own, x0, x1 …, which tells it."""
    groups = [[" ".join(term), f"x{n}"] for n, term in enumerate(terms)]
    wanted: list[tuple[tuple[str, ...], set[str]]] = []
    place = 0
    while place < len(asked):
        sizes = [s for s in (3, 2) if asked[place : place + s] in [t for t in terms if len(t) == s]]
        size = sizes[0] if sizes else 1
        if sizes:
            words = asked[place : place + size]
            wanted.append((tuple(words), {f"x{n}" for n, t in enumerate(terms) if t == words}))
        place += size
    tree = expanded(Or(row(*asked)), groups)
    assert tree.subqueries[: len(asked)] == row(*asked)
    leaves = tree.subqueries[len(asked) :]
    assert [(leaf.words, {word for (word,) in leaf.terms}) for leaf in leaves] == wanted


def test_only_so_many_are_looked_for() -> None:
    many = [[f"w{n}", *(f"a{n} b{m}" for m in range(40))] for n in range(20)]
    tree = expanded(Or(row(*(f"w{n}" for n in range(20)))), many, 30)
    counts = [len(leaf.terms) for leaf in tree.subqueries if isinstance(leaf, Synonyms)]
    assert max(counts) == 30
    assert sum(counts) == MAX_TERMS


# What is found


@pytest.mark.parametrize(
    "query",
    ["military", "armed forces", "القوات المسلحة", "وبالجيش", "armed AND forces", "Armed-Forces"],
)
def test_a_group_is_found_by_each_of_its_terms(searcher: Searcher, query: str) -> None:
    hits = found(searcher, query)
    assert set(EVERY) <= set(hits)
    # Words of a term that stand apart are found when they were asked for as such.
    assert ("apart" in hits) == (query in ("armed forces", "armed AND forces", "Armed-Forces"))


def test_in_any_form_but_side_by_side(searcher: Searcher) -> None:
    assert "apart" not in found(searcher, "جيش")
    assert "fr" in found(searcher, "military")


def test_what_passes_the_thesaurus_by(searcher: Searcher) -> None:
    assert found(searcher, '"armed forces"') == ["force"]
    assert found(searcher, "=military") == ["military"]
    assert found(searcher, "armed NEAR/1 forces") == ["force"]
    assert found(searcher, "forces armed") == ["apart", "force", "fr"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("military NEAR/3 country", ["force"]),  # from the last word of the term
        ("military NEAR/2 country", []),
        ("country NEAR/3 جيش", ["force"]),
        ("military NEAR ville", ["fr"]),
        ("military NEAR القرية", ["jaysh"]),
        ("military NEAR المدينة", ["ar"]),
        ('"armed forces" NEAR/2 القرية', ["jaysh"]),
        ('"armed forces" NEAR/3 town', ["military"]),
        ('="armed forces" NEAR/2 القرية', []),
        ("=military NEAR/3 country", []),
        ("ready NEAR/3 country NEAR/3 military", ["force"]),
        ("title:military NEAR title:military", ["military"]),
        ('military -"armed forces" NEAR town', ["ar", "force", "fr", "jaysh"]),
    ],
)
def test_beside_near_terms_stand_in_each_others_place(
    searcher: Searcher, query: str, expected: list[str]
) -> None:
    assert found(searcher, query) == expected


def test_why_and_where_beside_near(searcher: Searcher) -> None:
    for query, document, matched, marked, explained in (
        ("military NEAR/3 country", "force", ("military", "armed forces"),
         ["armed", "forces", "country"], '(military OR "armed forces" OR'),
        ('"armed forces" NEAR/2 القرية', "jaysh", ("armed forces", "جيش"),
         ["الجيش", "القرية"], '("armed forces" OR "military" OR "جيش"'),
    ):  # fmt: skip
        (hit,) = searcher.search(query).hits
        assert hit.id == document
        told = [(match.query, match.word) for match in hit.matched if match.layer == "synonym"]
        assert told == [matched]
        assert not {("armed", "armed"), ("forces", "forces")} & {
            (match.query, match.word) for match in hit.matched
        }
        (snippet,) = hit.snippets
        assert [snippet.text[start:end] for start, end in snippet.highlights] == marked
        why = searcher.explain(query, document)
        assert why is not None
        assert why.value == pytest.approx(hit.score, rel=1e-5)
        assert explained in "\n".join(why.lines())
        assert "of those of synonyms where it is less" in "\n".join(why.lines())


def test_chains_are_counted_beside_near(tmp_path: Path) -> None:
    """Not how often a synonym stands, but how often the last operand does."""
    document = Document("a", "", "the armed forces of town and town")
    index = write(tmp_path / "index", [[document]]).index
    explained = Searcher(index, thesaurus=Thesaurus(GROUPS)).explain("military NEAR/4 town", "a")
    assert explained is not None
    check(explained)
    assert "2.0000  tf, how often" in [line.strip() for line in explained.lines()]


def test_a_word_far_from_its_synonym_is_not_why(tmp_path: Path) -> None:
    text = "the armed forces of the town, and " + "so on " * 20 + "the military"
    index = write(tmp_path / "index", [[Document("a", "", text)]]).index
    (hit,) = Searcher(index, thesaurus=Thesaurus(GROUPS)).search("military NEAR/3 town").hits
    assert [(match.query, match.word) for match in hit.matched] == [
        ("military", "armed forces"),
        ("town", "town"),
    ]


def test_a_frequent_synonym_makes_an_operand_no_rarer(tmp_path: Path) -> None:
    documents = [Document(f"{n}", "", "the armed forces of the town") for n in range(20)]
    documents.append(Document("rare", "", "the military of the town"))
    index = write(tmp_path / "index", [documents]).index
    groups = [["military", "armed forces"]]
    with_terms, without = Searcher(index, thesaurus=Thesaurus(groups)), Searcher(index)
    query = "military NEAR town"
    assert dict(with_terms.rank(query))["rare"] < dict(without.rank(query))["rare"]


def test_what_is_left_out_and_what_is_asked_for_in_the_title(searcher: Searcher) -> None:
    assert "force" not in found(searcher, "stood town -military")
    assert found(searcher, "title:armed title:forces") == ["military"]


def test_the_term_itself_comes_first(searcher: Searcher) -> None:
    for query, first in (("armed forces", "force"), ("military", "military"), ("جيش", "jaysh")):
        assert searcher.search(query).hits[0].id == first


def test_why_and_where(searcher: Searcher) -> None:
    hits = {hit.id: hit for hit in searcher.search("military").hits}
    assert Match("military", "armed forces", "synonym") in hits["force"].matched
    (snippet,) = hits["force"].snippets
    marked = [snippet.text[start:end] for start, end in snippet.highlights]
    assert marked == ["armed", "forces"]
    hits = {hit.id: hit for hit in searcher.search("القوات المسلحة").hits}
    assert Match("القوات المسلحة", "military", "synonym") in hits["military"].matched
    assert hits["military"].title_highlights == ((0, 8),)
    whole = searcher.highlights("military", "force")
    assert whole is not None
    assert whole.count == 1
    assert len(whole.positions) == 2


def test_the_score_is_explained(searcher: Searcher) -> None:
    for query, document in (("military", "force"), ("armed forces", "jaysh")):
        explained = searcher.explain(query, document)
        assert explained is not None
        assert explained.value == pytest.approx(dict(searcher.rank(query))[document], rel=1e-5)
        text = "\n".join(explained.lines())
        assert f"synonyms of “{query}”" in text
        assert ("armed forces: 1 (synonym)" if document == "force" else "جيش: 1 (synonym)") in text
    missing = searcher.explain("military", "apart")
    assert missing is not None
    assert missing.text.endswith("“military” is not in it and synonyms of “military” is not in it")


def test_a_term_of_stop_words_does_not_replace_them(tmp_path: Path) -> None:
    documents = [Document("who", "", "the who"), Document("band", "", "a band")]
    index = write(tmp_path / "index", [documents]).index
    searcher = Searcher(index, thesaurus=Thesaurus([["the who", "band"]]))
    assert found(searcher, "the who") == ["band", "who"]


def test_a_word_of_a_known_term_is_no_slip(tmp_path: Path) -> None:
    index = write(tmp_path / "index", [[Document("a", "", "farces of the military")]]).index
    assert Searcher(index).search("armed forces").suggestion
    known = Searcher(index, thesaurus=Thesaurus(GROUPS)).search("armed forces")
    assert (known.suggestion, [hit.id for hit in known.hits]) == ("", ["a"])


def test_the_same_in_one_segment_and_in_many(tmp_path: Path) -> None:
    ranked = []
    for name, commits in (("one", [DOCUMENTS]), ("many", [[each] for each in DOCUMENTS])):
        index = write(tmp_path / name, commits).index
        other = Searcher(index, thesaurus=Thesaurus(GROUPS))
        queries = ("military", "the armed forces of the town", "جيش", "armed AND forces")
        ranked.append([other.rank(query) for query in queries])
    assert all(ranked[0])
    assert ranked[0] == ranked[1]
