from __future__ import annotations

from random import Random

import numpy as np
import pytest
from fihris.indexer.hashtable import HashTable, hash_table
from fihris.indexer.keytables import KeyTables, Values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")

Row = tuple[int, int, int]


#: Hashes that share their first bits, or all that is told of them, or nothing.
HASHES = st.one_of(
    st.integers(0, 5),
    st.integers(0, 2**19),
    st.integers(2**48 - 9, 2**48 + 2**20),
    st.integers(0, 2**64 - 1),
    st.integers(2**64 - 9, 2**64 - 1),
)
TABLES = st.lists(
    st.lists(st.tuples(HASHES, st.integers(0, 9), st.integers(0, 9)), max_size=70), max_size=4
)


def arrays(rows: list[Row], short: bool) -> HashTable:
    hashes, words, checks = (
        zip(*sorted(rows, key=lambda row: row[0]), strict=True) if rows else ((),) * 3
    )
    every = np.array(hashes, np.uint64)
    if short:
        every = (every >> np.uint64(32)).astype(np.uint32)
    return hash_table(every, np.array(words, np.uint32), np.array(checks, np.uint64))


@pytest.fixture(params=["small", "large", "of many words"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables as small ones are and as large ones are."""
    if request.param != "small":
        monkeypatch.setattr("fihris.indexer.hashtable._LARGE", 0)
        monkeypatch.setattr("fihris.indexer.hashtable._AT_A_TIME", 7)
    if request.param == "of many words":
        monkeypatch.setattr("fihris.indexer.hashtable._narrow", lambda words: words)


@pytest.mark.usefixtures("size")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES, st.lists(HASHES, max_size=40), st.booleans())
def test_equals_looking_at_every_row(every: list[list[Row]], some: list[int], short: bool) -> None:
    keys = [*some, *(row[0] for rows in every for row in rows[:3])]
    bits = 64 - (24 if short else 48)
    bases = np.arange(len(every) + 1) * 10
    tables = [arrays(rows, short) for rows in every]
    looked = KeyTables(tables, bases)
    wanted = np.array(keys, np.uint64)
    expected = [
        (word + 10 * n, check, place)
        for n, rows in enumerate(every)
        for place, key in enumerate(keys)
        for found, word, check in sorted(rows, key=lambda row: row[0])
        if found >> bits == key >> bits
    ]
    columns = [column.tolist() for column in looked.having_checked(wanted)]
    assert list(zip(*columns, strict=True)) == expected
    numbers, which = looked.having(wanted)
    assert (numbers.tolist(), which.tolist()) == (columns[0], columns[2])
    held = {row[0] >> bits for rows in every for row in rows}
    assert looked.hold(wanted).tolist() == [key >> bits in held for key in keys]
    for rows, table in zip(every, tables, strict=True):
        assert table.hashes.tolist() == [row[0] >> bits << bits for row in sorted(rows)]


@pytest.mark.usefixtures("size")
def test_rows_that_are_not_in_the_table_are_told() -> None:
    table = arrays([(key << 60, 1, 0) for key in range(9)], short=False)
    last = np.array([8 << 60], np.uint64)
    assert KeyTables([table]).having(last)[0].tolist() == [1]
    altered = [table._replace(owners=table.owners[: 5 * len(table.owners) // 9])]
    if len(table.starts) > 2:
        altered.append(table._replace(starts=np.where(table.starts == 9, 10, table.starts)))
    for one in altered:
        with pytest.raises(IndexError):
            KeyTables([one]).having(last)


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


@pytest.mark.parametrize("kind", ["u4", "u8"])
def test_steps(kind: str) -> None:
    random = Random(2)
    lengths = [[random.randrange(200) for _ in range(size)] for size in (5, 0, 40, 1)]
    bases = np.cumsum([0, *map(len, lengths)])
    edges = [np.cumsum([random.randrange(9), *each]).astype(kind) for each in lengths]
    values = Values(edges, bases)
    joined = [length for each in lengths for length in each]
    numbers = [*range(len(joined)), *(random.randrange(len(joined)) for _ in range(100))]
    found = values.steps(np.array(numbers, np.int64))
    assert found.dtype == np.int64
    assert found.tolist() == [joined[number] for number in numbers]
    assert values.steps(np.zeros(0, np.int64)).tolist() == []
    with pytest.raises(IndexError):
        values.steps(np.array([0, len(joined)], np.int64))
    # Of one lexicon a value is missing.
    with pytest.raises(IndexError):
        Values([edges[0][:-1], *edges[1:]], bases).steps(np.array([4], np.int64))
    assert Values([], bases[:1]).steps(np.zeros(0, np.int64)).tolist() == []
