from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest
from fihris.indexer import Document
from fihris.search.bm25 import BM25, idf, norms, scores
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query as q

from ..collections import write


def test_the_formula_by_hand() -> None:
    # Two of ten documents; a document of 30 words where the average is 20; three occurrences.
    weight = log(1 + 8.5 / 2.5)
    assert idf(10, 2) == pytest.approx(weight)
    norm = norms(np.array([30]), 20.0, 1.2, 0.75)
    assert norm.tolist() == pytest.approx([1.2 * (0.25 + 0.75 * 1.5)])
    found = scores(np.array([3.0], np.float32), norm, weight * 2.2)
    assert found.tolist() == pytest.approx([weight * 3 * 2.2 / (3 + 1.65)])
    assert found.dtype == np.float32


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_idf_is_positive_and_falls_with_frequency(documents: int, frequency: int) -> None:
    frequency = min(frequency, documents)
    assert idf(documents, frequency) > 0
    if frequency < documents:
        assert idf(documents, frequency) > idf(documents, frequency + 1)


def test_no_words_at_all_divide_by_nothing() -> None:
    assert norms(np.array([0, 0]), 0.0, 1.2, 0.75).tolist() == pytest.approx([0.3, 0.3])


def test_many_documents_have_the_norms_of_each() -> None:
    lengths = np.arange(40_000, dtype=np.uint32)
    each = [np.float32(1.2 * (1 - 0.75 + 0.75 * (n / 321.5))) for n in range(len(lengths))]
    found = norms(lengths, 321.5, 1.2, 0.75)
    assert found.dtype == np.float32
    assert found.tolist() == each


def test_whoosh_scores_with_figures_of_the_whole_index(tmp_path: Path) -> None:
    """In several segments the average length and idf are those of all documents."""
    texts = ["army camp", "army army history of the camp", "history", "camp"]
    collection = write(
        tmp_path / "index", [[Document(str(n), text=t)] for n, t in enumerate(texts)]
    )
    average = sum(len(text.split()) for text in texts) / len(texts)
    with collection.index.searcher(weighting=BM25(0.9, 0.4)) as searcher:
        found = {
            hit["id"]: hit.score for hit in searcher.search(q.Term("text", "army"), limit=None)
        }
    weight = log(1 + 2.5 / 2.5)
    expected = {
        name: weight * tf * 1.9 / (tf + 0.9 * (0.6 + 0.4 * length / average))
        for name, tf, length in (("0", 1, 2), ("1", 2, 6))
    }
    assert found == pytest.approx(expected)
