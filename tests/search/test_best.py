from __future__ import annotations

import numpy as np
import pytest
from fihris.indexer import Document, Index
from fihris.search import Searcher
from fihris.search.best import best_documents, best_of_all, ranked
from fihris.search.snapshot import Part
from hypothesis import given
from hypothesis import strategies as st

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

    def in_order(chosen: np.ndarray) -> list[int]:
        return [hit.doc for hit in ranked(0, part, chosen, scores.take(chosen), limit)]

    expected = sorted(
        (doc for doc in docs.tolist() if scores[doc] > 0),
        key=lambda doc: (-scores[doc], part.files.id_of(doc)),
    )[:limit]
    assert in_order(best_documents(scores, several, limit, part)) == expected
    assert in_order(best_of_all(scores, limit, part)) == expected
