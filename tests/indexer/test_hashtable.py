"""Tables made of rows in no order are those made of rows in order."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from fihris.indexer.hashtable import HashTable, unordered_table
from fihris.indexer.relations import told


@pytest.mark.parametrize("count", [0, 1, 1000, 200_000])
@pytest.mark.parametrize("largest", [1000, 1 << 24])
@pytest.mark.parametrize("checked", [False, True])
def test_rows_in_no_order(count: int, largest: int, checked: bool) -> None:
    rng = np.random.default_rng(count)
    # Each hash stands several times, and its rows keep their order.
    every = told(rng.integers(0, 1 << 64, count // 3 + 1, np.uint64))
    hashes = every[rng.integers(0, len(every), count)]
    words = rng.integers(0, 500, count).astype(np.uint32)
    ids = np.append(rng.integers(0, 1000, 499), largest).astype(np.uint32)
    checks = rng.integers(0, 1 << 64, count if checked else 0, np.uint64)
    table = unordered_table(hashes, words, ids, checks)

    told_hashes, told_ids, told_checks = hashes.tolist(), ids[words].tolist(), checks.tolist()
    rows = sorted(range(count), key=told_hashes.__getitem__)
    assert table.hashes.tolist() == [told_hashes[row] for row in rows]
    assert table.words.tolist() == [told_ids[row] for row in rows]
    assert table.checks.tolist() == ([told_checks[row] for row in rows] if checked else [])
    assert table.owners.itemsize == (4 if max(told_ids, default=0) >= 1 << 24 else 1)
    assert isinstance(table, HashTable)


def test_a_large_table_is_put_in_order_in_little_memory() -> None:
    rng = np.random.default_rng(1)
    hashes = rng.integers(0, 1 << 64, 2_000_000, np.uint64)
    words = np.arange(len(hashes), dtype=np.uint32)
    tracemalloc.start()
    table = unordered_table(hashes, words, words)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.4 * sum(array.nbytes for array in table)
