"""That each aim is compared with the figure it is for."""

from __future__ import annotations

from typing import Any

import pytest

from bench.aims import AIMS, markdown


def times(p50: float, p95: float) -> dict[str, Any]:
    return {"cpu": {"p50": p50, "p95": p95}, "wall": {"p50": p50, "p95": p95}}


@pytest.fixture
def run() -> dict[str, Any]:
    """Figures of a run that was told to leave out most engines."""
    disk = {"postings": 100, "dictionary": 30, "lexicon": 5000, "stored text": 1, "other": 1}
    tantivy = {"postings": 80, "dictionary": 20, "stored text": 1, "other": 1}
    indexed = {"documents": 10, "wall": 1.0, "peak_bytes": 599_000_000}
    return {
        "corpus": {"documents": 10},
        "indexing": {
            "fihris": {**indexed, "cpu": 2.0, "disk": disk, "words": 25},
            "tantivy": {**indexed, "cpu": 1.0, "disk": tantivy},
            "tantivy stemmers": {**indexed, "cpu": 1.0, "disk": tantivy},
        },
        "merging": {},
        "queries": {
            "times": {
                "fihris": {"and": times(0.99, 1.1), "phrase": times(1.004, 0.2)},
                "tantivy": {"and": times(1, 1), "phrase": times(1, 1)},
            },
            "opening": {"fihris layers": {"wall": 0.1, "first_wall": 0.2}},
            "steps": {"fihris layers": {"parse": {"p50": 0.3}, "resolve": {"p50": 0.51}}},
        },
        "path": {"times": {"`fihris search`, process": times(301, 400)}, "memory": 42_000_000},
    }


@pytest.fixture
def cells(run: dict[str, Any]) -> dict[str, str]:
    """What the table says of each aim."""
    head, _, *lines = markdown([run]).splitlines()
    assert head.endswith("| 10 documents |")
    assert len(lines) == len(AIMS)
    parted = (line.strip("| ").split(" | ") for line in lines)
    return {name: cell for name, _, cell in parted}


def test_what_passes_what_is_allowed_is_bold(cells: dict[str, str]) -> None:
    assert cells["and"] == "**0.99 / 1.10**"
    assert cells["indexing, CPU"] == "**2.00**"
    assert cells["the same as the disk was"] == "**200**"
    assert cells["resolving the words of a query"] == "**0.51**"
    assert cells["`fihris search`, by the clock"] == "**301**"


def test_what_does_not_is_plain(cells: dict[str, str]) -> None:
    assert cells["phrase"] == "1.00 / 0.20"
    assert cells["postings, positions and dictionary on disk"] == "1.30"
    assert cells["other tables of the lexicon"] == "**200**"
    assert cells["memory of indexing"] == "599"
    assert cells["memory of a searcher besides mapped files"] == "42"
    assert cells["opening and first query, all layers, by the clock"] == "100"
    assert cells["parsing"] == "0.30"


def test_what_was_not_measured_is_left_open(cells: dict[str, str]) -> None:
    for name in ("or", "merging, CPU", "indexing on two cores, by the clock", "ten snippets"):
        assert cells[name] == "–"


def test_sizes_stand_side_by_side_in_their_order(run: dict[str, Any]) -> None:
    larger = {**run, "corpus": {"documents": 20}}
    head, _, first, *_ = markdown([run, larger]).splitlines()
    assert head.endswith("| 10 documents | 20 documents |")
    assert first.endswith("| – | – |")
