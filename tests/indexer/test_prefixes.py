from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fihris.indexer.folding import fold
from fihris.indexer.lexicons import Lexicons
from fihris.indexer.prefixes import almost
from fihris.indexer.strings import Strings
from hypothesis import given
from hypothesis import strategies as st

from ..search.twin import is_near
from .test_lexicon import key_list, made

# Few letters, so that strings resemble each other; two are beyond those that are told apart.
LETTERS = st.text("abجي字𐘀", max_size=9)


def begins_almost(prefix: str, form: str) -> bool:
    return any(is_near(prefix, form[:n], 1) for n in range(len(form) + 1))


@given(LETTERS.filter(bool), st.lists(LETTERS))
def test_almost(prefix: str, forms: list[str]) -> None:
    assert almost(prefix, Strings.of(forms)).tolist() == [begins_almost(prefix, f) for f in forms]


@pytest.mark.parametrize("count", [1, 3])
def test_words_that_begin_almost_so(tmp_path: Path, count: int) -> None:
    keys = [key for key in key_list(0) if key.isalpha() and key.isascii()] + ["አማርኛ", "አማን"]
    parts = [keys[n::count] for n in range(count)]
    parts[-1] = sorted({*parts[-1], *keys[:20]})  # some are in two of them
    lexicons = []
    for n, part in enumerate(parts):
        (tmp_path / str(n)).mkdir()
        lexicons.append(made(tmp_path / str(n), part)[0])
    together = Lexicons(lexicons)
    for prefix in {fold(key)[:n] for key in keys for n in (2, 4, 5, 6, 8)}:
        found = together.beginning_almost_as(prefix)
        for part, lexicon, ids in zip(parts, lexicons, found, strict=True):
            almost_so = {key for key in part if begins_almost(prefix, fold(key))}
            assert [*map(lexicon.word, ids.tolist())] == sorted(
                almost_so, key=lambda word: lexicon.find(word.encode())
            ), prefix
            exact = np.sort(lexicon.beginning_with(prefix)).tolist()
            assert exact == lexicon.matching(f"{prefix}*").tolist()
    assert Lexicons([]).beginning_almost_as("army") == []
