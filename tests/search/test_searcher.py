from __future__ import annotations

import threading
from pathlib import Path
from random import Random
from time import process_time

import numpy as np
import pytest
from fihris.indexer import Document
from fihris.indexer.errors import IndexDamaged
from fihris.search import Hit, Results, Searcher
from fihris.search.searcher import MAX_LIMIT, MAX_OFFSET

from ..collections import Collection, random_collection, random_document, write
from .random_queries import Queries


def ids(results: Results) -> list[str]:
    return [hit.id for hit in results.hits]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Over 400 documents in several segments, most of which hold the same few words."""
    random = Random(1)
    words = ["red", "army", "prague", "camp", "liberation", "الجيش", "armée"]
    documents = [
        Document(f"{n:03}", "", " ".join(random.choices(words, k=random.randint(1, 12))))
        for n in range(420)
    ]
    commits = [documents[n : n + 120] for n in range(0, 420, 120)]
    return Searcher(write(tmp_path_factory.mktemp("many") / "index", commits).index)


QUERIES = ["red", "red army", "army prague camp", "red army -prague", "arm* camp", "army AND camp"]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("size", [40, 150])
def test_pages_continue_each_other(many: Searcher, query: str, size: int) -> None:
    whole = many.search(query, limit=MAX_LIMIT)
    paged: list[Hit] = []
    while page := many.search(query, limit=size, offset=len(paged)).hits:
        paged += page
    assert [(hit.id, hit.score) for hit in paged] == [(hit.id, hit.score) for hit in whole.hits]
    assert len({hit.id for hit in paged}) == len(paged) == whole.total + whole.total_similar
    assert len(paged) > many.weights.depth


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("limit", [0, 1, 50, 130, MAX_LIMIT])
def test_rank_is_the_order_of_search(many: Searcher, query: str, limit: int) -> None:
    found = many.search(query, limit=limit).hits
    assert many.rank(query, limit) == [(hit.id, hit.score) for hit in found]


def test_bounds(many: Searcher) -> None:
    best = ids(many.search("red army", limit=3))
    assert ids(many.search("red army", limit=3, offset=-5)) == best
    assert ids(many.search("red army", limit=-1)) == many.rank("red army", -1) == []
    assert many.search("red army", limit=0).total > 100
    everything = many.search("red army", limit=10**9)
    assert len(everything.hits) == everything.total
    assert ids(many.search("red army", offset=everything.total)) == []
    for offset in (MAX_OFFSET, MAX_OFFSET + 1, 10**12):
        beyond = many.search("red army", offset=offset)
        assert (beyond.hits, beyond.total) == ((), everything.total)


def test_language(tmp_path: Path) -> None:
    documents = [
        Document(code, "", "Vlasov and the army of liberation", language=code)
        for code in ("en", "fr", "ar")
    ]
    searcher = Searcher(write(tmp_path / "index", [documents]).index)
    query = "vlasov army"
    assert searcher.search(query).total == 3
    for code in ("en", "fr", "ar"):
        found = searcher.search(query, language=code)
        assert ids(found) == [code]
        assert found.hits[0].score == pytest.approx(searcher.search(query).hits[0].score)
    assert ids(searcher.search("army -vlasov", language="fr")) == []
    assert ids(searcher.search("-berlin", language="fr")) == ["fr"]
    assert ids(searcher.search(query, language="xx")) == []
    assert ids(searcher.search("", language="fr")) == []


@pytest.mark.parametrize(
    "query",
    [
        *["the of and", "the", "1 2 3", "1944", "a", "ا", "x y z", "🙂", "🙂 army", "-", '"', "()"],
        *["", " ", "*", "a*", "?" * 50, "army " * 50, "🙂" * 5000, "é\u0301" * 200, "x" * 5000],
        *["\u200f\u200e", "\ud800", "\0", "NOT", "AND OR", "((((", "title:", '""', "language:"],
        " ".join(f"word{n} {n}" for n in range(40)),
        '"' + "army camp " * 30 + '"',
        " NEAR ".join(["army", "camp"] * 10),
        "(" * 3000 + "army" + ")" * 3000,
    ],
)
def test_no_query_is_an_error(many: Searcher, query: str) -> None:
    begin = process_time()
    results = many.search(query)
    assert process_time() - begin < 5
    assert len(results.hits) <= results.total + results.total_similar
    assert many.rank(query, 10) == [(hit.id, hit.score) for hit in results.hits]
    assert isinstance(many.suggest(query), list)
    many.analyze(query)
    many.explain(query, "001")


def test_a_query_of_500_words(many: Searcher) -> None:
    words = ["red", "army", "prague", "camp", "liberation", "الجيش", "armée", "x", "1944", "typpo"]
    begin = process_time()
    results = many.search(" ".join(words * 50))
    # Half a second was measured; the rest is for slow machines.
    assert process_time() - begin < 10
    assert results.hits


def test_stop_words_alone_are_looked_for(tmp_path: Path) -> None:
    documents = [Document("a", "", "to be or not to be"), Document("b", "", "army")]
    searcher = Searcher(write(tmp_path / "index", [documents]).index)
    assert ids(searcher.search("to be or not to be")) == ["a"]


def test_document(many: Searcher) -> None:
    found = many.document("007")
    assert found is not None
    assert found["id"] == "007"
    assert found["text"]
    assert many.document("none") is None


def test_a_searcher_stays_at_its_commit(tmp_path: Path) -> None:
    collection = write(tmp_path / "index", [[Document("a", "", "army")]])
    searcher = Searcher(tmp_path / "index")
    assert not searcher.refresh()
    with collection.index.writer() as writer:
        writer.add(Document("b", "", "army"))
        writer.delete("a")
    assert ids(searcher.search("army")) == ["a"]
    assert searcher.suggest("ar") == ["army"]
    assert searcher.refresh()
    assert ids(searcher.search("army")) == ["b"]
    assert not searcher.refresh()


def test_threads_while_another_writes(tmp_path: Path) -> None:
    random = Random(3)
    collection = random_collection(tmp_path / "index", random, segments=3)
    queries = Queries(random, collection)
    asked = [" ".join(queries.passage()) for _ in range(30)]
    # Two documents that are written and deleted together: each commit has both or none.
    twins = [Document("twin-a", "", "gemini castor"), Document("twin-b", "", "gemini pollux")]
    searcher = Searcher(tmp_path / "index")
    done = threading.Event()
    problems: list[BaseException] = []
    seen: set[int] = set()

    def search(seed: int) -> None:
        own = Random(seed)
        try:
            while not done.is_set():
                query = own.choice(asked)
                hits = searcher.search(query).hits
                assert all(hit.id for hit in hits)
                for hit in hits[:1]:
                    searcher.explain(query, hit.id)
                searcher.suggest(query[:2])
                total = searcher.search("gemini").total
                assert total in (0, 2)
                seen.add(total)
                if own.random() < 0.3:
                    searcher.refresh()
        except BaseException as error:
            problems.append(error)
            raise

    threads = [threading.Thread(target=search, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for n in range(6):
        with collection.index.writer() as writer:
            for twin in twins:
                if n % 2:
                    writer.delete(twin.id)
                else:
                    writer.add(twin)
            writer.add(random_document(random, f"new-{n}"))
    done.set()
    for thread in threads:
        thread.join()
    assert not problems
    assert seen == {0, 2}
    searcher.refresh()
    assert ids(searcher.search("gemini")) == []


def test_the_same_from_every_thread(many: Searcher) -> None:
    expected = {query: many.rank(query) for query in QUERIES}
    fresh = Searcher(many._index)
    found: list[bool] = []

    def compare() -> None:
        found.extend(fresh.rank(query) == expected[query] for query in QUERIES)

    threads = [threading.Thread(target=compare) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8 * len(QUERIES)


def ask_everything(path: Path, queries: list[str], names: list[str]) -> None:
    searcher = Searcher(path)
    for query in queries:
        for hit in searcher.search(query, limit=5).hits:
            assert isinstance(hit.title, str)
        searcher.suggest(query[:1])
        searcher.analyze(query)
        for name in names:
            searcher.explain(query, name)
    for name in names:
        searcher.document(name)
    # When nothing was raised by chance, checking tells.
    for part in searcher.snapshot.parts:
        part.files.verify()


@pytest.mark.parametrize("seed", range(12))
def test_altered_files_give_a_named_error(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    collection: Collection = random_collection(tmp_path / "index", random, segments=2)
    queries = Queries(random, collection)
    asked = [str(queries.word()) for _ in range(3)] + [
        str(queries.quoted()),
        str(queries.wildcard()),
    ]
    names = random.sample(sorted(collection.documents), 2)
    ask_everything(tmp_path / "index", asked, names)
    files = sorted(
        path
        for path in (tmp_path / "index").iterdir()
        if path.suffix in (".lexicon", ".postings", ".documents", ".store")
    )
    target = files[seed % len(files)]
    data = bytearray(target.read_bytes())
    for _ in range(len(data) // 8):
        # All but the ends, which are looked at when a file is opened.
        data[random.randrange(8, max(9, len(data) * 2 // 3))] = random.choice([0, 255, 128])
    target.write_bytes(bytes(data))
    with pytest.raises(IndexDamaged, match=r"MAIN_\w+\.\w+: "):
        ask_everything(tmp_path / "index", asked, names)


def test_scores_are_ordinary_numbers(many: Searcher) -> None:
    for hit in many.search("red army", limit=5).hits:
        assert type(hit.score) is float
        assert np.isfinite(hit.score)


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("the of and", True),
        ("في من على", True),
        ("les des de la", True),
        ("1 2 3 ٣", True),
        ("a b c d", True),
        ("🙂 😀", False),
        ("word " * 500, True),
        (" ".join(f"word{n} كلمة{n}" for n in range(250)), True),
        # None of them is in the index, and each is looked for a correction.
        (" ".join(f"wordx{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(500)), True),
    ],
)
def test_a_query_of_nothing_much_still_answers(tmp_path: Path, query: str, finds: bool) -> None:
    texts = ["the word of and a 1 2 3 b c", "في من على كلمة ٣", "les des de la word1 mot 🙂"]
    documents = [Document(f"d{n}", "", text) for n, text in enumerate(texts)]
    searcher = Searcher(write(tmp_path / "index", [documents]).index)
    results = searcher.search(query)
    assert bool(results.hits) == finds
    for hit in results.hits:
        explained = searcher.explain(query, hit.id)
        assert explained is not None
        assert explained.value == pytest.approx(hit.score, rel=1e-4)
