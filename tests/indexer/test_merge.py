"""A merged segment holds just what its documents would have given afresh."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from fihris.indexer import Document, Index, mergepostings, mergewords
from fihris.indexer.segment import SegmentFiles

from ..collections import FEW_SEEDS, Collection, random_collection, write

# Bytes that merging takes however few words there are: tables by code points, batches.
FIXED = 20_000_000


def peak_of(work: Callable[[], object]) -> int:
    """The bytes of Python's and numpy's that some work takes at most."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def only_segment(index: Index) -> SegmentFiles:
    _, segments = index.segments()
    assert [segment.deleted for segment in segments] == [None]
    return segments[0].files


def live_documents(collection: Collection) -> list[Document]:
    """In the order of the index."""
    return [document for document, live in collection.held() if live]


def words_of(files: SegmentFiles) -> dict[str, Any]:
    """All that a segment knows of each word."""
    lexicon, known = files.lexicon, {}
    file, keys = lexicon.file, [set() for _ in range(len(lexicon))]
    tables = lexicon.key_table, lexicon.rest_table, lexicon.deletion_table
    for name, table in enumerate(tables):
        columns = [table.hashes.tolist(), table.checks.tolist() or [0] * len(table.words)]
        for owner, *values in zip(table.words.tolist(), *columns, strict=True):
            keys[owner].add((name, *values))
    starts = file["grams.starts"].tolist()
    for code, start, end in zip(file["grams.codes"].tolist(), starts, starts[1:], strict=False):
        for owner in file["grams.words"][start:end].tolist():
            keys[owner].add(("grams", code))
    for number in range(len(lexicon)):
        word, places = lexicon.word(number), []
        for field in ("text", "title"):
            postings = files.postings[field]
            start, end = (int(edge) for edge in postings.offsets[number : number + 2])
            positions, which = postings.places(np.arange(start, end))
            docs = postings.docs[start:end][which]
            places.append(list(zip(docs.tolist(), positions.tolist(), strict=True)))
            assert postings.freqs[start:end].sum() == len(positions)
        mask, count = int(lexicon.masks[number]), int(file["grams.counts"][number])
        known[word] = (mask, count, keys[number], places)
    return known


def assert_same(merged: SegmentFiles, fresh: SegmentFiles) -> None:
    assert merged.count == fresh.count
    assert merged.info.lengths == fresh.info.lengths
    assert words_of(merged) == words_of(fresh)
    assert sorted(merged.documents.names()) == sorted(fresh.documents.names())
    for name in fresh.documents.names():
        assert np.array_equal(merged.documents[name], fresh.documents[name]), name
    for name in ("words.blob", "words.offsets", "folded.blob", "folded.offsets"):
        assert np.array_equal(merged.lexicon.file[name], fresh.lexicon.file[name]), name
    for doc in range(fresh.count):
        assert merged.records(doc) == fresh.records(doc)


def check(folder: Path, seed: int, segments: int) -> None:
    collection = random_collection(folder / "index", Random(seed), segments)
    live = live_documents(collection)
    collection.index.optimize()
    fresh = write(folder / "fresh", [live])
    assert_same(only_segment(collection.index), only_segment(fresh.index))


@pytest.mark.parametrize("seed", FEW_SEEDS)
@pytest.mark.parametrize("batch", [3, 50, 2_000_000])
def test_merged_equals_fresh(
    tmp_path: Path, seed: int, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Small batches part the words, and the documents of one word.
    monkeypatch.setattr(mergepostings, "_BATCH", batch)
    monkeypatch.setattr(mergewords, "_POSTINGS", batch)
    check(tmp_path, seed, seed + 2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_more_merged_equal_fresh(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mergepostings, "_BATCH", Random(seed).choice([1, 7, 100, 1000]))
    monkeypatch.setattr(mergewords, "_POSTINGS", Random(seed).choice([1, 7, 100, 1000]))
    check(tmp_path, seed, seed % 9 + 1)


def test_merges_at_commits_keep_every_document(tmp_path: Path) -> None:
    """Many commits with deletions: the policy merges again and again by itself."""
    collection = random_collection(tmp_path / "index", Random(5), 40, 4)
    assert len(collection.index.segments()[1]) < 20
    documents = {document.id: document for document, live in collection.held() if live}
    assert documents == collection.documents


def test_the_language_of_a_deleted_document_leaves_its_words(tmp_path: Path) -> None:
    french = Document("fr", "nombre", "le nombre des numéros est dans les nombres", language="fr")
    english = Document("en", "number", "the number of the nombre and number", language="en")
    collection = write(tmp_path / "index", [[french, english], ["fr"]])
    collection.index.optimize()
    lexicon = only_segment(collection.index).lexicon
    fresh = only_segment(write(tmp_path / "fresh", [[english]]).index).lexicon
    assert [lexicon.word(n) for n in range(len(lexicon))] == [
        fresh.word(n) for n in range(len(fresh))
    ]
    assert lexicon.masks.tolist() == fresh.masks.tolist()


def test_all_documents_deleted(tmp_path: Path) -> None:
    collection = write(tmp_path / "index", [[Document("a", text="army")], ["a"]])
    assert collection.index.segments()[1] == []
    collection.index.optimize()
    assert collection.index.segments()[1] == []


def test_optimizing_one_whole_segment_changes_nothing(tmp_path: Path) -> None:
    collection = write(tmp_path / "index", [[Document("a", text="army")]])
    before = collection.index.commit_record()
    collection.index.optimize()
    assert collection.index.commit_record() == before


def test_how_far_it_has_come(tmp_path: Path) -> None:
    collection = random_collection(tmp_path / "index", Random(3), segments=3)
    sizes = [
        file.size
        for segment in collection.index.commit_record().segments
        for file in segment.files.values()
    ]
    told: list[tuple[int, int]] = []
    collection.index.optimize(lambda done, total: told.append((done, total)))
    done = [each for each, _ in told]
    assert done == sorted(done)
    assert {total for _, total in told} == {2 * sum(sizes)}
    # Some are deleted, and what segments have in common is written once.
    assert sum(sizes) < done[-1] <= 2 * sum(sizes)
    # Reading, texts, words and postings are steps of their own.
    assert len(set(done)) > 6


@pytest.mark.slow
def test_memory_for_each_different_word(tmp_path: Path) -> None:
    random = Random(1)
    scripts = ("abcdefghijklmnopqrstuvwxyzé", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
    spelt = {
        "".join(random.choices(random.choice(scripts), k=random.randint(5, 10)))
        for _ in range(200_000)
    }
    words = sorted(spelt)
    random.shuffle(words)
    texts = [" ".join(words[first : first + 1000]) for first in range(0, len(words), 1000)]
    documents = [Document(f"{n}", text=text) for n, text in enumerate(texts)]
    index = write(tmp_path / "index", [documents[::2], documents[1::2]]).index
    assert len(index.segments()[1]) == 2
    assert peak_of(index.optimize) < FIXED + 190 * len(words)


@pytest.mark.slow
def test_memory_for_words_that_all_segments_have(tmp_path: Path) -> None:
    words = [f"w{number:x}" for number in range(100_000)]
    texts = [" ".join(words[first : first + 1000]) for first in range(0, len(words), 1000)]
    segments = [
        [Document(f"{segment}.{n}", text=text) for n, text in enumerate(texts)]
        for segment in range(7)
    ]
    index = write(tmp_path / "index", segments).index
    assert len(index.segments()[1]) == 7
    assert peak_of(index.optimize) < FIXED + 190 * len(words) + 20 * 7 * len(words)
