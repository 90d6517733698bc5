"""SQLite's FTS5, given the words that Fihris finds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ..given import given
from ..queries import Query
from . import sizes

_TABLE = (
    "CREATE VIRTUAL TABLE documents USING fts5(id UNINDEXED, language UNINDEXED, "
    "collection UNINDEXED, creator UNINDEXED, year UNINDEXED, text, "
    "tokenize = 'unicode61 remove_diacritics 0')"
)
_FOUND = "FROM documents WHERE documents MATCH ?"
_CHOSEN = " AND language = ?"
_BEST = " ORDER BY rank LIMIT ?"
_FACETS = ("language", "collection", "creator", "year / 5")


class Fts5:
    """The total takes a query of its own, and so does each facet. It knows neither wildcards
    inside of words nor words that are one edit away."""

    def index(self, source: Path, folder: Path, most: int | None) -> dict[str, int]:
        folder.mkdir(parents=True)
        rows = ((*values, title + "\n" + text) for *values, title, text in given(source))
        with closing(sqlite3.connect(folder / "index.sqlite")) as database:
            database.execute(_TABLE)
            added = database.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)", rows)
            database.commit()
        return {"documents": added.rowcount, "segments": 1}

    def open(self, folder: Path) -> None:
        self.database = sqlite3.connect(folder / "index.sqlite")

    def prepare(self, query: Query) -> tuple[str, tuple[str, ...], bool] | None:
        quoted = [f'"{word}"' for word in query.words]
        if query.kind in ("wildcard", "fuzzy"):
            return None
        match = (" AND " if query.kind == "and" else " OR ").join(quoted)
        if query.kind == "phrase":
            match = f'"{" ".join(query.words)}"'
        elif query.kind == "prefix":
            match = quoted[0] + "*"
        elif query.kind == "filtered":
            return _FOUND + _CHOSEN, (match, query.language), False
        return _FOUND, (match,), query.kind == "facets"

    def search(
        self, prepared: tuple[str, tuple[str, ...], bool], limit: int
    ) -> tuple[int, list[tuple[str]]]:
        found, values, counted = prepared
        run = self.database.execute
        best = run(f"SELECT id {found}{_BEST}", (*values, limit)).fetchall()
        for facet in _FACETS if counted else ():
            run(
                f"SELECT {facet}, count(*) AS n {found} GROUP BY 1 ORDER BY n DESC", values
            ).fetchmany(10)
        return run(f"SELECT count(*) {found}", values).fetchone()[0], best

    def ids(self, best: list[tuple[str]]) -> list[str]:
        return [found for (found,) in best]

    def disk(self, folder: Path) -> dict[str, int]:
        return sizes(folder, {}, "other")
