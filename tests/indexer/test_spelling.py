from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest
from fihris.indexer.spelling import (
    deletion_table,
    deletions,
    gram_table,
    grams_of,
    whole_hashes,
)
from fihris.indexer.strings import Strings
from hypothesis import given
from hypothesis import strategies as st

from ..search.twin import distance

# Few letters, so that strings repeat and resemble each other.
WORDS = st.text("abجي𐘀", max_size=9)


def gram_code(three: str) -> int:
    """A 3-gram as a number; a space stands for the border."""
    first, second, third = (0x1FFFFF if c == " " else ord(c) for c in three)
    return first << 42 | second << 21 | third


def check_tables(strings: list[str], ids: list[int], chosen: list[int]) -> None:
    arrays = Strings.of(strings), np.array(chosen, np.int64), np.array(ids, np.uint32)
    table = gram_table(*arrays)
    lists: dict[int, list[int]] = {}
    counts = [0] * len(strings)
    for number in chosen:
        string, word = strings[number], ids[number]
        own = {gram_code(f" {string} "[n : n + 3]) for n in range(len(string))}
        assert sorted(own) == grams_of(string) or not string
        counts[word] = min(len(own), 255)
        for code in own:
            lists.setdefault(code, []).append(word)
    assert table.codes.tolist() == sorted(lists)
    starts = table.starts.tolist()
    for code, start, end in zip(sorted(lists), starts, starts[1:], strict=False):
        assert table.words[start:end].tolist() == sorted(lists[code])
    assert starts[-1] == len(table.words)
    assert table.counts.tolist() == counts
    found = deletion_table(*arrays)
    expected = sorted({(int(h), ids[n]) for n in chosen for h in deletions([strings[n]])[0]})
    # Less than the whole hash is told.
    rows = zip((found.hashes >> np.uint64(40)).tolist(), found.words.tolist(), strict=True)
    assert list(rows) == [(h >> 8, word) for h, word in expected]


@given(st.lists(WORDS), st.randoms())
def test_the_words_of_each_gram_and_deletion(strings: list[str], random: Random) -> None:
    ids = random.sample(range(len(strings)), len(strings))
    check_tables(strings, ids, [n for n in range(len(strings)) if random.random() < 0.8])


def test_grams_of_more_letters_than_are_numbered_without_a_look_at_them() -> None:
    letters = [chr(0xAC00 + n) for n in range(2000)]
    strings = ["".join(letters[n : n + 5]) for n in range(0, 2000, 5)] + ["abab" * 3, "𐘀" * 5]
    everything = list(range(len(strings)))
    check_tables(strings, everything, everything)
    check_tables(strings, everything, [])


def test_tables_of_many_strings_are_made_in_several_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fihris.indexer.spelling._AT_A_TIME", 3)
    monkeypatch.setattr("fihris.indexer.spelling._STRINGS_AT_A_TIME", 5)
    strings = [f"{n:06b}ab{'abab' * (n % 9)}" for n in range(64)]
    check_tables(strings, list(range(64)), list(range(64)))


def test_more_grams_than_are_counted() -> None:
    check_tables(["".join(map(chr, range(0x4E00, 0x4E00 + 300)))], [0], [0])


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
