"""Stock Whoosh with its own analyzers: what Fihris builds on, unchanged."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.analysis import LanguageAnalyzer, LowercaseFilter, RegexTokenizer
from whoosh.fields import ID, TEXT, Schema

from ..corpus import Record
from . import sizes


class Whoosh:
    """A field for each language, as Whoosh wants it; it is told each document's language.

    Its Arabic analyzer raises on Python 3.7 and later (a bad escape in its stemmer), so Arabic is
    only cut into words; with no stop words left out that takes it no less time. Its documents per
    second are those of a sample.
    """

    most: int | None = 2_000

    def index_file(self, corpus: Path, folder: Path) -> None:
        return None

    def index(self, records: Iterable[Record], folder: Path) -> dict[str, int]:
        folder.mkdir(parents=True)
        analyzers: dict[str, Any] = {
            "ar": RegexTokenizer() | LowercaseFilter(),
            "fr": LanguageAnalyzer("fr"),
            "en": LanguageAnalyzer("en"),
        }
        schema = Schema(id=ID(stored=True, unique=True))
        for language, analyzer in analyzers.items():
            schema.add(f"text_{language}", TEXT(analyzer, stored=True, phrase=True))
            schema.add(f"title_{language}", TEXT(analyzer, phrase=True))
        index = whoosh_index.create_in(str(folder), schema)
        writer = index.writer(procs=1)
        for record in records:
            language = record["language"]
            text = record["title"] + "\n" + record["text"]
            fields = {f"text_{language}": text, f"title_{language}": record["title"]}
            writer.add_document(id=record["id"], **fields)
        writer.commit()
        return {"segments": len(index._segments())}

    def disk(self, folder: Path) -> dict[str, int]:
        return sizes(folder, {}, "other")
