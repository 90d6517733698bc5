from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fihris.indexer.folding import fold
from fihris.indexer.prefixes import almost
from fihris.indexer.strings import Strings
from hypothesis import given
from hypothesis import strategies as st

from ..search.twin import distance
from .test_lexicon import key_list, made

# Few letters, so that strings resemble each other; two are beyond those that are told apart.
LETTERS = st.text("abجي字𐘀", max_size=9)


def begins_almost(prefix: str, form: str) -> bool:
    return any(distance(prefix, form[:n]) <= 1 for n in range(len(form) + 1))


@given(LETTERS.filter(bool), st.lists(LETTERS))
def test_almost(prefix: str, forms: list[str]) -> None:
    assert almost(prefix, Strings.of(forms)).tolist() == [begins_almost(prefix, f) for f in forms]


@pytest.mark.parametrize("seed", range(1))
def test_words_that_begin_almost_so(tmp_path: Path, seed: int) -> None:
    keys = [key for key in key_list(seed) if key.isalpha() and key.isascii()] + ["አማርኛ", "አማን"]
    lexicon, _ = made(tmp_path, keys)
    for prefix in {fold(key)[:n] for key in keys for n in (2, 4, 5, 6, 8)}:
        found = {lexicon.word(number) for number in lexicon.with_prefix_almost(prefix).tolist()}
        assert found == {key for key in keys if begins_almost(prefix, fold(key))}, prefix
        exact = np.sort(lexicon.beginning_with(prefix)).tolist()
        assert exact == lexicon.with_prefix(prefix).tolist()
