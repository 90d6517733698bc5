from __future__ import annotations

import tracemalloc
from random import Random

import numpy as np
import pytest
from fihris.indexer.strings import Strings
from hypothesis import given
from hypothesis import strategies as st

ANY = st.lists(st.text(max_size=8))
# Few letters, so that strings begin alike and are equal.
ALIKE = st.lists(st.text("abé漢𐘀", max_size=40).map(lambda text: "a" * 20 + text))


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=8)))
def test_code_points(strings: list[str]) -> None:
    found = Strings.of(strings)
    assert Strings.of(found) is found
    assert len(found) == len(strings)
    assert found.list() == strings
    assert list(map(chr, found.points)) == list("".join(strings))
    assert found.lengths.tolist() == list(map(len, strings))
    assert found.places().tolist() == [n for s in strings for n in range(len(s))]
    assert found.owners().tolist() == [n for n, s in enumerate(strings) for _ in s]
    assert found.first().tolist() == [ord(s[0]) if s else 0 for s in strings]
    assert found.alphabet().tolist() == sorted({ord(c) for s in strings for c in s})


@given(ANY, st.data())
def test_choosing(strings: list[str], data: st.DataObject) -> None:
    found = Strings.of(strings)
    numbers = data.draw(
        st.lists(st.integers(0, max(0, len(strings) - 1))) if strings else st.just([])
    )
    assert found.take(np.array(numbers, np.int64)).list() == [strings[n] for n in numbers]
    first = data.draw(st.integers(0, len(strings)))
    assert found.between(first, len(strings)).list() == strings[first:]
    parts = [part.list() for _, part in found.batches(3)]
    assert parts == [strings[n : n + 3] for n in range(0, len(strings), 3)]
    assert [first for first, _ in found.batches(3)] == list(range(0, len(strings), 3))
    pieces = [found.between(0, first), Strings.of([]), found.between(first, len(strings))]
    assert Strings.joined(pieces).list() == strings
    vowels = np.isin(found.points, list(map(ord, "aeiou")))
    assert found.keep(~vowels).list() == [
        "".join(c for c in s if c not in "aeiou") for s in strings
    ]
    assert found.any(vowels).tolist() == [any(c in "aeiou" for c in s) for s in strings]
    assert found.at(np.arange(len(strings)), 2).tolist() == [
        ord(s[2]) if len(s) > 2 else 0 for s in strings
    ]


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3), st.booleans())))
def test_replacing_and_comparing(rows: list[tuple[str, str, bool]]) -> None:
    before = Strings.of([a for a, _, _ in rows])
    numbers = [n for n, (_, _, other) in enumerate(rows) if other]
    others = Strings.of([rows[n][1] for n in numbers])
    after = before.replaced(np.array(numbers, np.int64), others)
    expected = [b if other else a for a, b, other in rows]
    assert after.list() == expected
    changed = [a != b for (a, _, _), b in zip(rows, expected, strict=True)]
    assert before.differ(after).tolist() == changed


@given(st.one_of(ANY, ALIKE))
def test_order_is_that_of_the_bytes(strings: list[str]) -> None:
    order = Strings.of(strings).order().tolist()
    assert order == sorted(range(len(strings)), key=lambda n: strings[n].encode())


@given(st.one_of(ANY, ALIKE))
def test_order_is_right_across_portions(strings: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fihris.indexer.stretches._AT_A_TIME", 2)
        order = Strings.of(strings).order().tolist()
    assert order == sorted(range(len(strings)), key=lambda n: strings[n].encode())


@given(st.one_of(ANY, ALIKE), st.randoms(use_true_random=False))
def test_equal_ones_stand_in_the_order_that_is_given(strings: list[str], random: Random) -> None:
    before = random.sample(range(len(strings)), len(strings))
    order = Strings.of(strings).order(np.array(before, np.int64)).tolist()
    assert order == sorted(before, key=lambda n: strings[n].encode())


def test_order_holds_little_besides_itself() -> None:
    """Many begin alike, so that their first letters leave most of them undecided."""
    random = np.random.default_rng(1)
    points = random.integers(ord("a"), ord("z"), (1_000_000, 12), np.uint32, endpoint=True)
    points[:, :6] = points[random.integers(0, 50_000, len(points)), :6]
    strings = Strings(points.ravel(), np.arange(0, points.size + 1, 12))
    tracemalloc.start()
    order = strings.order()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * order.nbytes
    some = strings.take(order[::1000]).list()
    assert some == sorted(some)


def test_joining_holds_nothing_besides_what_comes_out() -> None:
    parts = [Strings.of(["ab"] * 100_000) for _ in range(10)]
    size = sum(part.points.nbytes + part.starts.nbytes for part in parts)
    tracemalloc.start()
    joined = Strings.joined(parts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.1 * size
    assert joined.list() == ["ab"] * 1_000_000


@given(ANY)
def test_utf_8(strings: list[str]) -> None:
    blob, offsets = Strings.of(strings).encoded()
    encoded = [s.encode() for s in strings]
    assert blob.tobytes() == b"".join(encoded)
    assert np.diff(offsets).tolist() == list(map(len, encoded))
    assert Strings.decoded(blob, np.diff(offsets)).list() == strings


def test_half_characters_have_no_utf_8() -> None:
    with pytest.raises(UnicodeEncodeError):
        Strings.of(["\ud800"]).encoded()
    with pytest.raises(UnicodeDecodeError):
        Strings.decoded(np.frombuffer(b"a\xff", np.uint8), np.array([2]))
