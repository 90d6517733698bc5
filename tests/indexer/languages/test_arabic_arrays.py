from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.languages import _arabic_affixes as affixes
from fihris.indexer.languages.arabic import ARABIC
from fihris.indexer.strings import Strings
from hypothesis import given
from hypothesis import strategies as st

PREFIXES = [*affixes.PROCLITICS, *affixes.JOINED_ARTICLES, "وو", "أل", "آل", "إلى"]
ENDINGS = [*affixes.PRONOUNS, *affixes.PLURALS, *affixes.ADJECTIVES, *affixes.ROOT_SUFFIXES, "ة"]
PATTERNS = f"{affixes.PATTERNS_OF_THREE} {affixes.PATTERNS_OF_FOUR}".split()
# Letters of other blocks end in the same bytes as Arabic ones, or are none of its letters at all.
LETTERS = "ابتجدرسعفكلمنهوىيةءأإآؤئپگ٣\u064e\u0670ـ" + "1aéا\u0127\u0427漢𐘀\u1ed9'"


@st.composite
def word(draw: st.DrawFn) -> str:
    """A word put together from particles, a core and endings."""
    core = draw(
        st.one_of(
            st.text(LETTERS, max_size=6),
            st.sampled_from(PATTERNS),
            st.sampled_from(PATTERNS).map(lambda p: p.translate(str.maketrans("فعلق", "گبتد"))),
        )
    )
    before = draw(st.lists(st.sampled_from(PREFIXES), max_size=2))
    behind = draw(st.lists(st.sampled_from(ENDINGS), max_size=3))
    return casefold_key("".join([*before, core, *behind]))


def check(words: Iterable[str]) -> None:
    keys = list(words)
    forms = list(map(fold, keys))
    arrays = Strings.of(forms)
    for each in (keys, forms):
        assert ARABIC.stems_of(Strings.of(each)).list() == ARABIC.stems(each)
    rests, owners = ARABIC.rests_of(arrays)
    expected = [(rest, n) for n, form in enumerate(forms) for rest in ARABIC.rests(form)]
    assert list(zip(rests.list(), owners.tolist(), strict=True)) == expected
    # A rest is folded like the word that it is of: its stem is that of a folded form.
    assert rests.list() == list(map(fold, rests.list()))
    roots, numbers = ARABIC.roots_of(arrays)
    found = dict(zip(numbers.tolist(), roots.list(), strict=True))
    assert [found.get(n, "") for n in range(len(forms))] == list(map(ARABIC.root, forms))


@given(st.lists(word(), min_size=1, max_size=60))
def test_many_words_are_cut_like_each_of_them(words: list[str]) -> None:
    check(words)


def test_every_affix_on_every_length_of_word() -> None:
    cores = ["", "د", "در", "درس", "مدرس", "مدارس", "يستعمر"]
    check(
        before + core + behind
        for before, core, behind in product(["", *PREFIXES], cores, ["", *ENDINGS])
    )


def test_every_pattern_with_an_ending() -> None:
    root = str.maketrans("فعلق", "ذبحر")
    check(p + end for p in [*PATTERNS, *(p.translate(root) for p in PATTERNS)] for end in ("", "ي"))


def test_no_words() -> None:
    check([])
    check([""])
    check(["و" * 300, "ا" * 130])
