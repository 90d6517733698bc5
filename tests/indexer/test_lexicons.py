"""The lexicons of several segments as one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fihris.indexer import Document, compiled
from fihris.indexer.hashing import hashes
from fihris.indexer.lexicons import Lexicons, about_different
from fihris.indexer.relations import EXACT

from ..collections import write

TEXTS = ["army camp جيش", "camp armée", "جيش army lettre camp"]


@pytest.fixture(params=["compiled", "numpy"])
def lexicons(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Lexicons:
    if request.param == "numpy":
        monkeypatch.setattr(compiled, "kernels", None)
    commits = [[Document(str(n), "", text)] for n, text in enumerate(TEXTS)]
    segments = write(tmp_path / "index", commits).index.segments()[1]
    assert len(segments) == len(TEXTS)
    return Lexicons([segment.files.lexicon for segment in segments])


def test_ids_by_identities(lexicons: Lexicons) -> None:
    asked = ["army", "absent", "جيش", "armée", "camp", "lettre"]
    identities = hashes(asked, EXACT)
    # Tables tell fewer bits than an identity has.
    alike = identities[:1] ^ np.uint64(1)
    found = lexicons.ids_of(np.concatenate([identities, alike]))
    assert found.shape == (len(TEXTS), len(asked) + 1)
    for text, ids, base in zip(TEXTS, found.tolist(), lexicons.bases.tolist(), strict=False):
        for word, number in zip([*asked, "alike"], ids, strict=True):
            assert (number >= 0) == (word in text.split()), (text, word)
            assert number < 0 or lexicons.word(base + number) == word


def test_of_no_words_and_no_lexicons(lexicons: Lexicons) -> None:
    assert lexicons.ids_of(np.zeros(0, np.uint64)).shape == (len(TEXTS), 0)
    assert Lexicons([]).ids_of(hashes(["army"], EXACT)).shape == (0, 1)


def test_about_how_many_different_words(tmp_path: Path) -> None:
    words = [f"w{number}" for number in range(60_000)]
    texts = [words[:30_000], words[10_000:40_000], words[39_000:]]
    commits = [[Document(str(n), "", " ".join(text))] for n, text in enumerate(texts)]
    segments = write(tmp_path / "index", commits).index.segments()[1]
    lexicons = [segment.files.lexicon for segment in segments]
    assert [about_different([each]) for each in lexicons] == [30_000, 30_000, 21_000]
    # One in 256 is looked at: four standard deviations.
    assert about_different(lexicons[:2]) == pytest.approx(40_000, abs=4 * (40_000 * 256) ** 0.5)
    assert about_different(lexicons) == pytest.approx(60_000, abs=4 * (60_000 * 256) ** 0.5)
    assert about_different([*lexicons, *lexicons]) == about_different(lexicons)
