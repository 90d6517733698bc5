"""Runs of many queries."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fihris.cli import progress
from fihris.cli.search import NOTES
from fihris.cli.topics import column, parsed, search_topics
from fihris.indexer import InputError
from fihris.search import Searcher

from .command import call


def test_a_run(index: Path, tmp_path: Path) -> None:
    topics = tmp_path / "topics.tsv"
    topics.write_text("\ufeff7\tthe army general\nq-2\tzebras\tnarrative\n\nlast\tqqqzzz", "utf-8")
    done = call("search", "--index", index, "--topics", topics, "--format", "trec", "--run", "mine")
    assert (done.status, done.err) == (0, "")
    rows = [line.split(" ") for line in done.lines]
    assert all(len(row) == 6 for row in rows)
    expected = Searcher(index).rank("the army general")
    first = [row for row in rows if row[0] == "7"]
    assert [(row[2], row[4]) for row in first] == [
        (column(document), f"{score:.6f}") for document, score in expected
    ]
    assert [row[3] for row in first] == [str(n) for n in range(1, len(first) + 1)]
    assert {(row[1], row[5]) for row in rows} == {("Q0", "mine")}
    assert [row[2] for row in rows if row[0] == "q-2"] == ["letter%201"]


def test_limit(index: Path) -> None:
    arguments = ["search", "--index", index, "--topics", "-", "--limit", "1"]
    done = call(*arguments, stdin="1\tthe army general\n2\tokapis\n")
    assert [line.split()[0] for line in done.lines] == ["1", "2"]
    assert done.lines[0].endswith(" fihris")


def test_what_was_passed_over_in_a_query_is_told(index: Path) -> None:
    done = call("search", "--topics", "-", "--index", index, stdin='7\t"zebras\n8\tzebras\n')
    assert (done.status, [line.split()[0] for line in done.lines]) == (0, ["7", "8"])
    assert done.err == f"fihris: query 7: {NOTES['unbalanced-quote']}\n"


def test_nothing_found(index: Path) -> None:
    done = call("search", "--index", index, "--topics", "-", stdin="1\tqqqqzzzz\n")
    assert (done.status, done.out, done.err) == (1, "", "")


def test_bad_lines_are_named_and_the_rest_goes_on(index: Path, tmp_path: Path) -> None:
    topics = tmp_path / "topics.tsv"
    topics.write_bytes(b"1\tzebras\nno tab\n2\t\xff\n1\tagain\n3\tokapis\n")
    done = call("search", "--index", index, "--topics", topics)
    assert done.status == 2
    assert [line.split()[0] for line in done.lines] == ["1", "3"]
    assert done.err.splitlines() == [
        f"fihris: {topics}:2: is not a number, a tab and a query; write 12<tab>the query",
        f"fihris: {topics}:3: is not UTF-8; save the file as UTF-8",
        f"fihris: {topics}:4: the number 1 stands in line 1 already",
    ]


@pytest.mark.parametrize(
    "line", [b"1\t\n", b"\tx\n", b"1 2\tx\n", b"1\t \tx\n", b"1", b"1\t" + b"x" * 2_000_000]
)
def test_bad_line(line: bytes) -> None:
    found = list(parsed(io.BytesIO(b"\n" + line), "file"))
    assert [type(each) for each in found] == [InputError]
    assert str(found[0]).startswith("file:2: ")


def test_windows_line_ends() -> None:
    assert list(parsed(io.BytesIO(b"1\ta b\r\n2\tc\tnote\r\n"), "file")) == [
        ("1", "a b"),
        ("2", "c"),
    ]


def test_file_that_is_not_there(index: Path, tmp_path: Path) -> None:
    for path in (tmp_path, "/proc/self/mem"):
        done = call("search", "--index", index, "--topics", path)
        assert done.status == 2
        assert f"fihris: {path}: cannot be read" in done.err
    done = call("search", "--index", index, "--topics", tmp_path / "none")
    assert done.status == 2
    assert done.err == (
        f"fihris: {tmp_path}/none: cannot be read (No such file or directory); check the path\n"
    )


def test_how_far_it_has_come(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    topics = tmp_path / "topics.tsv"
    topics.write_text("".join(f"{n}\tzebras\n" for n in range(10)))
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    search_topics(str(index), str(topics), 10, "run")
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("searching: 1 queries, ")
    assert told[-1].startswith("searching: 10 queries, ")
    assert "100 %" in told[-1]


def test_name_of_a_run(index: Path) -> None:
    done = call("search", "--index", index, "--topics", "-", "--run", "two words", stdin="1\tx\n")
    assert done.status == 2
    assert "the name of a run holds no spaces" in done.err


def test_column() -> None:
    assert column("a b\u00a0c\td") == "a%20b%C2%A0c%09d"
    assert column("boîte/جيش.txt") == "boîte/جيش.txt"
