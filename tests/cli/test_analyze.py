"""`fihris analyze`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fihris.cli.analyze import _lines
from fihris.search import Searcher
from fihris.search.analysis import TermView, WordView

from .command import call, run_on_terminal


def test_for_people(index: Path) -> None:
    done = call("analyze", "--index", index, "L’armée")
    assert (done.status, done.err) == (0, "")
    assert done.lines[:2] == ["armée", "    without accents or marks: armee"]
    assert "    finds (exact): armée 1" in done.lines


def test_for_programs(index: Path) -> None:
    done = call("analyze", "--index", index, "--json", "army", "-Prague")
    views = Searcher(index).analyze("army -Prague")
    assert [json.loads(line) for line in done.lines] == [view.as_json() for view in views]
    assert [view.word for view in views] == ["army", "prague"]


def test_on_a_terminal(index: Path) -> None:
    done = run_on_terminal("analyze", "--index", index, "جيش")
    assert "\u2068جيش\u2069" in done.out


@pytest.mark.parametrize("text", ["", "…!", "\udcff"])
def test_no_word(text: str, index: Path) -> None:
    done = call("analyze", "--index", index, text)
    assert (done.status, done.out) == (1, "")


def test_rows() -> None:
    variants = [(f"w{n}", "stem", 0.5, 1000 + n) for n in range(14)]
    view = WordView("وللجيش", "وللجيش", {"ar": "جيش"}, {"ar": "جيش"}, variants, "")
    assert list(_lines(view)) == [
        "وللجيش",
        "    stem: جيش (ar)",
        "    root: جيش (ar)",
        "    finds (stem): " + ", ".join(f"w{n} 1,{n:03}" for n in range(12)) + " and 2 more",
    ]
    view = WordView("armx", "armx", {}, {}, [], "army")
    assert list(_lines(view)) == [
        "armx",
        "    not in the index; perhaps meant: army",
        "    finds nothing in the index",
    ]
    view = WordView("icrc", "icrc", {}, {}, [], "", [("red cross", 1200)])
    assert list(_lines(view)) == ["icrc", "    finds (synonym of several words): red cross 1,200"]
    synonyms = [(f"w{n}", n) for n in range(13)]
    assert list(_lines(TermView("red cross", 1200, synonyms))) == [
        "red cross",
        "    a term of the thesaurus",
        "    finds (side by side): red cross 1,200",
        "    finds (synonym): " + ", ".join(f"w{n} {n}" for n in range(12)) + " and 1 more",
    ]


def test_a_term_of_the_thesaurus(index: Path, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    file.write_text("liberation army, armée de libération\n", encoding="utf-8")
    done = call("analyze", "--index", index, "--thesaurus", file, "--json", "liberation", "army")
    values = [json.loads(line) for line in done.lines]
    assert [value.get("term", value.get("word")) for value in values] == [
        "liberation army",
        "liberation",
        "army",
    ]
    assert [each["term"] for each in values[0]["synonyms"]] == ["armée de libération"]
    done = call("analyze", "--index", index, "--thesaurus", file, "liberation army")
    assert done.lines[0] == "liberation army"
