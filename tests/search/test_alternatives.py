from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Document, Index
from fihris.search import Searcher, alternatives, compiled, nodes
from fihris.search.execute import Ranking, execute
from fihris.search.weights import PLAIN
from whoosh.query import Or

COUNT = 900
# How many of a hundred documents hold each word.
SHARES = {"all": 100, "most": 70, "many": 30, "some": 9, "few": 4, "once": 1, "twice": 2, "rare": 1}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Documents of different lengths, not in the order of their ids, some of them deleted."""
    random = Random(5)
    names = random.sample(range(COUNT), COUNT)
    with Index.create(tmp_path_factory.mktemp("alternatives") / "index") as index:
        with index.writer() as writer:
            for name in names:
                words = [
                    word
                    for word, share in SHARES.items()
                    if random.random() * 100 < share
                    for _ in range(random.choice([1, 1, 1, 2, 5]))
                ]
                text = " ".join([*words, *["other"] * random.choice([0, 0, 3, 30])])
                writer.add(Document(id=f"{name:03}", text=text))
        with index.writer() as writer:
            for name in names[::4]:
                writer.delete(f"{name:03}")
        return Searcher(Path(index.path))


@pytest.mark.parametrize("seed", range(150))
def test_rare_words_tell_the_same_as_all(
    searcher: Searcher, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    words = random.sample([*SHARES], random.randint(2, 6))
    query = Or([nodes.Word(word, boost=random.choice([1.0, 1.0, 0.3, 4.0])) for word in words])
    limit = random.choice([0, 1, 2, 3, 10, 40])

    def answer() -> Ranking:
        return execute(searcher.snapshot, PLAIN, query, limit)

    monkeypatch.setattr(compiled, "kernels", None)
    found = answer()
    monkeypatch.setattr(alternatives, "_COMMON", 0)
    expected = answer()
    assert found.hits == expected.hits
    assert (found.total, found.total_similar) == (expected.total, expected.total_similar)
