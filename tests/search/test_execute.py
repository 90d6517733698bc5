"""The executor against Whoosh's own matchers and against the slow twin, and with itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fihris.indexer import Document
from fihris.search import alternatives as alternatives_module
from fihris.search import best as best_module
from fihris.search import compiled, nodes
from fihris.search import found as found_module
from fihris.search import joined as joined_module
from fihris.search.execute import Ranking, execute
from fihris.search.snapshot import Snapshot
from fihris.search.thesaurus import Thesaurus
from fihris.search.weights import PLAIN, WEIGHTS, Weights
from msgspec.structs import replace
from whoosh import query as q

from ..collections import FEW_SEEDS, NUMBERS, Collection, random_collection, random_commits, write
from .random_queries import Queries
from .stock import is_scored_alike, results, searcher_of
from .twin import Twin

EVERYTHING = 10_000
# Ways to run a query: by the compiled kernels, or by numpy, and then chosen by how many postings
# there are: the share of the documents from which on all are looked at for the best, how many times
# longer a list is that is searched, not read, and how long one whose frequencies are not all read.
WAYS = {
    "compiled": None,
    "numpy": (0.3, 16, 8192),
    "dense": (0.0, 0, 0),
    "sparse": (100.0, 1000, 0),
}
# Other weights than the usual ones, so that none can be mixed up with another.
ODD = Weights(
    k1=1.4, b=0.4, folded=0.85, stem=0.6, root=0.2, similar=0.45, corrected=0.8,
    corrected_twice=0.35, similar_floor=0.4, similar_cap=4, root_cap=2, exact_again=0.4, title=0.7,
    synonym=0.35, synonym_cap=4,
)  # fmt: skip
# Caps that nearly every query of more than one word reaches.
POOR = replace(ODD, postings_cap=6, places_cap=4, open_patterns=1, sure_words=1)


def each_way() -> Iterator[str]:
    """Runs what stands in its loop in each of the WAYS that can be gone here."""
    for name, chosen in WAYS.items():
        with pytest.MonkeyPatch.context() as patch:
            if chosen:
                patch.setattr(compiled, "kernels", None)
                patch.setattr(alternatives_module, "_DENSE", chosen[0])
                patch.setattr(joined_module, "_LONG", chosen[1])
                patch.setattr(found_module, "_LONG", chosen[2])
                patch.setattr(found_module, "_MARKED", chosen[1])
            elif not compiled.kernels:
                continue
            yield name


def named(snapshot: Snapshot, ranking: Ranking) -> list[tuple[str, float]]:
    """The hits as id and score."""
    return [(snapshot.parts[hit.part].files.id_of(hit.doc), hit.score) for hit in ranking.hits]


def outcome(snapshot: Snapshot, query: Any, weights: Weights = WEIGHTS) -> tuple[Any, ...]:
    """All there is to know of a query, exactly."""
    ranking = execute(snapshot, weights, query, EVERYTHING)
    return named(snapshot, ranking), ranking.total, ranking.total_similar


def check_stock(collection: Collection, random: Random, count: int) -> None:
    snapshot = Snapshot(collection.index)
    queries = Queries(random, collection)
    with searcher_of(collection) as searcher:
        for _ in range(count):
            query = queries.whoosh_tree(random.choice([0, 1, 2, 3]))
            expected = results(searcher, query)
            for way in each_way():
                ranking = execute(snapshot, PLAIN, query, EVERYTHING)
                hits = dict(named(snapshot, ranking))
                assert hits.keys() == expected.keys(), (way, query)
                totals = (ranking.total, ranking.total_similar)
                assert totals == (len(expected), 0), (way, query)
                assert len(ranking.hits) == len(expected), (way, query)
                if is_scored_alike(query):
                    assert hits == pytest.approx(expected, rel=1e-5), (way, query)


def check_twin(collection: Collection, random: Random, count: int, weights: Weights) -> int:
    """How many of some random queries were too much to be answered whole."""
    queries, partial = Queries(random, collection), 0
    groups = [] if weights is WEIGHTS else queries.groups()
    snapshot = Snapshot(collection.index, Thesaurus(groups))
    twin = Twin(collection.held(), weights, groups)
    for _ in range(count):
        query = queries.tree(random.choice([0, 1, 2, 3]))
        expected = twin.search(query)
        for way in each_way():
            ranking = execute(snapshot, weights, query, EVERYTHING)
            hits = dict(named(snapshot, ranking))
            assert hits == pytest.approx(expected.scores, rel=1e-5), (way, query)
            totals = (ranking.total, ranking.total_similar, ranking.partial)
            told = (expected.total, expected.total_similar, expected.partial)
            assert totals == told, (way, query)
        partial += expected.partial
    return partial


@pytest.mark.parametrize("number", NUMBERS)
def test_equals_whoosh(collections: list[Collection], number: int) -> None:
    check_stock(collections[number], Random(f"{number} whoosh"), 80)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("weights", [WEIGHTS, ODD])
def test_equals_the_twin(collections: list[Collection], number: int, weights: Weights) -> None:
    assert not check_twin(collections[number], Random(f"{number} twin"), 8, weights)


@pytest.mark.parametrize("count", [3, pytest.param(8, marks=pytest.mark.slow)])
def test_what_is_too_much_is_cut_as_by_the_twin(collections: list[Collection], count: int) -> None:
    numbered = enumerate(collections[:count])
    cut = [check_twin(each, Random(f"{n} poor"), 10, POOR) for n, each in numbered]
    assert sum(cut) > 2 * count, cut


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """So many documents that the compiled kernels read them in several windows."""
    random = Random(5)
    vocabulary = "army armies camp camps armée armees letter lettre letters".split()
    vocabulary += "جيش الجيش وجيش جيوش".split() + [f"letter{c}" for c in "abcdefgh"]
    weights = [1 / (n + 1) ** 1.5 for n in range(len(vocabulary))]
    documents = [
        Document(f"{n:05}", random.choice(["", *vocabulary]), " ".join(text))
        for n in range(20_000)
        if (text := random.choices(vocabulary, weights, k=random.randint(0, 6))) or n % 3
    ]
    commits = [documents[:300], documents[300:], [d.id for d in random.sample(documents, 900)]]
    snapshot = Snapshot(write(tmp_path_factory.mktemp("large") / "index", commits).index)
    assert max(part.count for part in snapshot.parts) > 2 * 8192
    return snapshot


@pytest.mark.parametrize("limit", [0, 3, 30])
def test_compiled_kernels_change_nothing(
    large: Snapshot, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not compiled.kernels:
        pytest.skip("no compiler was at hand when Fihris was installed")
    words = [nodes.Word(w) for w in "army camps armee letters لجيش lettera none".split()]
    leaves: list[Any] = [
        *words,
        nodes.Word("camp", strict=True),
        nodes.Word("armée", "title"),
        nodes.ExactPhrase(("army", "camp")),
        nodes.ExactPhrase(("armee", "army", "letter")),
        nodes.Near((words[0], nodes.ExactPhrase(("camp", "camps"))), 3),
        nodes.Wildcard("letter*"),
        nodes.Wildcard("l*s"),
        nodes.Filter("language", "en"),
        q.Every(),
    ]
    random = Random(limit)
    queries = leaves + [q.Or(random.sample(leaves, 3)) for _ in range(20)]
    queries += [q.And(random.sample(leaves, random.randint(1, 3))) for _ in range(20)]
    queries += [q.AndNot(*random.sample(queries, 2)) for _ in range(10)]
    queries += [q.And(random.choices(leaves, k=10)), q.Or(random.sample(queries, 5))]
    for query in queries:
        expected = execute(large, WEIGHTS, query, limit)
        with monkeypatch.context() as without:
            without.setattr(compiled, "kernels", None)
            plain = execute(large, WEIGHTS, query, limit)
        assert named(large, expected) == named(large, plain), query
        counts = (plain.total, plain.total_similar)
        assert (expected.total, expected.total_similar) == counts, query


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_equals_both_on_more_collections(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    collection = random_collection(tmp_path / "index", random, random.randint(1, 9), 20)
    check_stock(collection, random, 120)
    check_twin(collection, random, 60, random.choice([WEIGHTS, ODD]))
    check_twin(collection, random, 60, POOR)


def check_invariance(folder: Path, random: Random, count: int) -> None:
    changed = write(folder / "changed", random_commits(random, random.randint(2, 6)))
    live = list(changed.documents.values())
    random.shuffle(live)
    one = write(folder / "one", [live])
    # Seven commits stay seven segments.
    many = write(folder / "many", [live[n::7] for n in range(7) if live[n::7]])
    changed.index.optimize()
    indexes = [one.index, many.index, changed.index]
    snapshots = [Snapshot(index) for index in indexes]
    assert [len(s.parts) for s in snapshots] == [1, min(7, len(live)), 1]
    many.index.optimize()
    snapshots.append(Snapshot(many.index))
    assert len(snapshots[-1].parts) == 1
    queries = Queries(random, one)
    for _ in range(count):
        query = queries.tree(random.choice([0, 0, 1, 2]))
        for weights in (WEIGHTS, POOR):
            expected = outcome(snapshots[0], query, weights)
            for snapshot in snapshots[1:]:
                assert outcome(snapshot, query, weights) == expected, query


@pytest.mark.parametrize("seed", FEW_SEEDS)
def test_segments_do_not_matter(seed: int, tmp_path: Path) -> None:
    check_invariance(tmp_path, Random(seed), 40)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_segments_do_not_matter_in_more_collections(seed: int, tmp_path: Path) -> None:
    check_invariance(tmp_path, Random(seed), 150)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("columns", [None, 1, 3, 8])
def test_the_best_are_the_first_of_all(
    collections: list[Collection], number: int, columns: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if columns:
        monkeypatch.setattr(compiled, "kernels", None)
        monkeypatch.setattr(best_module, "_COLUMNS", columns)
    random = Random(number)
    snapshot = Snapshot(collections[number].index)
    queries = Queries(random, collections[number])
    for _ in range(15):
        query = queries.tree(random.choice([0, 1, 1, 2]))
        everything, total, similar = outcome(snapshot, query)
        assert everything == sorted(everything, key=lambda hit: (-hit[1], hit[0]))
        for limit in (0, 1, 2, 5, len(everything), len(everything) + 1):
            ranking = execute(snapshot, WEIGHTS, query, limit)
            assert named(snapshot, ranking) == everything[:limit]
            assert (ranking.total, ranking.total_similar) == (total, similar)


@pytest.mark.parametrize("segments", [1, 3])
@pytest.mark.parametrize("columns", [None, 1, 8])
def test_equal_scores_are_in_the_order_of_ids(
    tmp_path: Path, segments: int, columns: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if columns:
        monkeypatch.setattr(compiled, "kernels", None)
        monkeypatch.setattr(best_module, "_COLUMNS", columns)
    names = [f"{letter}{n}" for letter in "bزa𐘀é" for n in range(20)]
    Random(1).shuffle(names)
    documents = [Document(name, text="army liberation") for name in names]
    documents[50:53] = [Document(d.id, text="army army liberation") for d in documents[50:53]]
    collection = write(tmp_path / "index", [documents[n::segments] for n in range(segments)])
    snapshot = Snapshot(collection.index)
    best = sorted(d.id for d in documents[50:53])
    expected = best + sorted(set(names) - set(best))
    for query in (nodes.Word("army"), q.And([nodes.Word("army"), nodes.Word("liberation")])):
        for limit in (1, 3, 4, 17, 99, 100):
            ranking = execute(snapshot, WEIGHTS, query, limit)
            assert [name for name, _ in named(snapshot, ranking)] == expected[:limit]


def index_of(path: Path, *texts: str) -> Snapshot:
    """One segment of documents named 0, 1, 2 …"""
    return Snapshot(
        write(path / "index", [[Document(str(n), text=t) for n, t in enumerate(texts)]]).index
    )


def test_no_segment_at_all(tmp_path: Path) -> None:
    snapshot = Snapshot(write(tmp_path / "index", []).index)
    for query in (
        nodes.Word("army"), nodes.ExactPhrase(("army",)), nodes.Wildcard("ar*"), q.Every(),
        nodes.Near((nodes.Word("army"), nodes.Word("camp")), 2), nodes.Filter("language", "en"),
        q.NullQuery, q.Not(nodes.Word("army")), q.And([nodes.Word("army"), nodes.Word("camp")]),
        q.Term("text", "army"), q.Phrase("text", ["army", "camp"]), q.FuzzyTerm("text", "army"),
    ):  # fmt: skip
        assert outcome(snapshot, query) == ([], 0, 0)


def test_an_empty_and_finds_nothing(tmp_path: Path) -> None:
    snapshot = index_of(tmp_path, "army", "camp")
    assert outcome(snapshot, q.And([])) == ([], 0, 0)
    assert outcome(snapshot, q.Or([])) == ([], 0, 0)


def test_no_limit_counts_all_the_same(tmp_path: Path) -> None:
    snapshot = index_of(tmp_path, *["army"] * 600)
    ranking = execute(snapshot, WEIGHTS, nodes.Word("army"), 0)
    assert (ranking.hits, ranking.total) == ([], 600)


def test_what_a_document_lacks_in_part_scores_nothing(tmp_path: Path) -> None:
    snapshot = index_of(tmp_path, "army camp", "army volunteer", "volunteer camp army")
    army, camp, volunteer = (nodes.Word(w) for w in ("army", "camp", "volunteer"))
    alone = dict(outcome(snapshot, volunteer)[0])
    for part in (q.And([army, camp]), q.AndNot(camp, army)):
        scores = dict(outcome(snapshot, q.Or([part, volunteer]))[0])
        assert scores["1"] == alone["1"]


def test_words_that_only_rank_bring_documents_by_themselves_but_do_not_count(
    tmp_path: Path,
) -> None:
    snapshot = index_of(tmp_path, "volunteer army", "volunteering", "volunteerish", "camp")
    hits, total, similar = outcome(snapshot, nodes.Word("volunteer"))
    assert [name for name, _ in hits] == ["0", "1", "2"]
    assert (total, similar) == (2, 1)
    both = q.And([nodes.Word("volunteer"), q.Every()])
    assert outcome(snapshot, both)[1:] == (2, 0)
    alone = replace(WEIGHTS, exact_again=0, title=0)
    for way in each_way():
        assert outcome(snapshot, nodes.Word("volunteer"), alone)[1:] == (2, 1), way


def test_what_weighs_nothing_is_counted_but_no_hit(tmp_path: Path) -> None:
    snapshot = index_of(tmp_path, "army armies", "army", "camp")
    for query in (nodes.Word("army", boost=0.0), nodes.Wildcard("arm*", boost=0.0)):
        for way in each_way():
            assert outcome(snapshot, query, PLAIN) == ([], 2, 0), way


def test_a_title_that_ends_inside_a_word_of_the_text_is_searched(tmp_path: Path) -> None:
    documents = [
        Document("cut", "Quand l", "Quand l'armée"),
        Document("short", "lib", "liberté"),
        Document("same", "Lib", "Lib: liberté"),
    ]
    snapshot = Snapshot(write(tmp_path / "index", [documents]).index)
    word = nodes.Word("lib", strict=True)
    assert {name for name, _ in outcome(snapshot, word)[0]} == {"short", "same"}
    assert outcome(snapshot, word)[1:] == (2, 0)
    assert outcome(snapshot, q.And([word]))[1:] == (2, 0)
    # Of the title that the text begins with, words are counted once.
    same = execute(snapshot, PLAIN, q.Term("text", "lib"), 9)
    assert len(same.hits) == 2
    assert snapshot.parts[0].files.lengths["text"].tolist() == [4, 2, 2]
