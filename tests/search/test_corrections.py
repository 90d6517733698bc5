from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Document
from fihris.indexer.arrayfile import Array
from fihris.indexer.folding import fold
from fihris.indexer.spelling import TOLD_BY_GRAMS, grams_of
from fihris.search.corrections import (
    MAX_CORRECTIONS,
    Correction,
    corrections,
    edit_distance,
)
from fihris.search.similar import similar_words
from fihris.search.snapshot import Snapshot
from fihris.search.weights import WEIGHTS
from hypothesis import given
from hypothesis import strategies as st

from ..collections import Collection, write
from .test_similar import typed_for
from .twin import Twin, distance, is_near

LETTERS = st.text("abcي", max_size=8)


@given(LETTERS, LETTERS, st.integers(1, 3))
def test_edit_distance(one: str, other: str, limit: int) -> None:
    edits = distance(one, other)
    assert edit_distance(one, other, limit) == min(edits, limit + 1)
    assert is_near(one, other, limit) == (edits <= limit)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("army", "army", 0),
        ("army", "amry", 1),
        ("army", "arny", 1),
        ("army", "arm", 1),
        ("army", "armyy", 1),
        ("prisoner", "rpisonre", 2),
        # A swapped pair is not edited again: ca, ac, abc would be two edits.
        ("ca", "abc", 3),
        ("", "abc", 3),
    ],
)
def test_edits(one: str, other: str, edits: int) -> None:
    assert edit_distance(one, other, 3) == edit_distance(other, one, 3) == edits
    assert edit_distance(one, other, 1) == min(edits, 2)


def found_words(snapshot: Snapshot, correction: Correction) -> set[str]:
    return {
        part.lexicon.word(int(number))
        for part, ids in zip(snapshot.parts, ids_of(snapshot, correction), strict=True)
        for number in ids
    }


def ids_of(snapshot: Snapshot, correction: Correction) -> list[Array]:
    return snapshot.lexicons.split(correction.numbers)


@pytest.mark.parametrize("number", range(8))
def test_corrections(collections: list[Collection], number: int) -> None:
    snapshot = Snapshot(collections[number].index)
    twin = Twin(collections[number].held(), WEIGHTS)
    random = Random(number)
    some = 0
    for _ in range(60):
        typed = typed_for(random)
        if fold(typed) in twin.folded:
            continue
        found = corrections(snapshot, typed)
        expected = twin.corrections(typed)
        assert [(c.word, c.edits) for c in found] == [(word, n) for word, n, _ in expected]
        for correction, (_, _, of_form) in zip(found, expected, strict=True):
            assert found_words(snapshot, correction) == set(of_form)
            held = [entry.live for word in of_form for entry in twin.documents_with(word)]
            assert correction.frequency == sum(held)
        some += bool(found)
    assert some


def corrected(path: Path, word: str, commits: list[list[Document | str]]) -> list[str]:
    snapshot = Snapshot(write(path / "index", commits).index)
    return [c.word for c in corrections(snapshot, word)]


def test_the_most_frequent_comes_first(tmp_path: Path) -> None:
    texts = ["armx", "armz armz armz", "armx", "armée Armée", "armee", "armée"]
    commits = [[Document(str(n), text=text)] for n, text in enumerate(texts)]
    assert corrected(tmp_path / "a", "army", commits) == ["armx", "armz"]
    # Forms are counted together, and shown by the one that most documents write.
    assert corrected(tmp_path / "b", "armees", commits) == ["armée"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # Without accents the more frequent comes first, and as it is written most.
        ("succegs", ["success", "succès"]),
        # Nobody types è for e: of an accent that was typed there is something in the word.
        ("succègs", ["succès", "success"]),
        ("mesuresx", ["mesures"]),
        ("mesurésx", ["mesurés"]),
        # What lacks all of them as well is still found.
        ("sùccesx", ["success", "succès"]),
        # Letters of other scripts that folding changes are no accents.
        ("أرضيج", ["ارضي", "أرضيل"]),
    ],
)
def test_accents_that_were_typed(tmp_path: Path, typed: str, expected: list[str]) -> None:
    texts = [*["success mesures ارضي"] * 5, "succès", "mesurés", "أرضيل"]
    commits = [[Document(str(n), text=text) for n, text in enumerate(texts)]]
    assert corrected(tmp_path, typed, commits) == expected


def test_two_edits_only_in_long_words_and_where_one_finds_nothing(tmp_path: Path) -> None:
    commits: list[list[Document | str]] = [[Document("a", text="prisoner prisons army")]]
    assert corrected(tmp_path / "a", "prixoxer", commits) == ["prisoner"]
    assert corrected(tmp_path / "b", "prisonxs", commits) == ["prisons"]
    assert corrected(tmp_path / "c", "axmx", commits) == []
    assert corrected(tmp_path / "d", "prixxer", commits) == []


def test_a_word_without_a_live_document_is_never_suggested(tmp_path: Path) -> None:
    gone, kept = Document("a", text="prisoner army"), Document("b", text="camp")
    more = [Document(str(n), text="history") for n in range(9)]
    commits: list[list[Document | str]] = [[gone, kept, *more], ["a"]]
    for folder, word in (("a", "prisonex"), ("b", "armx"), ("c", "prixonex")):
        assert corrected(tmp_path / folder, word, commits) == []
    # It is alive again in another segment; the deleted document does not count.
    again: list[list[Document | str]] = [*commits, [Document("a", text="army")]]
    snapshot = Snapshot(write(tmp_path / "again", again).index)
    assert len(snapshot.parts) == 2
    (found,) = corrections(snapshot, "armx")
    assert (found.word, found.frequency) == ("army", 1)
    assert [len(ids) for ids in ids_of(snapshot, found)] == [1, 1]


@pytest.mark.parametrize("word", ["armx", "prixonex"])
def test_a_word_alive_in_one_segment_is_corrected_to_in_all(tmp_path: Path, word: str) -> None:
    gone, kept = Document("a", text="prisoner army"), Document("b", text="prisoner army")
    more = [Document(str(n), text="history") for n in range(40)]
    commits: list[list[Document | str]] = [[gone, *more[:30]], [kept, *more[30:]], ["a"]]
    snapshot = Snapshot(write(tmp_path / "index", commits).index)
    assert len(snapshot.parts) == 2
    (found,) = corrections(snapshot, word)
    assert found.frequency == 1
    assert [len(ids) for ids in ids_of(snapshot, found)] == [1, 1]


def test_short_words_may_be_a_letter_shorter(tmp_path: Path) -> None:
    commits: list[list[Document | str]] = [[Document("a", text="حرب cam 194x ab")]]
    assert corrected(tmp_path / "a", "حررب", commits) == ["حرب"]
    assert corrected(tmp_path / "b", "camx", commits) == ["cam"]
    assert corrected(tmp_path / "c", "xxab", commits) == []


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("letters", ["ab", "abcdefgh", "ابتثجحخد"])
def test_one_edit_in_words_of_any_length_and_of_the_same_letters(
    tmp_path: Path, letters: str
) -> None:
    """Some are found by what is left without a letter, others by their 3-grams."""
    random = Random(letters)
    held = {"".join(random.choices(letters, k=random.randint(4, 14))) for _ in range(80)}
    text = " ".join(sorted(held))
    snapshot = Snapshot(write(tmp_path / "index", [[Document("a", text=text)]]).index)
    counts = set()
    for word in sorted(held):
        place, letter = random.randrange(len(word) - 1), random.choice(letters)
        before, pair, after = word[:place], word[place : place + 2], word[place + 2 :]
        for changed in (pair[1], letter + pair[1], letter + pair, pair[::-1]):
            typed = before + changed + after
            near = {other for other in held if is_near(typed, other, 1)}
            if typed not in held and len(typed) > 3 and len(near) <= MAX_CORRECTIONS:
                cap = random.choice([1, 3, 20])
                known = similar_words(snapshot, fold(typed), random.choice([0.2, 0.5]), cap)
                for similar in (None, known):
                    assert {c.word for c in corrections(snapshot, typed, similar)} == near
                counts |= {len(grams_of(other)) >= TOLD_BY_GRAMS for other in near}
    assert counts == {True, False}
