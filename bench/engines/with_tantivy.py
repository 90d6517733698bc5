"""tantivy by its Python package, one thread.

In each variant a document's title is searched with its text and in a field of its own, and is
stored once with the text: as Fihris does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy
from fihris.indexer.words import words
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from ..corpus import Record
from ..queries import Query
from . import sizes

_HEAP_BYTES = 150_000_000


class _Tantivy:
    most: int | None = None
    #: What cuts texts into terms, by name.
    analyzers: dict[str, TextAnalyzer]

    def fields(self, record: Record) -> dict[str, Any]:
        """What of a document goes into which field of the index."""
        raise NotImplementedError

    def index_file(self, corpus: Path, folder: Path) -> None:
        return None

    def index(self, records: Iterable[Record], folder: Path) -> dict[str, int]:
        folder.mkdir(parents=True)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for name in self.analyzers:
            builder.add_text_field(f"text_{name}", stored=True, tokenizer_name=name)
            builder.add_text_field(f"title_{name}", tokenizer_name=name)
        index = self._registered(tantivy.Index(builder.build(), path=str(folder)))
        writer = index.writer(_HEAP_BYTES, num_threads=1)
        for record in records:
            writer.add_document(tantivy.Document(id=record["id"], **self.fields(record)))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return {"segments": index.searcher().num_segments}

    def _registered(self, index: tantivy.Index) -> tantivy.Index:
        for name, analyzer in self.analyzers.items():
            index.register_tokenizer(name, analyzer)
        return index

    def disk(self, folder: Path) -> dict[str, int]:
        kinds = {"stored text": (".store",), "postings": (".idx", ".pos"), "lexicon": (".term",)}
        return sizes(folder, kinds, "other")


class SameWords(_Tantivy):
    """Given the words that Fihris finds, so that both search the same terms.

    Its queries are what Fihris is measured against; its time to index says nothing.
    """

    analyzers = {"same": TextAnalyzerBuilder(Tokenizer.whitespace()).build()}  # noqa: RUF012

    def fields(self, record: Record) -> dict[str, Any]:
        title, text = (" ".join(words(record[part])) for part in ("title", "text"))
        return {"text_same": [title, text], "title_same": title}

    def open(self, folder: Path) -> None:
        index = self._registered(tantivy.Index.open(str(folder)))
        self._schema, self._searcher = index.schema, index.searcher()

    def prepare(self, query: Query) -> tantivy.Query:
        field, schema = "text_same", self._schema
        if query.kind == "phrase":
            return tantivy.Query.phrase_query(schema, field, list(query.words))
        if query.kind == "prefix":
            return tantivy.Query.regex_query(schema, field, re.escape(query.words[0]) + ".*")
        occurs = tantivy.Occur.Must if query.kind == "and" else tantivy.Occur.Should
        terms = [tantivy.Query.term_query(schema, field, word, "freq") for word in query.words]
        return tantivy.Query.boolean_query([(occurs, term) for term in terms])

    def search(self, prepared: tantivy.Query, limit: int) -> tuple[int, list[Any]]:
        result: Any = self._searcher.search(prepared, limit=limit, count=True)
        return result.count or 0, result.hits

    def ids(self, best: list[Any]) -> list[tuple[str, float]]:
        return [(str(self._searcher.doc(place)["id"][0]), score) for score, place in best]


class Default(_Tantivy):
    """From raw text with its own default: words, lower case, no stemming, no stop words."""

    analyzers = {  # noqa: RUF012
        "default": TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(40))
        .filter(Filter.lowercase())
        .build()
    }

    def fields(self, record: Record) -> dict[str, Any]:
        return {
            "text_default": [record["title"], record["text"]],
            "title_default": record["title"],
        }


def _stemmer(language: str) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(40))
    builder = builder.filter(Filter.lowercase())
    if language != "arabic":  # it has no list of Arabic ones
        builder = builder.filter(Filter.stopword(language))
    return builder.filter(Filter.stemmer(language)).build()


class Stemmers(_Tantivy):
    """From raw text with its stemmers and lists of stop words, a field for each language.

    It is told each document's language; Fihris tells it by itself.
    """

    analyzers = {  # noqa: RUF012
        "ar": _stemmer("arabic"), "fr": _stemmer("french"), "en": _stemmer("english")
    }  # fmt: skip

    def fields(self, record: Record) -> dict[str, Any]:
        language = record["language"]
        return {
            f"text_{language}": [record["title"], record["text"]],
            f"title_{language}": record["title"],
        }
