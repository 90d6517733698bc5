from collections.abc import Sequence
from itertools import islice

import numpy as np
import pytest
from fihris.indexer import vocabulary as vocabulary_module
from fihris.indexer.vocabulary import Read, Vocabulary, places
from fihris.indexer.words import MAX_WORD, spans, words
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")

TEXTS = [
    "L’Armée, l'ARMÉE et l’été; aujourd'hui O'Brien's Vlasov's.",
    "كُتَّابٌ وَكِتَابٌ، جيش_التحرير ـــ ﷺ ١٩٤٤/1944",
    "Straße ﬁnal İstanbul Ångström œuvre ½ ² ª e\u0301te\u0301",
    "軍は来た ประเทศไทย ελλάς Σίσυφος",
    "zero\u200cwidth soft\u00adhyphen \u200fright\u200e",
    "",
    "…!?",
    "x" * (2 * MAX_WORD + 3) + " y",
    "ا" * MAX_WORD + "ل",
    "\ud800 a\udfff",
    "\u064eب ب\u064e ب\u064e\u0651 \u0651\u064eب 7\u064e",
]


def spelt(vocabulary: Vocabulary, read: Read) -> list[list[str]]:
    found = iter(vocabulary.words().take(read.words).list())
    return [list(islice(found, count)) for count in read.counts.tolist()]


def assert_reads_as_words_does(texts: Sequence[str]) -> None:
    vocabulary = Vocabulary()
    read = vocabulary.read(texts)
    assert spelt(vocabulary, read) == [words(text) for text in texts]
    every = vocabulary.words().list()
    assert len(set(every)) == len(every)
    # In the order in which they were found, whether or not they were found together.
    again = Vocabulary()
    for text in texts:
        again.read([text])
    assert sorted(again.words().list()) == sorted(every)
    assert np.array_equal(vocabulary.read(texts).words, read.words)


@pytest.mark.parametrize("at_a_time", [600, 1 << 17])
def test_texts_of_all_kinds(at_a_time: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary_module, "_AT_A_TIME", at_a_time)
    assert_reads_as_words_does(TEXTS)
    assert_reads_as_words_does([])


LETTERS = st.one_of(
    st.sampled_from(list("abcABCéÉàاأبةىيَُِّْٰ١2'’ʼ .,،\n\u200c\u0301ßŒﬁ軍_-")),
    st.characters(max_codepoint=0x700),
    st.characters(),
)


@given(st.lists(st.text(LETTERS, max_size=30), max_size=6))
def test_any_texts(texts: list[str]) -> None:
    assert_reads_as_words_does(texts)


@given(st.one_of(st.sampled_from(TEXTS), st.text(LETTERS, max_size=60)))
def test_places_are_those_of_words(text: str) -> None:
    assert places(text) == [(start, end) for _, start, end in spans(text)]


def test_every_character_by_itself_and_between_others() -> None:
    """Each code point up to the end of the Arabic blocks, which tables judge, and some beyond."""
    codes = [
        *range(0x870),
        *range(0x2000, 0x2070),
        *range(0xFB00, 0xFE00, 7),
        *range(0xFE70, 0xFF00),
    ]
    texts = []
    for code in codes:
        letter = chr(code)
        texts += [letter, f"a{letter}b", f"ب{letter}ب {letter}a b{letter}", f"É{letter}{letter}É"]
    vocabulary = Vocabulary()
    assert spelt(vocabulary, vocabulary.read(texts)) == [words(text) for text in texts]


def test_where_words_begin() -> None:
    vocabulary = Vocabulary()
    texts = ["Une armée, une ARMÉE", "جيش  التحرير", "no'n l'été"]
    read = vocabulary.read(texts)
    expected = [start for text in texts[:2] for _, start, _ in spans(text)]
    assert read.offsets[: len(expected)].tolist() == expected
    # The words of a stretch that had to be looked at closely begin where it does.
    assert read.offsets[len(expected) :].tolist() == [0, 5]


def test_words_given_first_have_the_first_numbers() -> None:
    vocabulary = Vocabulary(["der", "את", "o'brien", ""])
    assert vocabulary.numbers_of(["o'brien", "der", "new"]).tolist() == [2, 0, 4]
    assert vocabulary.read(["DER new O’Brien"]).words.tolist() == [0, 4, 2]
    assert vocabulary.words().list() == ["der", "את", "o'brien", "", "new"]


def test_rare_stretches_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary_module, "_REMEMBERED", 3)
    texts = [f"l'{letter * 3}" for letter in "abcdefgh"] * 2
    vocabulary = Vocabulary()
    assert [spelt(vocabulary, vocabulary.read([text]))[0] for text in texts] == [
        words(text) for text in texts
    ]
