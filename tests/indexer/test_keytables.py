from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from fihris.indexer.keytables import KeyTables, Values
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")

Row = tuple[int, int, int]


@st.composite
def tables(draw: st.DrawFn) -> list[list[Row]]:
    """The rows of some tables: hash, word and check."""
    bits = draw(st.sampled_from([3, 32, 64]))
    hashes = st.integers(0, 2**bits - 1) if bits < 64 else st.integers(2**64 - 9, 2**64 - 1)
    row = st.tuples(st.one_of(hashes, st.integers(0, 5)), st.integers(0, 9), st.integers(0, 9))
    return draw(st.lists(st.lists(row, max_size=70), max_size=4))


def arrays(rows: list[Row]) -> tuple[Any, Any, Any]:
    hashes, words, checks = (
        zip(*sorted(rows, key=lambda row: row[0]), strict=True) if rows else ((),) * 3
    )
    return (
        np.array(hashes, np.uint64),
        np.array(words, np.uint32),
        np.array(checks, np.uint64),
    )


@given(tables(), st.lists(st.integers(0, 9), max_size=40))
def test_equals_looking_at_every_row(every: list[list[Row]], some: list[int]) -> None:
    keys = [*some, *(row[0] for rows in every for row in rows[:3])]
    bases = np.arange(len(every) + 1) * 10
    looked = KeyTables([arrays(rows) for rows in every], bases)
    wanted = np.array(keys, np.uint64)
    expected = [
        (word + 10 * n, check, place)
        for n, rows in enumerate(every)
        for place, key in enumerate(keys)
        for found, word, check in sorted(rows, key=lambda row: row[0])
        if found == key
    ]
    columns = [column.tolist() for column in looked.having_checked(wanted)]
    assert list(zip(*columns, strict=True)) == expected
    numbers, which = looked.having(wanted)
    assert (numbers.tolist(), which.tolist()) == (columns[0], columns[2])
    held = {row[0] for rows in every for row in rows}
    assert looked.hold(wanted).tolist() == [key in held for key in keys]


@pytest.mark.parametrize("kind", ["u1", "u4", "u8"])
def test_values(kind: str) -> None:
    random = Random(1)
    lists = [[random.randrange(200) for _ in range(size)] for size in (5, 0, 40, 1)]
    bases = np.cumsum([0, *map(len, lists)])
    values = Values([np.array(each, kind) for each in lists], bases)
    joined = [value for each in lists for value in each]
    numbers = [random.randrange(len(joined)) for _ in range(100)]
    found = values.of(np.array(numbers, np.int64))
    assert found.tolist() == [joined[number] for number in numbers]
    with pytest.raises(IndexError):
        values.of(np.array([len(joined)], np.int64))
