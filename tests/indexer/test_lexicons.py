"""The lexicons of several segments as one."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from fihris.indexer import Document, compiled
from fihris.indexer.folding import fold
from fihris.indexer.hashing import hashes
from fihris.indexer.lexicons import Lexicons, about_different
from fihris.indexer.relations import EXACT
from fihris.indexer.words import words

from ..collections import WORDS, typo, write
from ..search.twin import fits

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


def spread(path: Path, keys: list[str], lexicons: int) -> Lexicons:
    """So many lexicons that share keys out among them; every other key stands in two."""
    found = []
    for n in range(lexicons):
        own = {*keys[n::lexicons], *keys[::2][n::lexicons]}
        index = write(path / str(n), [[Document("a", text=" ".join(sorted(own)))]]).index
        found += [segment.files.lexicon for segment in index.segments()[1]]
    return Lexicons(found)


def folded(lexicons: Lexicons) -> list[str]:
    """The folded forms of all words, by their numbers."""
    return [fold(lexicons.word(number)) for number in range(lexicons.bases[-1])]


def fitting(forms: list[str], pattern: str) -> list[int]:
    """The numbers of words, from first to last, whose folded form fits a pattern."""
    return [number for number, form in enumerate(forms) if fits(pattern, form)]


# Of nine lexicons there are more dictionaries than are searched at a time.
@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("count", [1, 2, 9])
def test_words_that_fit_a_pattern(tmp_path: Path, count: int) -> None:
    random = Random(count)
    misspelt = [typo(random, word) for word in WORDS]
    spelt = [*WORDS, *misspelt, "l'berté", "و1945", "cœur", "كِتاب", "ab", "a", "é", "هاذٰن"]
    keys = sorted({key for word in spelt for key in words(word)})
    random.shuffle(keys)
    lexicons = spread(tmp_path, keys, count)
    some = random.sample([fold(key) for key in keys], 40)
    heads = ["lib", "م", "ال", "coe", "hau", "e", "ел", "19", "zz", "", *(key[:2] for key in some)]
    tails = ["*", "?", "??ر*", "*s", "*ة", "*ation", "*llschaft", *(f"*{key[-2:]}" for key in some)]
    patterns = random.sample([head + tail for head in heads for tail in tails], 200)
    patterns += ["*er*", "*é", "a*b*a", "?*?", "**s", "", "*.*", "*[a]", "l*er*tion", "ال*ر?*ة"]
    patterns += ["*er*er*n", "c?ur", "c??ur", "ك?تاب", "ه*ن", "ها*ن", *some]
    patterns += [f"{key[:cut]}*{key[cut:]}" for key in some for cut in (1, len(key) // 2)]
    forms = folded(lexicons)
    for pattern in sorted({*patterns}):
        found = lexicons.fitting(pattern)
        assert found.dtype == np.int64
        assert found.tolist() == fitting(forms, pattern), pattern


@pytest.mark.slow
@pytest.mark.usefixtures("either_way")
def test_words_that_fit_among_many(tmp_path: Path) -> None:
    """More than a kernel makes room for at once, and more numbers than two bytes have."""
    random = Random(0)
    keys = [f"{random.choice('abé')}{n:x}x{random.choice('zß')}" for n in range(70_000)]
    lexicons = spread(tmp_path, keys, 1)
    forms = folded(lexicons)
    for pattern in ("a*", "e*", "e*z", "a*3xss", "*7*xz"):
        assert lexicons.fitting(pattern).tolist() == fitting(forms, pattern)


@pytest.mark.usefixtures("either_way")
def test_patterns_in_no_lexicons_and_in_empty_ones(tmp_path: Path) -> None:
    index = write(tmp_path / "index", [[Document("a", text="")]]).index
    (segment,) = index.segments()[1]
    for lexicons in (Lexicons([]), Lexicons([segment.files.lexicon])):
        for pattern in ("a*", "a*s", "*a", "a"):
            assert lexicons.fitting(pattern).tolist() == []


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
