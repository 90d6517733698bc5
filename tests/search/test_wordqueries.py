"""Queries of words and patterns: the one compiled kernel that runs them against numpy, which goes
the way of every other query, and all that is read of their postings afterwards."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from fihris.indexer import Document, Index
from fihris.search import compiled, nodes
from fihris.search.execute import Ranking, execute, matching, scores_of
from fihris.search.marks import marks
from fihris.search.pairs import Places
from fihris.search.plan import leaves
from fihris.search.snapshot import Snapshot
from fihris.search.weights import PLAIN, WEIGHTS, Weights
from fihris.search.wordqueries import is_promised
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace
from whoosh import query as q

from ..collections import FUNCTION_WORDS, VOCABULARY, WORDS, Collection

pytestmark = pytest.mark.skipif(
    compiled.kernels is None, reason="no compiler was at hand when Fihris was installed"
)
ODD = Weights(k1=1.4, b=0.4, folded=0.85, stem=0.6, root=0.2, exact_again=0.4, title=0.7)
#: Words of these layers weigh nothing, but their documents are found, each once.
FAINT = Weights(folded=0.001, stem=0.001, root=0.001, similar=0.001)
CUT = replace(WEIGHTS, places_cap=6)

KEYS = st.sampled_from([*(word.lower() for word in WORDS), "prisone", "nowhere", "of"])
BOOSTS = st.sampled_from([1.0, 1.0, 0.5, 3.0])
A_WORD = st.builds(
    nodes.Word, KEYS, st.sampled_from([None, None, None, "title"]), st.booleans(), boost=BOOSTS
)
PATTERNS = st.sampled_from(["pri*", "*er*", "p?i*", "*s", "ال*", "*ا*", "nowhere*"])
A_PATTERN = st.builds(nodes.Wildcard, PATTERNS, st.sampled_from([None, "title"]), boost=BOOSTS)
# Words that are frequent enough to stand side by side by chance, and one that is nowhere.
FREQUENT = [
    [*FUNCTION_WORDS[code][:3], *VOCABULARY[code][:3], "nowhere"] for code in ("ar", "fr", "en")
]
A_PHRASE = st.builds(
    nodes.ExactPhrase,
    st.sampled_from(FREQUENT).flatmap(
        lambda words: st.lists(st.sampled_from(words), min_size=1, max_size=3).map(tuple)
    ),
    strict=st.booleans(),
    boost=BOOSTS,
)
A_PREFIX = st.builds(
    lambda field, letters, boost: q.Prefix(field, letters, boost=boost),
    st.sampled_from(["text", "text", "title"]),
    st.sampled_from(["p", "pri", "ال", "nowhere", ""]),
    BOOSTS,
)


def some(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(leaf, min_size=1, max_size=4)


QUERIES = st.one_of(
    A_WORD,
    A_PATTERN,
    A_PHRASE,
    A_PREFIX,
    st.builds(
        lambda words, boost: q.Or(words, boost=boost),
        st.one_of(some(st.one_of(A_WORD, A_PATTERN)), some(st.one_of(A_WORD, A_PHRASE))),
        BOOSTS,
    ),
    st.builds(
        lambda words, boost: q.And(words, boost=boost),
        st.one_of(some(st.one_of(A_WORD, A_PATTERN)), some(st.one_of(A_WORD, A_PHRASE, A_PREFIX))),
        BOOSTS,
    ),
)


def told(snapshot: Snapshot, weights: Weights, ranking: Ranking) -> dict[str, Any]:
    """All that is known once a query was run, and what is read of its postings afterwards."""
    plan = ranking.plan
    documents = matching(snapshot, weights, plan)
    every = [np.arange(part.count) for part in snapshot.parts]
    parts = list(enumerate(snapshot.parts))
    return {
        "hits": ranking.hits,
        "totals": (ranking.total, ranking.total_similar, ranking.partial),
        "worth": [(s.idf, s.factor, s.boost) for leaf in leaves(plan) for s in leaf.scored],
        "matching": [docs.tolist() for docs in documents],
        "scores": [
            scores_of(snapshot, weights, plan, n, docs).tolist() for n, docs in enumerate(documents)
        ],
        "found": [
            (s.found[n].frequency, [s.found[n].frequency_in(doc) for doc in range(part.count)])
            for leaf in leaves(plan)
            for s in leaf.scored
            for n, part in parts
        ],
        "among": [
            leaf.main.found[n].among(every[n]).tolist() for leaf in leaves(plan) for n, _ in parts
        ],
        "places": [
            Places(part, n, every[n], 1 << 32)[leaf].tolist()
            for leaf in leaves(plan)
            if leaf.main.field == "text"
            for n, part in parts
        ],
        "marks": [
            [
                (each.positions.tolist(), each.worth.tolist(), each.title.tolist(), each.matches)
                for each in marks(plan, n, part, every[n])
            ]
            for n, part in parts
        ],
    }


@pytest.mark.parametrize("number", [0, 2, 4])
@given(
    query=QUERIES,
    weights=st.sampled_from([WEIGHTS, PLAIN, ODD, FAINT, CUT]),
    limit=st.integers(0, 40),
)
# All but the word itself counts for nothing, and still matches.
@example(query=nodes.Word("armee"), weights=FAINT, limit=9)
def test_the_kernel_and_numpy_tell_the_same(
    collections: list[Collection], number: int, query: Any, weights: Weights, limit: int
) -> None:
    the_same_as_numpy(Snapshot(collections[number].index), weights, query, limit)


def the_same_as_numpy(snapshot: Snapshot, weights: Weights, query: Any, limit: int) -> None:
    ranking = execute(snapshot, weights, query, limit)
    assert is_promised(ranking.plan)
    found = told(snapshot, weights, ranking)
    with pytest.MonkeyPatch.context() as without:
        without.setattr(compiled, "kernels", None)
        ranking = execute(snapshot, weights, query, limit)
        assert not is_promised(ranking.plan)
        expected = told(snapshot, weights, ranking)
    for name, value in expected.items():
        assert found[name] == value, name


@pytest.mark.parametrize("seed", range(3))
def test_phrases_of_frequent_words_with_rare_spellings(tmp_path: Path, seed: int) -> None:
    """Spellings so rare that they are searched for in the documents of the frequent one, not
    marked; some of them beside it in one document, some nowhere near the rest of the phrase."""
    random = Random(seed)
    words = ["général", "armée", "général.", "musée", "general", "armee", "musee", "prison", "le"]
    weights = [300, 200, 50, 20, 0.5, 0.5, 0.5, 9, 60]
    with Index.create(tmp_path / "index") as index:
        for segment in range(2):
            with index.writer() as writer:
                for n in range(400):
                    text = " ".join(random.choices(words, weights, k=random.choice([1, 3, 9])))
                    writer.add(Document(f"{segment}.{n}", text=text))
                writer.add(Document(f"{segment}.both", text="general génèral armée"))
    snapshot = Snapshot(index)
    for phrase in ("général armée", "armee general", "musée général armée", "le musee", "general"):
        query = nodes.ExactPhrase(tuple(phrase.split()))
        the_same_as_numpy(snapshot, WEIGHTS, query, 10)
        the_same_as_numpy(snapshot, WEIGHTS, q.And([query, nodes.Word("prison")]), 10)
