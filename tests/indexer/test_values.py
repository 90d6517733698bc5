from __future__ import annotations

import tracemalloc
from pathlib import Path
from random import Random

import numpy as np
import pytest
from fihris.indexer.arrayfile import ArrayFile, ArrayWriter
from fihris.indexer.storage import Folder
from fihris.indexer.values import Values, merge_values, write_id_hashes, write_values

TEXTS = ["", "é", "z", "Zagreb", "براغ", "a" * 300, "𐘀", "\uffff"]


def written(path: Path, name: str, column: list) -> Values:
    writer = ArrayWriter(Folder(path), "documents")
    write_values(writer, {name: column})
    writer.close()
    return Values(ArrayFile(path / "documents"), name)


def random_column(random: Random, several: bool) -> list:
    count = random.randint(0, 40)
    if several:
        return [random.sample(TEXTS, random.randint(0, 3)) for _ in range(count)]
    return random.choices(TEXTS, k=count)


def check(values: Values, column: list, several: bool) -> None:
    rows = column if several else [[value] for value in column]
    expected = {value: [n for n, row in enumerate(rows) if value in row] for value in TEXTS}
    present = sorted((value for value in TEXTS if expected[value]), key=str.encode)
    assert [values.at(code).decode() for code in range(len(values))] == present
    for value in [*TEXTS, "none", "zz"]:
        assert values.docs_of(value).tolist() == expected.get(value, [])
        place = sum(other.encode() < value.encode() for other in present)
        assert values.place_of(value.encode()) == place
        assert values.find(value.encode()) == (place if value in present else -1)
    pairs = [(n, code) for code, value in enumerate(present) for n in expected[value]]
    docs, codes = values.pairs()
    assert list(zip(docs.tolist(), codes.tolist(), strict=True)) == pairs
    if several:
        assert values.codes is None
    else:
        assert values.codes is not None
        assert [present[code] for code in values.codes] == column


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("name", "several"), [("source", False), ("languages", True)])
def test_written(tmp_path: Path, seed: int, name: str, several: bool) -> None:
    column = random_column(Random(seed), several)
    check(written(tmp_path, name, column), column, several)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("name", "several"), [("source", False), ("languages", True)])
def test_merged(tmp_path: Path, seed: int, name: str, several: bool) -> None:
    random = Random(seed)
    parts, expected = [], []
    for number in range(random.randint(1, 4)):
        folder = tmp_path / str(number)
        folder.mkdir()
        column = random_column(random, several)
        kept = [random.random() < 0.7 for _ in column]
        renumbered = np.full(len(column), -1)
        for doc, row in enumerate(column):
            if kept[doc]:
                renumbered[doc] = len(expected)
                expected.append(row)
        parts.append((written(folder, name, column), renumbered))
    writer = ArrayWriter(Folder(tmp_path), "merged")
    merge_values(writer, name, parts)
    writer.close()
    check(Values(ArrayFile(tmp_path / "merged"), name), expected, several)


def test_id_hashes_are_in_order_and_point_to_their_documents(tmp_path: Path) -> None:
    hashes = np.array([7, 2**64 - 1, 0, 7], np.uint64)
    writer = ArrayWriter(Folder(tmp_path), "documents")
    write_id_hashes(writer, hashes)
    writer.close()
    file = ArrayFile(tmp_path / "documents")
    assert file["ids.hashes"].tolist() == [0, 7, 7, 2**64 - 1]
    # The later of two documents stands behind the earlier one.
    assert file["ids.docs"].tolist() == [2, 0, 3, 1]


def test_merging_ids_holds_no_string_for_each(tmp_path: Path) -> None:
    ids, parts = 150_000, []
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        column = [f"document-{n}" for n in range(number, ids, 3)]
        docs = np.arange(number * len(column), (number + 1) * len(column))
        parts.append((written(tmp_path / str(number), "id", column), docs))
    writer = ArrayWriter(Folder(tmp_path), "documents")
    tracemalloc.start()
    merge_values(writer, "id", parts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    writer.close()
    merged = Values(ArrayFile(tmp_path / "documents"), "id")
    assert merged.docs_of("document-7").tolist() == [ids // 3 + 2]
    assert peak < 5_000_000 + 60 * ids
