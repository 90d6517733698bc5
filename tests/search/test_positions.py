from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from fihris.indexer import Document
from fihris.indexer.postings import BLOCK
from fihris.search.positions import (
    at_most,
    common_documents,
    counted,
    frequencies,
    near,
    phrase,
    places,
)
from fihris.search.reading import look_up
from fihris.search.snapshot import Part, Snapshot
from fihris.search.variants import as_written

from ..collections import write

pytestmark = pytest.mark.usefixtures("either_way")

LETTERS = ["aa", "bb", "cc", "dd"]


class Texts:
    """One segment of short texts of few words, and the same as lists."""

    def __init__(self, path: Path, texts: list[list[str]]) -> None:
        documents = [Document(str(n), text=" ".join(text)) for n, text in enumerate(texts)]
        index = write(path / "index", [documents]).index
        self.texts = texts
        self.places: dict[str, set[tuple[int, int]]] = {}
        for doc, text in enumerate(texts):
            for place, word in enumerate(text):
                self.places.setdefault(word, set()).add((doc, place))
        (self.part,) = Snapshot(index).parts

    def ids(self, words: set[str]) -> np.ndarray:
        found = [self.part.lexicon.find(word.encode()) for word in words]
        return np.array(sorted(n for n in found if n >= 0), np.int64)

    def where(self, words: set[str]) -> set[tuple[int, int]]:
        return set[tuple[int, int]]().union(*(self.places.get(word, ()) for word in words))

    def phrase(self, words: list[set[str]]) -> set[tuple[int, int]]:
        first, *others = (self.where(each) for each in words)
        return {
            (doc, place)
            for doc, place in first
            if all((doc, place + n) in other for n, other in enumerate(others, 1))
        }


def texts_of(random: Random) -> list[list[str]]:
    return [random.choices(LETTERS, [9, 4, 2, 1], k=random.choice([1, 2, 3, 8])) for _ in range(9)]


def some(random: Random) -> set[str]:
    return set(random.choices([*LETTERS, "none"], k=random.choice([1, 1, 1, 2, 3])))


def pairs(places: np.ndarray) -> list[tuple[int, int]]:
    return [(place >> 32, place & 0xFFFFFFFF) for place in places.tolist()]


def found_phrase(texts: Texts, words: list[set[str]]) -> np.ndarray:
    return phrase(texts.part, "text", [texts.ids(each) for each in words])


@pytest.mark.parametrize("seed", range(10))
def test_phrases(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    texts = Texts(tmp_path, texts_of(random))
    for _ in range(40):
        words = [some(random) for _ in range(random.randint(1, 4))]
        places = found_phrase(texts, words)
        assert pairs(places) == sorted(texts.phrase(words)), words
        found = counted(places)
        docs = [doc for doc, _ in texts.phrase(words)]
        assert found.docs.tolist() == sorted(set(docs))
        assert found.freqs.tolist() == [docs.count(doc) for doc in sorted(set(docs))]
        assert (found.matching, found.distinct) == (len(found.docs), True)
        among = np.array(sorted(random.sample(range(9), random.randint(0, 9))), np.int64)
        fewer = phrase(texts.part, "text", [texts.ids(each) for each in words], among)
        wanted = [place for place in pairs(places) if place[0] in among.tolist()]
        assert pairs(fewer) == wanted, (words, among)


@pytest.mark.parametrize("seed", range(3))
def test_phrases_in_many_documents(tmp_path: Path, seed: int) -> None:
    """Lists so long that they are intersected before anybody looks where words stand; texts longer
    than a byte counts; words beyond those that are looked for together."""
    random = Random(seed)
    letters = [*LETTERS, *(f"w{n}" for n in range(40))]
    weights = [60, 30, 15, 8, *[1] * 40]
    sizes = [random.choice([1, 4, 30]) for _ in range(900)] + [400, 300]
    texts = Texts(tmp_path, [random.choices(letters, weights, k=size) for size in sizes])
    among = np.array(sorted(random.sample(range(len(sizes)), 300)), np.int64)
    for size in [2, 2, 2, 3, 3, 4, 10]:
        for chosen in ([1], [1, 1, 2]):
            words = [set(random.choices(letters[:12], weights[:12], k=random.choice(chosen)))
                     for _ in range(size)]  # fmt: skip
            expected = sorted(texts.phrase(words))
            assert pairs(found_phrase(texts, words)) == expected, words
            fewer = phrase(texts.part, "text", [texts.ids(each) for each in words], among)
            assert pairs(fewer) == [p for p in expected if p[0] in set(among.tolist())], words
    assert pairs(found_phrase(texts, [{"aa"}, {"none"}])) == []
    assert pairs(found_phrase(texts, [{"aa"}] * 9)) == sorted(texts.phrase([{"aa"}] * 9))


@pytest.mark.parametrize("seed", range(8))
def test_phrases_in_long_texts_among_short_ones(tmp_path: Path, seed: int) -> None:
    # Frequencies and positions that do not fit the bits of the others, in lists of several blocks.
    random = Random(seed)
    words = [*LETTERS, "ee", "ff"]
    sizes = random.choices([3, 12, 40, 1500], [30, 20, 10, 3], k=90)
    texts = Texts(tmp_path, [random.choices(words, [60, 30, 9, 9, 2, 1], k=k) for k in sizes])
    for _ in range(6):
        asked = [some(random) | {random.choice(words)} for _ in range(random.choice([2, 2, 3]))]
        assert pairs(found_phrase(texts, asked)) == sorted(texts.phrase(asked))
        single = [{word} for word in random.choices(words, [9, 5, 3, 3, 2, 1], k=2)]
        assert pairs(found_phrase(texts, single)) == sorted(texts.phrase(single))


@pytest.mark.parametrize("seed", range(4))
def test_the_first_places_of_each_word(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    texts = Texts(tmp_path, [random.choices(LETTERS, [9, 4, 2, 1], k=k) for k in (3, 90, 9, 40, 1)])
    among = np.array(sorted(random.sample(range(5), random.randint(0, 5))), np.int64)
    for words in ({"aa"}, {"cc"}, {"aa", "bb"}, {"aa", "cc", "dd"}):
        ids = as_written(texts.ids(words))
        (found,) = look_up(texts.part, "text", [(ids, len(ids.ids))])
        for most in (0, 1, 5, 1000):
            expected = {
                place
                for word in words
                for doc in among.tolist()
                for place in sorted(p for p in texts.where({word}) if p[0] == doc)[:most]
            }
            assert pairs(places(texts.part, "text", found, among, most)) == sorted(expected)


@pytest.mark.parametrize("seed", range(4))
def test_how_often_words_are_where_all_of_them_are(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    texts = Texts(tmp_path, texts_of(random))
    for _ in range(40):
        words = [some(random) for _ in range(random.randint(1, 4))]
        among = random.choice([None, sorted(random.sample(range(9), random.randint(0, 9)))])
        listed = None if among is None else np.array(among, np.int64)
        found = frequencies(texts.part, "text", [texts.ids(each) for each in words], listed)
        expected = {}
        for doc in range(9) if among is None else among:
            counts = [sum(w in each for w in texts.texts[doc]) for each in words]
            if all(counts):
                expected[doc] = sum(counts)
        assert dict(zip(*(each.tolist() for each in found), strict=True)) == expected


@pytest.mark.parametrize("seed", range(4))
def test_how_many_places_words_have_at_most(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    texts = Texts(tmp_path, [random.choices(LETTERS, [9, 4, 2, 1], k=9) for _ in range(90)])
    postings, every = texts.part.files.postings["text"], set(texts.places)
    assert at_most(texts.part, "text", np.zeros(0, np.int64)) == 0
    for words in ({"aa"}, {"dd"}, {"aa", "bb", "dd"}, every):
        ids = texts.ids(words)
        # Those of each word, and of no more than two blocks that it shares with others.
        freqs = postings.freqs[:]
        expected = 0
        for word in ids.tolist():
            start, end = postings.edges_of(word)
            expected += int(freqs[start // BLOCK * BLOCK : -(-end // BLOCK) * BLOCK].sum())
        assert at_most(texts.part, "text", ids) == expected >= len(texts.where(words))


def test_a_rare_word_that_stands_too_early_in_the_first_document(tmp_path: Path) -> None:
    texts = Texts(tmp_path, [["bb", "aa"], ["aa", "cc"], ["aa", "aa"]])
    assert pairs(found_phrase(texts, [{"aa"}, {"bb"}])) == []
    texts = Texts(tmp_path / "more", [["bb", "aa", "bb"], ["aa", "aa", "aa", "aa"]])
    assert pairs(found_phrase(texts, [{"aa"}, {"bb"}])) == [(0, 1)]


@pytest.mark.parametrize("seed", range(10))
def test_near(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    texts = Texts(tmp_path, texts_of(random))
    for _ in range(40):
        operands = [
            [some(random) for _ in range(random.choice([1, 1, 2]))]
            for _ in range(random.randint(2, 4))
        ]
        distance = random.randint(1, 4)
        reached = texts.phrase(operands[0])
        for operand in operands[1:]:
            reached = {
                (doc, place)
                for doc, place in texts.phrase(operand)
                if any(doc == d and abs(place - p) <= distance for d, p in reached)
            }
        groups = [found_phrase(texts, operand) for operand in operands]
        assert pairs(near(groups, distance)[-1]) == sorted(reached), (operands, distance)


def test_the_end_of_a_document_is_not_near_the_start_of_the_next(tmp_path: Path) -> None:
    texts = Texts(tmp_path, [["aa"], ["bb", "aa"]])
    groups = [found_phrase(texts, [{"aa"}]), found_phrase(texts, [{"bb"}])]
    assert pairs(near(groups, 1)[-1]) == [(1, 0)]
    assert pairs(found_phrase(texts, [{"aa"}, {"bb"}])) == []


def title_part(path: Path) -> Part:
    documents = [Document("0", "aa bb", "cc dd"), Document("1", "cc", "cc dd aa bb")]
    (part,) = Snapshot(write(path / "index", [documents]).index).parts
    return part


def test_a_title_is_no_neighbour_of_the_text(tmp_path: Path) -> None:
    part = title_part(tmp_path)
    find = lambda word: np.array([part.lexicon.find(word)])  # noqa: E731
    assert pairs(phrase(part, "text", [find(b"aa"), find(b"bb")])) == [(0, 0), (1, 2)]
    assert pairs(phrase(part, "text", [find(b"bb"), find(b"cc")])) == []
    assert pairs(phrase(part, "title", [find(b"aa"), find(b"bb")])) == [(0, 0)]
    # One word lies between them.
    groups = [phrase(part, "text", [find(word)]) for word in (b"bb", b"cc")]
    assert pairs(near(groups, 1)[-1]) == []
    assert pairs(near(groups, 2)[-1]) == [(0, 3)]


def test_common_documents(tmp_path: Path) -> None:
    texts = Texts(tmp_path, [["aa", "bb"], ["bb"], ["aa", "cc"], ["dd"]])
    sets = [texts.ids({"aa", "bb"}), texts.ids({"bb", "cc"})]
    assert common_documents(texts.part, "text", sets).tolist() == [0, 1, 2]
    assert common_documents(texts.part, "text", [sets[0], texts.ids({"none"})]).tolist() == []
