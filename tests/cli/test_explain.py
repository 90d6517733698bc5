"""`fihris explain`."""

from __future__ import annotations

import json
from pathlib import Path

from fihris.search import Searcher

from .command import call, run_on_terminal


def test_for_people(index: Path) -> None:
    done = call("explain", "--index", index, "the", "army", "archive/army-en.txt")
    assert (done.status, done.err) == (0, "")
    explanation = Searcher(index).explain("the army", "archive/army-en.txt")
    assert explanation is not None
    assert done.lines[0].startswith(f"{explanation.value:.4f} score of ")
    assert len(done.lines) == len(list(explanation.lines()))
    assert done.lines[1].startswith("  ")


def test_for_programs(index: Path) -> None:
    done = call("explain", "--index", index, "--json", "army", "archive/army-en.txt")
    explanation = Searcher(index).explain("army", "archive/army-en.txt")
    assert explanation is not None
    assert [json.loads(line) for line in done.lines] == [explanation.as_json()]


def test_on_a_terminal(index: Path) -> None:
    done = run_on_terminal("explain", "--index", index, "جيش", "archive/jaysh-ar.txt")
    assert "\u2068جيش\u2069" in done.out


def test_titles_cannot_write_to_the_terminal(index: Path) -> None:
    done = call("explain", "--index", index, "ocelot", "hostile")
    assert done.status == 0
    assert "\x1b" not in done.out


def test_no_such_document(index: Path) -> None:
    done = call("explain", "--index", index, "army", "nowhere")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("there is no document nowhere in the index; ")


def test_not_found_by_the_query(index: Path) -> None:
    done = call("explain", "--index", index, "zebras", "archive/army-en.txt")
    assert done.status == 1
    assert done.err == "the query does not find archive/army-en.txt\n"
