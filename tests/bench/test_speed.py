"""That the benchmark runs, and that what it compares is comparable; never how fast anything is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
# Slow ones, and one that fetches its libraries.
WITHOUT = (
    "whoosh", "whoosh words", "lucene", "tantivy default", "tantivy 2 threads", "fihris 2 jobs",
    "fihris numpy layers", "fihris numpy all",
)  # fmt: skip

pytestmark = pytest.mark.slow


def run(module: str, *arguments: str | Path) -> str:
    """What a module of the benchmark prints."""
    command = [sys.executable, "-m", f"bench.{module}", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The figures of a run on 300 documents."""
    folder = tmp_path_factory.mktemp("bench")
    without = (option for name in WITHOUT for option in ("--without", name))
    options = "--documents", "300", "--rounds", "2", "--data", folder
    run("speed", *options, "--out", folder / "speed.json", *without)
    return folder / "speed.json"


@pytest.fixture(scope="module")
def figures(file: Path) -> dict[str, Any]:
    """The same, read."""
    (only,) = json.loads(file.read_bytes())
    return only


def test_fihris_and_tantivy_find_the_same(figures: dict[str, Any]) -> None:
    answers = figures["queries"]["answers"]["fihris"]
    for kind in ("single", "or", "heavy or", "and", "phrase", "prefix", "filtered", "facets"):
        assert answers[kind]["equal_totals"] == 1.0, kind
        assert answers[kind]["overlap"] > 0.9, kind


def test_every_kind_of_query_has_figures(figures: dict[str, Any]) -> None:
    times = figures["queries"]["times"]
    assert {"fihris", "fihris layers", "fihris all", "tantivy", "sqlite", "bm25s"} <= set(times)
    for name in ("fihris", "fihris layers", "fihris all"):
        assert set(times[name]) == set(times["tantivy"])
        assert all(
            0 < each[clock]["p50"] <= each[clock]["p99"]
            for each in times[name].values()
            for clock in ("cpu", "wall")
        )


def test_what_is_left_out_is_named(figures: dict[str, Any]) -> None:
    assert set(WITHOUT) <= set(figures["left_out"])


def test_the_index_on_disk_is_added_up(figures: dict[str, Any]) -> None:
    disk = figures["indexing"]["fihris"]["disk"]
    assert min(disk[kind] for kind in ("postings", "dictionary", "lexicon", "stored text")) > 0


def test_growth_is_drawn(file: Path, tmp_path: Path) -> None:
    index = file.parent / "indexes-300-1" / "fihris"
    run("commits", "--many", "20", "--out", tmp_path / "commits.json", index)
    run("plots", file, "--commits", tmp_path / "commits.json", "--out", tmp_path)
    for name in ("speed-queries.svg", "speed-growth.svg"):
        text = "".join(ElementTree.parse(tmp_path / name).getroot().itertext())
        assert "Fihris" in text
        assert "documents" in text
