from __future__ import annotations

import numpy as np
import pytest
from fihris.indexer.folding import fold
from fihris.indexer.languages import LANGUAGES, by_code
from fihris.indexer.relations import (
    EXACT,
    FOLDED,
    joined,
    root_namespace,
    stem_namespace,
    word_keys,
)
from fihris.indexer.words import words

from ..collections import WORDS
from ..search.twin import identity, languages_of

KEYS = sorted({key for word in WORDS for key in words(word)} | {"و1945", "123", "東", "x1"})


def key(string: str, namespace: int) -> int:
    """What is told of a hash."""
    return identity(string, namespace) >> 16 << 16


def test_every_key_of_every_word() -> None:
    found = word_keys(KEYS)
    expected, rests = set(), set()
    for number, word in enumerate(KEYS):
        form = fold(word)
        expected.add((key(word, EXACT), number))
        if form != word or not word.isascii() or word[0].isdigit():
            expected.add((key(form, FOLDED), number))
        for language in languages_of(form):
            for stem in language.stems([word, form]):
                expected.add((key(stem, stem_namespace(language)), number))
            if root := language.root(form):
                expected.add((key(root, root_namespace(language)), number))
            for rest in language.rests(form):
                (stem,) = language.stems([rest])
                rest_key = key(stem, stem_namespace(language))
                rests.add((rest_key, number, identity(rest, FOLDED)))
    assert found.folded.list() == list(map(fold, KEYS))
    assert sorted(zip(found.hashes.tolist(), found.words.tolist(), strict=True)) == sorted(expected)
    lists = (found.rest_hashes.tolist(), found.rest_words.tolist(), found.rest_checks.tolist())
    assert sorted(zip(*lists, strict=True)) == sorted(rests)
    for owners in (found.words, found.rest_words):
        assert owners.tolist() == sorted(owners)


def test_a_number_is_attested_behind_an_arabic_particle() -> None:
    found = word_keys(["1945", "و1945"])
    checks = {check >> 16 << 16 for check in found.rest_checks.tolist()}
    assert checks & set(found.hashes[found.words == 0].tolist())


def test_namespaces_are_apart_and_independent_of_the_order_of_languages() -> None:
    spaces = [n(language) for language in LANGUAGES for n in (stem_namespace, root_namespace)]
    assert len({EXACT, FOLDED, *spaces}) == len(spaces) + 2
    assert max(spaces) < 2**32
    french = by_code("fr")
    assert french
    assert stem_namespace(french) == 3 + (ord("f") * 256 + ord("r")) * 4


@pytest.mark.parametrize(("seen", "code"), [((), "fr"), (("fr",), "fr"), (("fr", "en"), "en")])
def test_the_main_key_is_the_stem_in_a_language_that_the_word_was_seen_in(
    seen: tuple[str, ...], code: str
) -> None:
    codes = [language.code for language in LANGUAGES]
    mask = sum(1 << codes.index(each) for each in seen)
    language = by_code(code)
    assert language
    (stem,) = language.stems(["organizations"])
    # A word of another script beside it, and one of none.
    main = word_keys(["جيش", "organizations", "12"]).main(np.array([mask] * 3, np.uint32))
    assert main[1] == key(stem, stem_namespace(language))
    assert main[2] == key("12", FOLDED)


@pytest.mark.parametrize("cut", [0, 1, 20, len(KEYS) - 1])
def test_several_lists_joined(cut: int) -> None:
    found = joined([word_keys(KEYS[:cut]), word_keys([]), word_keys(KEYS[cut:])])
    masks = np.arange(len(KEYS), dtype=np.uint32) % (1 << len(LANGUAGES))
    expected = word_keys(KEYS)
    assert found.folded.list() == expected.folded.list()
    for name in ("hashes", "words", "rest_hashes", "rest_words", "rest_checks"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist(), name
    assert found.main(masks).tolist() == expected.main(masks).tolist()


def test_no_words() -> None:
    found = word_keys([])
    assert [len(found.hashes), len(found.rest_hashes)] == [0, 0]
    assert len(found.main(np.zeros(0, np.uint32))) == 0
