from __future__ import annotations

from collections import Counter
from math import log
from pathlib import Path
from random import Random

import numpy as np
import pytest
from fihris.indexer import Document
from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.words import words
from fihris.search import letters
from fihris.search.snapshot import Snapshot
from fihris.search.weights import WEIGHTS
from hypothesis import given
from hypothesis import strategies as st

from ..collections import random_commits, write

pytestmark = pytest.mark.usefixtures("either_way")

TEXTS = [
    "L’armée de libération, Prague 1945",
    "جيش التحرير في براغ سنة ١٩٤٥",
    "كُتَّابٌ و كتاب",
    "liberation army",
    "",
]

#: Letters of one to four bytes, marks, what JSON escapes, what parts words, what folds to nothing.
MIXED = "abéÀoœ'\"\\\n\u0001\u200cـكتابَّ١٩ё中🙂 "


def groups_of_word(word: str) -> list[str]:
    """The groups of four letters of a word with a border on both sides, the slow way."""
    padded = f"_{word}_"
    return [padded[n : n + 4] for n in range(len(padded) - 3)]


def groups_of_text(text: str) -> Counter[str]:
    return Counter(group for word in words(text) for group in groups_of_word(fold(word)))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    documents = [Document(f"d{n}", "", text) for n, text in enumerate(TEXTS)]
    return Snapshot(write(tmp_path_factory.mktemp("letters") / "index", [documents]).index)


@pytest.mark.parametrize("query", ["armée", "ARMEE liberation", "الكتاب براغ", "1945", "xyz", "a"])
def test_equals_counting_in_strings(snapshot: Snapshot, query: str) -> None:
    wanted = letters.groups(snapshot, words(query))
    # The text and its title, made from its beginning, are both looked at.
    pieces = [letters.piece(snapshot.parts[0], doc) for doc in range(len(TEXTS))]
    docs = np.arange(len(TEXTS))
    found = letters.scores(snapshot, WEIGHTS, wanted, snapshot.parts[0], docs).sum(axis=0)
    counted = [groups_of_text(piece) for piece in pieces]
    sizes = [sum(len(fold(word)) for word in words(piece)) for piece in pieces]
    # The article of l’armée is a letter of the text, though no word of its own.
    sizes[0] += pieces[0].count("L’")
    average = sum(sizes) / len(sizes)
    for n, groups in enumerate(counted):
        expected = 0.0
        norm = WEIGHTS.k1 * (1 - WEIGHTS.b + WEIGHTS.b * sizes[n] / average)
        for group in groups_of_text(query):
            df = sum(group in each for each in counted)
            idf = log(1 + (len(TEXTS) - df + 0.5) / (df + 0.5))
            expected += idf * (WEIGHTS.k1 + 1) * groups[group] / (groups[group] + norm)
        assert found[n] == pytest.approx(WEIGHTS.letters * expected, rel=1e-4), n


def test_a_sample_is_the_same_in_any_segments(tmp_path: Path) -> None:
    commits = random_commits(Random(3), 5, 12, deletions=False)
    several = Snapshot(write(tmp_path / "several", commits).index)
    last = {
        document.id: document for c in commits for document in c if isinstance(document, Document)
    }
    one = Snapshot(write(tmp_path / "one", [list(last.values())]).index)
    assert len(several.parts) > 1
    texts = " ".join(document.text for document in last.values())
    keys = letters.groups(one, words(texts)).keys
    for size in (5, 200):
        a, b = letters.Sample(several.parts, size), letters.Sample(one.parts, size)
        assert (a.documents, a.average) == (b.documents, b.average)
        assert np.array_equal(a.idf(keys), b.idf(keys))


def test_a_second_query_looks_up_what_the_first_counted(snapshot: Snapshot) -> None:
    sample = letters.Sample(snapshot.parts)
    keys = letters.groups(snapshot, words(" ".join(["xyz unknown", *TEXTS]))).keys
    counted, looked_up = sample.idf(keys), sample.idf(keys)
    assert len(set(counted.tolist())) > 2
    assert counted.tolist() == looked_up.tolist()


def test_a_piece_of_a_long_text(tmp_path: Path) -> None:
    text = "é " * 5000 + "needle " + "ج " * 5000
    snapshot = Snapshot(write(tmp_path / "index", [[Document("d", "Title", text)]]).index)
    part = snapshot.parts[0]
    for share in (0.0, 0.5, 1.0):
        piece = letters.piece(part, 0, share)
        assert piece.startswith("Title\n")
        assert len(piece.encode()) <= len("Title\n") + letters.MAX_BYTES
        assert ("needle" in piece) == (share == 0.5)


@given(
    st.lists(st.tuples(st.text(MIXED), st.text(MIXED, max_size=40)), min_size=1, max_size=4),
    st.floats(0, 1),
)
def test_pieces_hold_what_their_letters_say(
    tmp_path_factory: pytest.TempPathFactory,
    titles_and_texts: list[tuple[str, str]],
    share: float,
) -> None:
    """Titles with what JSON escapes, texts cut in the midst of a letter."""
    documents = [
        Document(f'"{n}\\é', title, f"{text} " * 70)
        for n, (title, text) in enumerate(titles_and_texts)
    ]
    folder = tmp_path_factory.mktemp("letters")
    snapshot = Snapshot(write(folder / "index", [documents]).index)
    part, docs = snapshot.parts[0], np.arange(len(documents))
    wanted = letters.groups(snapshot, [w for t, _ in titles_and_texts for w in words(t)])
    shares = np.full(len(docs), share)
    found = letters.scores(snapshot, WEIGHTS, wanted, part, docs, shares)
    for doc in docs.tolist():
        row = plain_letters(letters.piece(part, doc, share))
        norm = WEIGHTS.k1 * (
            1 - WEIGHTS.b + WEIGHTS.b * sum(map(bool, row)) / (snapshot.letters.average or 1)
        )
        groups = Counter(zip(row, row[1:], row[2:], row[3:], strict=False))
        for n, key in enumerate(wanted.keys.tolist()):
            times = groups[tuple(key >> shift & 0x7FF for shift in (33, 22, 11, 0))]
            expected = wanted.idf[n] * (WEIGHTS.k1 + 1) * times / (times + norm)
            assert found[n, doc] == pytest.approx(WEIGHTS.letters * expected, rel=1e-4)


def plain_letters(text: str) -> list[int]:
    """The letters of a text with a border at both ends, one by one."""
    row = [0]
    for letter in text:
        key = casefold_key(letter)
        form = fold(key)
        if ord(letter) < 0x700 and key.isalnum() and form:
            row.append(ord(form[0]) % 0x700)
        elif ord(letter) >= 0x700 or form or key == "'":
            row.append(0)
    return [*row, 0]


def test_no_documents_and_no_letters(tmp_path: Path) -> None:
    snapshot = Snapshot(write(tmp_path / "index", [[]]).index)
    assert snapshot.letters.documents == 0
    assert letters.groups(snapshot, ["word", "中文", "🙂", ""]).keys.tolist()
    assert letters.groups(snapshot, ["中文", "🙂", ""]).keys.tolist() == []
