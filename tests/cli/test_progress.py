"""How far long work has come."""

from __future__ import annotations

import sys

import pytest
from fihris.cli import output
from fihris.cli.progress import Lines, megabytes, meter


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_lines_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines("indexing", "documents", clock)
    for seconds, done in [(1, 5), (5, 20), (9, 30), (10, 50), (3601, 51)]:
        clock.now = 100 + seconds
        lines.update(done, 100, done * 100)
    lines.say("left out: \x1bsomething")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "indexing: 2,000 documents, 400 a second, 20 %, 20 s left",
        "indexing: 5,000 documents, 500 a second, 50 %, 10 s left",
        "indexing: 5,100 documents, 1 a second, 51 %, 57 min 40 s left",
        "left out: something",
    ]


def test_lines_of_something_else(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines("indexing", "documents", clock)
    clock.now = 108
    lines.begin("merging", "MB")
    clock.now = 110
    megabytes(lines)(8_900_000, 35_600_000)
    assert capsys.readouterr().err == "merging: 8 MB, 4 a second, 25 %, 6 s left\n"


def test_nothing_is_foretold_from_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines("checking", "MB", clock)
    clock.now = 106
    lines.update(0, 0, 0)
    clock.now = 50_000
    lines.update(1, 100, 1)
    assert capsys.readouterr().err.splitlines() == [
        "checking: 0 MB, 0 a second",
        "checking: 1 MB, 0 a second, 1 %, 1372.2 h left",
    ]


def test_lines_where_there_is_no_terminal() -> None:
    with meter("indexing", "documents") as made:
        assert isinstance(made, Lines)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "is_terminal", lambda stream: stream is sys.stderr)
    # rich asks the environment whether to treat its stream as a terminal.
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.usefixtures("terminal")
def test_bar_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with meter("indexing", "documents") as bar:
        bar.update(50, 100, 1234)
        bar.say("left out: [bold]a\x1b[2J name[/bold]")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "left out: [bold]a[2J name[/bold]\n" in captured.err
    assert "1,234 documents, " in captured.err
    assert "50%" in captured.err


@pytest.mark.usefixtures("terminal")
def test_bar_of_something_else(capsys: pytest.CaptureFixture[str]) -> None:
    with meter("indexing", "documents") as bar:
        bar.update(90, 100, 1234)
        bar.begin("merging", "MB")
        megabytes(bar)(7_000_000, 10_000_000)
    *_, last = capsys.readouterr().err.split("\r")[:-1]
    assert "merging" in last
    assert "70%" in last
    assert "7 MB, " in last
