"""SQLite's FTS5, given the words that Fihris finds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from fihris.indexer.words import words

from ..corpus import Record
from ..queries import Query
from . import sizes

_TABLE = (
    "CREATE VIRTUAL TABLE documents USING "
    "fts5(id UNINDEXED, text, tokenize = 'unicode61 remove_diacritics 0')"
)
_BEST = "SELECT id, rank FROM documents WHERE documents MATCH ? ORDER BY rank LIMIT ?"
_TOTAL = "SELECT count(*) FROM documents WHERE documents MATCH ?"


class Fts5:
    """The total takes a query of its own."""

    most: int | None = None

    def index_file(self, corpus: Path, folder: Path) -> None:
        return None

    def index(self, records: Iterable[Record], folder: Path) -> dict[str, int]:
        folder.mkdir(parents=True)
        with sqlite3.connect(folder / "index.sqlite") as database:
            database.execute(_TABLE)
            for record in records:
                title, text = (" ".join(words(record[part])) for part in ("title", "text"))
                row = (record["id"], title + "\n" + text)
                database.execute("INSERT INTO documents VALUES (?, ?)", row)
        database.close()
        return {"segments": 1}

    def open(self, folder: Path) -> None:
        self.database = sqlite3.connect(folder / "index.sqlite")

    def prepare(self, query: Query) -> str:
        quoted = [f'"{word}"' for word in query.words]
        if query.kind == "phrase":
            return f'"{" ".join(query.words)}"'
        if query.kind == "prefix":
            return quoted[0] + "*"
        return (" AND " if query.kind == "and" else " OR ").join(quoted)

    def search(self, prepared: str, limit: int) -> tuple[int, list[tuple[str, float]]]:
        best = self.database.execute(_BEST, (prepared, limit)).fetchall()
        return self.database.execute(_TOTAL, (prepared,)).fetchone()[0], best

    def ids(self, best: list[tuple[str, float]]) -> list[tuple[str, float]]:
        return [(found, -rank) for found, rank in best]

    def disk(self, folder: Path) -> dict[str, int]:
        return sizes(folder, {}, "other")
