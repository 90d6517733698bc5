"""Every example of docs/query-language.md means what its table says."""

from __future__ import annotations

from pathlib import Path

import pytest
import regex
from fihris.search.syntax import parse
from whoosh.query import NullQuery

PAGE = Path(__file__).parents[2] / "docs" / "query-language.md"
ROW = regex.compile(r"\| `(?P<typed>.+?)` \| .+ \| `(?P<same>.+?)` \|")


def tables() -> list[list[str]]:
    """The rows of each table of the page, without its head."""
    found: list[list[str]] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| You type | It finds | The same as |"):
            found.append([])
        elif line.startswith("|") and not line.startswith("| ---"):
            found[-1].append(line)
    return found


def examples() -> list[tuple[str, str]]:
    rows = [row for table in tables() for row in table]
    matches = [ROW.fullmatch(row) for row in rows]
    unread = [row for row, match in zip(rows, matches, strict=True) if match is None]
    assert not unread
    return [
        (match["typed"].replace(r"\|", "|"), match["same"].replace(r"\|", "|"))
        for match in matches
        if match
    ]


def test_the_page_has_its_tables() -> None:
    assert [len(table) > 5 for table in tables()] == [True] * 5
    assert len(set(examples())) == len(examples()) > 50


@pytest.mark.parametrize(("typed", "same"), examples())
def test_example(typed: str, same: str) -> None:
    assert typed != same
    query = parse(typed).query
    assert query != NullQuery
    assert query == parse(same).query
