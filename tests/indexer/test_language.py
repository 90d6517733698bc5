from __future__ import annotations

import pytest
from fihris.indexer.language import Language
from fihris.indexer.languages import LANGUAGES
from fihris.indexer.languages.arabic import ARABIC
from fihris.indexer.strings import Strings
from msgspec.structs import replace

WORDS = ["والكتاب", "army", "", "armée", "مدارس", "армия", "في"]
# A language of one word at a time, as most are written.
PLAIN = replace(ARABIC, arrays=None)


@pytest.mark.parametrize("language", [*LANGUAGES, PLAIN], ids=lambda language: language.code)
def test_words_as_an_array_get_what_single_words_get(language: Language) -> None:
    words = Strings.of(WORDS)
    assert language.stems_of(words).list() == language.stems(WORDS)
    rests, owners = language.rests_of(words)
    expected = [(rest, n) for n, word in enumerate(WORDS) for rest in language.rests(word)]
    assert list(zip(rests.list(), owners.tolist(), strict=True)) == expected
    roots, numbers = language.roots_of(words)
    expected = [(root, n) for n, word in enumerate(WORDS) if (root := language.root(word))]
    assert list(zip(roots.list(), numbers.tolist(), strict=True)) == expected
