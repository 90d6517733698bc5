from __future__ import annotations

from random import Random

import numpy as np
import pytest
from fihris.indexer import Document, Index
from fihris.search import Searcher
from fihris.search.best import Ranked, best_documents, best_of_all, in_order, ranked
from fihris.search.snapshot import Part, Snapshot
from hypothesis import given
from hypothesis import strategies as st

from ..collections import write

COUNT = 400


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Part:
    """A segment whose ids are in another order than its documents."""
    with Index.create(tmp_path_factory.mktemp("best") / "index") as index:
        with index.writer() as writer:
            for number in range(COUNT):
                writer.add(Document(id=f"{number * 7 % COUNT:03}", text="text"))
        return Searcher(index.path).snapshot.parts[0]


@given(
    seed=st.integers(0, 2**32),
    values=st.sampled_from([2, 5, 50, 1000]),
    told=st.sampled_from([1, 2, 5, 30]),
    limit=st.integers(0, 30),
    found=st.integers(0, COUNT),
)
def test_the_best_however_often_they_are_told(
    part: Part, seed: int, values: int, told: int, limit: int, found: int
) -> None:
    random = np.random.default_rng(seed)
    scores = np.zeros(COUNT, np.float32)
    docs = random.permutation(COUNT)[:found]
    scores[docs] = random.integers(0, values, found)
    # The better, the oftener, as words that are all in the best documents tell them.
    better = docs[scores[docs] >= np.median(scores)]
    several = random.permutation(np.concatenate([docs, *[better] * (told - 1)]))

    def docs_of(chosen: np.ndarray) -> list[int]:
        return [hit.doc for hit in ranked(0, part, chosen, scores.take(chosen), limit)]

    expected = sorted(
        (doc for doc in docs.tolist() if scores[doc] > 0),
        key=lambda doc: (-scores[doc], part.files.id_of(doc)),
    )[:limit]
    assert docs_of(best_documents(scores, several, limit, part)) == expected
    assert docs_of(best_of_all(scores, limit, part)) == expected


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Three segments among which ids are mixed, in another order than their documents."""
    numbers = [number * 7 % 60 for number in range(60)]
    commits = [[Document(id=f"{n:02}", text="text") for n in numbers[part::3]] for part in range(3)]
    index = write(tmp_path_factory.mktemp("best") / "index", commits).index
    return Searcher(index).snapshot


@given(
    hits=st.sets(st.tuples(st.integers(0, 2), st.integers(0, 19))),
    values=st.sampled_from([1, 2, 5, 1000]),
    limit=st.integers(0, 30),
    random=st.randoms(use_true_random=False),
)
def test_the_first_of_hits_of_several_segments(
    snapshot: Snapshot, hits: set[tuple[int, int]], values: int, limit: int, random: Random
) -> None:
    assert len(snapshot.parts) == 3
    some = [Ranked(part, doc, float(random.randrange(values))) for part, doc in sorted(hits)]
    random.shuffle(some)
    expected = sorted(some, key=lambda hit: (-hit.score, snapshot.id_of(hit.part, hit.doc)))
    assert in_order(snapshot, some, limit) == expected[:limit]
