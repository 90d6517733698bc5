"""Stock Whoosh: what Fihris builds on, unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh import query as q
from whoosh.analysis import (
    LanguageAnalyzer,
    LowercaseFilter,
    RegexTokenizer,
    SpaceSeparatedTokenizer,
)
from whoosh.fields import ID, TEXT, Schema
from whoosh.scoring import BM25F

from ..corpus import read
from ..given import given
from ..queries import Query
from . import sizes


class Analyzers:
    """From raw text with its own analyzers, a field for each language, as Whoosh wants it; it is
    told each document's language.

    Its Arabic analyzer raises on Python 3.7 and later (a bad escape in its stemmer), so Arabic is
    only cut into words; with no stop words left out that takes it no less time. Its documents per
    second are those of a sample.
    """

    def index(self, source: Path, folder: Path, most: int | None) -> dict[str, int]:
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
        for record in read(source, most):
            language = record["main"]
            text = record["title"] + "\n" + record["text"]
            fields = {f"text_{language}": text, f"title_{language}": record["title"]}
            writer.add_document(id=record["id"], **fields)
        writer.commit()
        return {"documents": index.doc_count(), "segments": len(index._segments())}

    def disk(self, folder: Path) -> dict[str, int]:
        return sizes(folder, {}, "other")


class SameWords:
    """Given the words that Fihris finds, to be searched by its own matchers and collectors."""

    def index(self, source: Path, folder: Path, most: int | None) -> dict[str, int]:
        folder.mkdir(parents=True)
        text = TEXT(SpaceSeparatedTokenizer(), phrase=True)
        schema = Schema(id=ID(stored=True), language=ID(), collection=ID(), text=text)
        index = whoosh_index.create_in(str(folder), schema)
        writer = index.writer(procs=1, limitmb=512)
        for document in given(source):
            writer.add_document(
                id=document.id,
                language=document.language,
                collection=document.collection,
                text=f"{document.title} {document.text}",
            )
        writer.commit()
        return {"documents": index.doc_count(), "segments": len(index._segments())}

    def open(self, folder: Path) -> None:
        index = whoosh_index.open_dir(str(folder))
        self._searcher = index.searcher(weighting=BM25F(B=0.75, K1=1.2))

    def prepare(self, query: Query) -> Any:
        words = query.words
        if query.kind == "facets":
            return None
        if query.kind == "phrase":
            return q.Phrase("text", list(words))
        if query.kind == "prefix":
            return q.Prefix("text", words[0])
        if query.kind == "wildcard":
            return q.Wildcard("text", words[0])
        if query.kind == "fuzzy":
            return q.FuzzyTerm("text", words[0])
        terms = [q.Term("text", word) for word in words]
        if query.kind == "and":
            return q.And(terms)
        if query.kind == "filtered":
            return q.And([q.Or(terms), q.ConstantScoreQuery(q.Term("language", query.language), 0)])
        return q.Or(terms)

    def search(self, prepared: Any, limit: int) -> tuple[int, Any]:
        found = self._searcher.search(prepared, limit=limit)
        return len(found), found

    def ids(self, best: Any) -> list[str]:
        return [hit["id"] for hit in best]

    def disk(self, folder: Path) -> dict[str, int]:
        return sizes(folder, {}, "other")
