from __future__ import annotations

import numpy as np
import pytest
from fihris.indexer import compiled
from fihris.indexer.hashing import hash_of, hashes, running_sum
from fihris.indexer.strings import Strings
from hypothesis import given
from hypothesis import strategies as st

from ..search.twin import identity

STRINGS = st.lists(st.text(max_size=30))


@given(STRINGS, st.integers(0, 2**32 - 1))
def test_equals_the_same_sum_in_whole_numbers(strings: list[str], namespace: int) -> None:
    expected = [identity(s, namespace) for s in strings]
    assert hashes(strings, namespace).tolist() == expected
    assert hashes(Strings.of(strings), namespace).tolist() == expected
    assert [hash_of(s, namespace) for s in strings] == expected


@given(st.text(), st.integers(0, 2**32 - 1))
def test_single_strings_without_kernels(string: str, namespace: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "kernels", None)
        assert hash_of(string, namespace) == identity(string, namespace)


@pytest.mark.parametrize("arguments", [(), ("a",), (b"a", 0), ("a", "b"), ("a", 0, 0)])
def test_bad_arguments(arguments: tuple[object, ...]) -> None:
    if not compiled.kernels:
        pytest.skip("no compiler was at hand when Fihris was installed")
    with pytest.raises(TypeError):
        compiled.kernels.hash_of(*arguments)  # pyright: ignore


@pytest.mark.parametrize(
    ("word", "namespace", "expected"),
    [
        ("", 0, 0x4179B061E0C0E0D0),
        ("army", 0, 0xF5A7C050A71E799B),
        ("جيش", 1, 0x49241EA80EB3B991),
        ("𐘀é", 7, 0xBAB805E2765B0746),
    ],
)
def test_never_changes_since_indexes_hold_it(word: str, namespace: int, expected: int) -> None:
    assert hex(hashes([word], namespace)[0]) == hex(expected)


def test_words_longer_than_the_table_of_multipliers() -> None:
    long = "ab" * 1500
    for strings in ([long, long[:-1]], Strings.of([long, long[:-1]])):
        assert hashes(strings).tolist() == [identity(long), identity(long[:-1])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "kernels", None)
        assert hash_of(long) == identity(long)


@given(STRINGS)
def test_strings_do_not_touch_each_other(strings: list[str]) -> None:
    assert hashes(strings).tolist() == [int(hashes([s])[0]) for s in strings]


def test_namespaces_are_apart() -> None:
    words = ["", "a", "army", "جيش"]
    found = [int(h) for n in (0, 1, 2, 2**32 - 1) for h in hashes(words, n)]
    assert len(set(found)) == len(found)


def test_half_characters_are_hashed_too() -> None:
    assert hashes(["\ud800a"])[0] != hashes(["\udfffa"])[0]


def test_running_sum_wraps_round() -> None:
    assert running_sum(np.array([2**64 - 1, 3], np.uint64)).tolist() == [0, 2**64 - 1, 2]
