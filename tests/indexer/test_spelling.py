from __future__ import annotations

from collections import Counter

import pytest
from fihris.indexer.spelling import deletions, grams, whole_hashes
from hypothesis import given
from hypothesis import strategies as st

from ..search.twin import distance

# Few letters, so that strings repeat and resemble each other.
WORDS = st.text("abجي𐘀", max_size=9)


def gram_code(three: str) -> int:
    """A 3-gram as a number; a space stands for the border."""
    first, second, third = (0x1FFFFF if c == " " else ord(c) for c in three)
    return first << 42 | second << 21 | third


@given(st.lists(WORDS))
def test_grams(strings: list[str]) -> None:
    codes, owners = grams(strings)
    expected = [
        (number, code)
        for number, string in enumerate(strings)
        for code in sorted({gram_code(f" {string} "[n : n + 3]) for n in range(len(string))})
    ]
    assert list(zip(owners.tolist(), codes.tolist(), strict=True)) == expected


@given(st.lists(WORDS))
def test_deletions(strings: list[str]) -> None:
    short, owners = deletions(strings)
    shorter = [s[:n] + s[n + 1 :] for s in strings for n in range(len(s))]
    assert short.tolist() == whole_hashes(shorter).tolist()
    assert Counter(owners.tolist()) == Counter({n: len(s) for n, s in enumerate(strings) if s})


@given(WORDS, st.integers(0, 9), st.text("abجي𐘀", min_size=1, max_size=1), st.integers(0, 3))
def test_one_edit_apart_means_a_hash_in_common(one: str, at: int, letter: str, kind: int) -> None:
    before, behind = one[:at], one[at:]
    other = (
        before
        + [letter + behind, behind[1:], letter + behind[1:], behind[1::-1] + behind[2:]][kind]
    )
    assert distance(one, other) <= 1
    these, those = (
        {*deletions([word])[0].tolist(), *whole_hashes([word]).tolist()} for word in (one, other)
    )
    assert these & those


@pytest.mark.parametrize("other", ["amry", "arm", "armyy", "army", "armi", "farmy", "rmy"])
def test_examples_of_one_edit(other: str) -> None:
    both = [{*deletions([w])[0].tolist(), *whole_hashes([w]).tolist()} for w in ("army", other)]
    assert both[0] & both[1]


def test_words_unlike_each_other_have_no_hash_in_common() -> None:
    words = ["volunteer", "liberation", "prisonnier", "التحرير", "vlasov"]
    found = [{*deletions([w])[0].tolist(), *whole_hashes([w]).tolist()} for w in words]
    assert sum(map(len, found)) == len(set().union(*found))
