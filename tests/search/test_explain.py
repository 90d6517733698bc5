from __future__ import annotations

from math import prod
from random import Random

import pytest
from fihris.indexer import Document
from fihris.search import Searcher
from fihris.search.explain import Explanation
from fihris.search.searcher import MAX_LIMIT

from ..collections import Collection, write
from .random_queries import Queries


def check(explained: Explanation) -> None:
    """Each figure follows from its parts as its rule says."""
    values = [part.value for part in explained.parts]
    close = pytest.approx(explained.value, rel=1e-4, abs=1e-4)
    if explained.rule == "sum":
        assert sum(values) == close
    elif explained.rule == "product":
        assert prod(values) == close
    elif explained.rule == "share":
        assert values[0] / sum(values) == close
    else:
        assert explained.rule == ""
        assert not values
    for part in explained.parts:
        check(part)


def random_query(random: Random, queries: Queries) -> str:
    """Words, and now and then everything else that the query language has."""
    if random.random() < 0.4:
        return " ".join(queries.passage(4))
    leaf = [queries.word, queries.quoted, queries.near, queries.wildcard, queries.filter]
    pieces = []
    for _ in range(random.randint(1, 4)):
        piece = str(random.choice(leaf)())
        pieces.append(random.choice(["", "", "", "-", "("]) + piece)
        pieces[-1] += ")" if pieces[-1].startswith("((") else ""
        pieces.append(random.choice(["", "", "AND", "OR"]))
    return " ".join(pieces)


def test_the_figures_of_random_queries(collections: list[Collection]) -> None:
    explained_hits = others = 0
    for seed, collection in enumerate(collections[1:6]):
        random = Random(seed)
        queries, searcher = Queries(random, collection), Searcher(collection.index)
        for _ in range(8):
            query = random_query(random, queries)
            hits = {hit.id: hit.score for hit in searcher.search(query, limit=MAX_LIMIT).hits}
            asked = random.sample(sorted(hits), min(5, len(hits)))
            asked += random.sample(sorted(collection.documents), min(3, len(collection.documents)))
            for name in asked:
                explained = searcher.explain(query, name)
                assert explained is not None
                check(explained)
                assert explained.value == pytest.approx(hits.get(name, 0.0), abs=1e-4)
                assert (name in hits) == bool(explained.parts)
                assert (name in hits) == ("does not match" not in explained.text)
                explained_hits += name in hits
                others += name not in hits
    assert explained_hits > 60
    assert others > 25


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    many = [Document(f"d{n:03}", "", "red " * (150 - n) + "army in Prague") for n in range(150)]
    other = Document("other", "Red Army", "Whatever is written here.")
    path = tmp_path_factory.mktemp("explain") / "index"
    return Searcher(write(path, [many, [other]]).index)


def test_pairs_are_told_of(searcher: Searcher) -> None:
    first = searcher.search("red army", limit=1).hits[0].id
    explained = searcher.explain("red army", first)
    assert explained is not None
    (pair,) = (part for part in explained.parts if "“red army” side by side" in part.text)
    assert pair.parts[0].value == searcher.weights.pairs
    assert pair.parts[-1].parts[0].value == 1
    text = "\n".join(explained.lines())
    assert "the sum of:" in text
    assert "army: 1 × 1 (exact)" in text


def test_a_document_behind_those_that_are_ranked_again(searcher: Searcher) -> None:
    hits = searcher.search("red army", limit=MAX_LIMIT).hits
    depth = searcher.weights.depth
    assert len(hits) > depth
    for place in (0, 1, 50, depth - 1, depth, depth + 1, 149):
        hit = hits[place]
        explained = searcher.explain("red army", hit.id)
        assert explained is not None
        check(explained)
        assert explained.value == pytest.approx(hit.score, abs=1e-4)
        told = any("side by side" in part.text for part in explained.parts)
        assert told == (place < depth)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("whatever", "“whatever” is not in it"),
        ("red AND whatever", "“whatever” is not in it"),
        ("red -prague", "it is excluded by “prague”"),
        ('"army red"', '"army red" is not in it'),
        ("title:red", "“title:red” is not in it"),
        ("", "the query asks for nothing"),
    ],
)
def test_a_document_that_does_not_match(searcher: Searcher, query: str, why: str) -> None:
    explained = searcher.explain(query, "d100")
    assert explained is not None
    assert (explained.value, explained.parts) == (0, ())
    assert explained.text == f"“d100” does not match: {why}"


def test_an_unknown_document(searcher: Searcher) -> None:
    assert searcher.explain("red", "none") is None


def test_json(searcher: Searcher) -> None:
    explained = searcher.explain("army", "d000")
    assert explained is not None
    value = explained.as_json()
    assert list(value) == ["value", "text", "rule", "parts"]
    assert value["rule"] == "sum"
    assert value["parts"][0]["rule"] == "product"
