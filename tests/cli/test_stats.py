"""`fihris stats`."""

from __future__ import annotations

import json
from pathlib import Path

from fihris.cli.statistics import Statistics, statistics
from fihris.cli.stats import _rows

from .command import call


def test_for_people(index: Path) -> None:
    done = call("stats", "--index", index)
    assert (done.status, done.err) == (0, "")
    rows = [line.rsplit(maxsplit=1) for line in done.lines]
    figures = statistics(index)
    assert ["documents", "7"] in rows
    assert ["  ar", "1"] in rows
    assert ["words", f"{figures.words:,}"] in rows
    assert ["distinct words", f"{figures.distinct_words:,}"] in rows
    assert ["last commit", str(figures.generation)] in rows
    assert done.lines[-1].endswith(str(index))


def test_for_programs(index: Path) -> None:
    done = call("stats", "--index", index, "--json")
    assert [json.loads(line) for line in done.lines] == [statistics(index).as_json()]


def test_unknown_language_and_large_files() -> None:
    figures = Statistics("i", 1, {"": 1}, 1, 1, 0, 1, 1_234_567, {"store": 99}, 1, "now")
    rows = dict(_rows(figures))
    assert rows["  unknown language"] == "1"
    assert rows["size on the disk"] == "1.23 MB"
    assert rows["  store"] == "99 bytes"
