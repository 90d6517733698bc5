"""`fihris suggest`."""

from __future__ import annotations

import json
from pathlib import Path

from fihris.search import Searcher

from .command import call


def test_for_people(index: Path) -> None:
    done = call("suggest", "--index", index, "--titles", "0", "army", "prison")
    assert (done.status, done.err) == (0, "")
    assert done.lines == Searcher(index).suggest("army prison")
    assert "army prisoners" in done.lines


def test_for_programs(index: Path) -> None:
    done = call("suggest", "--index", index, "--json", "--limit", "1", "--titles", "0", "vla")
    assert [json.loads(line) for line in done.lines] == [
        {"text": text} for text in Searcher(index).suggest("vla", 1)
    ]


def test_titles(index: Path) -> None:
    (first, *_) = titles = Searcher(index).titles("the", 20)
    assert first.id
    done = call("suggest", "--index", index, "--titles", "20", "the")
    assert done.lines[-len(titles) :] == [f"{t.title}\t{t.id}" if t.id else t.title for t in titles]
    done = call("suggest", "--index", index, "--titles", "1", "--json", "the")
    assert json.loads(done.lines[-1]) == {"text": first.title, "id": first.id}


def test_nothing_to_suggest(index: Path) -> None:
    for text in ("qqqq", "", "\udcff"):
        done = call("suggest", "--index", index, text)
        assert (done.status, done.out, done.err) == (1, "", "")
