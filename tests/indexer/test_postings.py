from __future__ import annotations

import tracemalloc
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from fihris.indexer import postings as postings_module
from fihris.indexer.arrayfile import ArrayFile, ArrayWriter
from fihris.indexer.postings import Postings, PostingsWriter, invert
from fihris.indexer.storage import Folder
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")

#: For every word the positions in each document.
Texts = list[dict[int, list[int]]]


def random_text(random: Random, documents: int, words: int) -> tuple[list[list[int]], Texts]:
    """Documents as lists of word ids, and the same the other way round."""
    texts = [
        [int(random.random() ** 3 * words) for _ in range(random.choice([0, 1, 5, 40, 120]))]
        for _ in range(documents)
    ]
    inverted: Texts = [{} for _ in range(words)]
    for doc, text in enumerate(texts):
        for position, word in enumerate(text):
            inverted[word].setdefault(doc, []).append(position)
    return texts, inverted


def flat(texts: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    words = np.array([word for text in texts for word in text], np.uint32)
    begins = np.cumsum([0, *(len(text) for text in texts[:-1])]).astype(np.uint32)
    return words, begins


def written(path: Path, inverted: Texts, cuts: list[int]) -> Postings:
    """Written in pieces that begin at these postings."""
    pairs = [(doc, places) for by_doc in inverted for doc, places in by_doc.items()]
    file = ArrayWriter(Folder(path), "postings")
    writer = PostingsWriter(file, "text")
    for start, end in zip([0, *cuts], [*cuts, len(pairs)], strict=True):
        piece = pairs[start:end]
        writer.append(
            np.array([doc for doc, _ in piece], np.uint32),
            np.array([len(places) for _, places in piece], np.int64),
            np.array([place for _, places in piece for place in places], np.uint32),
        )
    writer.close(np.array([len(by_doc) for by_doc in inverted]))
    file.close()
    return Postings(ArrayFile(path / "postings"), "text")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("at_a_time", [1, 100, 1 << 20])
def test_invert(seed: int, at_a_time: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings_module, "_AT_A_TIME", at_a_time)
    monkeypatch.setattr(postings_module, "_COUNTED_AT_A_TIME", at_a_time)
    texts, inverted = random_text(Random(seed), 30, 25)
    # The last words stand for gaps: they take up places and have no postings.
    expected = inverted[:22]
    counts = np.zeros(22, np.int64)
    docs, freqs, positions = [], [], []
    for piece in invert(*flat(texts), 22):
        counts[piece.first : piece.first + len(piece.counts)] += piece.counts
        docs += piece.docs.tolist()
        freqs += piece.freqs.tolist()
        positions += piece.positions.tolist()
    pairs = [(doc, places) for by_doc in expected for doc, places in sorted(by_doc.items())]
    assert counts.tolist() == list(map(len, expected))
    assert docs == [doc for doc, _ in pairs]
    assert freqs == [len(places) for _, places in pairs]
    assert positions == [place for _, places in pairs for place in places]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rows", [7, 1 << 16])
def test_positions_of_any_postings(
    tmp_path: Path, seed: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings_module, "_ROWS", rows)
    random = Random(seed)
    _, inverted = random_text(random, 60, 40)
    pairs = [(doc, places) for by_doc in inverted for doc, places in by_doc.items()]
    # Borders of the blocks of 32 must not be missed wherever the pieces end.
    cuts = sorted(random.choices(range(len(pairs) + 1), k=12))
    postings = written(tmp_path, inverted, cuts)

    starts, ends = postings.bounds(np.arange(len(inverted)))
    for by_doc, start, end in zip(inverted, starts, ends, strict=True):
        assert postings.docs[start:end].tolist() == list(by_doc)
        assert postings.freqs[start:end].tolist() == list(map(len, by_doc.values()))
    numbers = np.arange(len(pairs))
    begins = np.cumsum([0] + [len(places) for _, places in pairs])[:-1]
    assert postings.starts(numbers).tolist() == begins.tolist()
    for _ in range(20):
        numbers = np.array(
            sorted(random.sample(range(len(pairs)), random.randint(0, 30))), np.int64
        )
        positions, which = postings.places(numbers)
        expected = [(n, place) for n, number in enumerate(numbers) for place in pairs[number][1]]
        assert list(zip(which.tolist(), positions.tolist(), strict=True)) == expected


@pytest.mark.parametrize("largest", [255, 256, 65_535, 65_536])
def test_numbers_of_every_size(tmp_path: Path, largest: int) -> None:
    inverted: Texts = [{0: [0], 3: list(range(largest))}, {1: [largest]}]
    postings = written(tmp_path, inverted, [1])
    assert postings.freqs[:].tolist() == [1, largest, 1]
    assert postings.positions[:].tolist() == [0, *range(largest), largest]
    assert postings.starts(np.array([2])).tolist() == [largest + 1]


def test_no_postings(tmp_path: Path) -> None:
    postings = written(tmp_path, [{}, {}], [])
    assert postings.bounds(np.array([0, 1]))[1].tolist() == [0, 0]
    assert postings.starts(np.zeros(0, np.int64)).tolist() == []
    assert list(invert(*flat([[]]), 0)) == []


def test_little_waits_in_memory_for_the_end(tmp_path: Path) -> None:
    """Postings go to the disk as they come; only where every 32nd begins is kept."""
    some = np.ones(100_000, np.uint32)
    with ArrayWriter(Folder(tmp_path), "a") as file:
        writer = PostingsWriter(file, "text")
        writer.append(some, some, some)
        tracemalloc.start()
        for _ in range(20):
            writer.append(some, some, some)
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        writer.close(np.array([21 * len(some)]))
        file.close()
    assert kept < 20 * len(some) / 32 * 8 * 1.5


@given(
    words=st.lists(
        st.lists(st.integers(0, 200_000) | st.integers(65_530, 65_540), unique=True).map(sorted),
        min_size=1,
        max_size=4,
    ),
    docs=st.lists(st.integers(0, 200_000) | st.integers(65_530, 65_540), unique=True).map(sorted),
)
def test_within(
    tmp_path_factory: pytest.TempPathFactory, words: list[Any], docs: list[int]
) -> None:
    postings = written(
        tmp_path_factory.mktemp("a"), [{doc: [0] for doc in each} for each in words], []
    )
    at = 0
    for number, word in enumerate(words):
        numbers, places = postings.within(*postings.edges_of(number), np.array(docs, np.int64))
        both = [doc for doc in docs if doc in word]
        assert numbers.tolist() == [at + word.index(doc) for doc in both]
        assert places.tolist() == [docs.index(doc) for doc in both]
        at += len(word)
