"""`fihris suggest`."""

from __future__ import annotations

import json
from pathlib import Path

from fihris.search import Searcher

from .command import call


def test_for_people(index: Path) -> None:
    done = call("suggest", "--index", index, "army", "prison")
    assert (done.status, done.err) == (0, "")
    assert done.lines == Searcher(index).suggest("army prison")
    assert "army prisoners" in done.lines


def test_for_programs(index: Path) -> None:
    done = call("suggest", "--index", index, "--json", "--limit", "1", "vla")
    assert [json.loads(line) for line in done.lines] == [
        {"text": text} for text in Searcher(index).suggest("vla", 1)
    ]


def test_nothing_to_suggest(index: Path) -> None:
    for text in ("qqqq", "", "\udcff"):
        done = call("suggest", "--index", index, text)
        assert (done.status, done.out, done.err) == (1, "", "")
