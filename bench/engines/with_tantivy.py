"""tantivy by its Python package.

In each variant a document's title is searched with its text and in a field of its own, and is
stored once with the text: as Fihris does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from ..corpus import Record, read
from ..given import Given, given
from ..queries import Query
from . import sizes

_HEAP_BYTES = 150_000_000
_VALUES = ("language", "collection", "creator")
#: Years of each bar of the histogram.
_YEARS = 5
_FACETS: dict[str, Any] = {
    **{name: {"terms": {"field": name, "size": 10}} for name in _VALUES},
    "year": {"histogram": {"field": "year", "interval": _YEARS}},
}


class _Tantivy:
    #: What cuts texts into terms, by name.
    analyzers: dict[str, TextAnalyzer]
    threads = 1

    def documents(self, source: Path, most: int | None) -> Iterator[Any]:
        """The documents of a file."""
        return read(source, most)

    def schema(self) -> tantivy.Schema:
        """The fields: an id, and text and title for each analyzer."""
        return self._builder().build()

    def fields(self, document: Any) -> dict[str, Any]:
        """What of a document goes into which field of the index."""
        raise NotImplementedError

    def index(self, source: Path, folder: Path, most: int | None) -> dict[str, int]:
        index, writer = self._made(folder)
        documents = self._add(writer, self.documents(source, most))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return {"documents": documents, "segments": index.searcher().num_segments}

    def segments(self, source: Path, folder: Path, sizes: list[int]) -> None:
        """Makes an index of segments of so many documents; the last is added, but not committed,
        since that is what makes tantivy merge."""
        documents = self.documents(source, None)
        self._index, self._writer = self._made(folder)
        for n, size in enumerate(sizes, 1):
            self._add(self._writer, islice(documents, size))
            if n < len(sizes):
                self._writer.commit()

    def merge(self) -> int:
        """Merges them into one; tells how many there were."""
        self._index.reload()
        before = self._index.searcher().num_segments + 1
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()
        assert self._index.searcher().num_segments == 1, "tantivy merged less than all"
        return before

    def _made(self, folder: Path) -> tuple[tantivy.Index, tantivy.IndexWriter]:
        """A new index, and its writer."""
        folder.mkdir(parents=True)
        index = self._registered(tantivy.Index(self.schema(), path=str(folder)))
        return index, index.writer(_HEAP_BYTES, num_threads=self.threads)

    def _add(self, writer: tantivy.IndexWriter, documents: Iterator[Any]) -> int:
        count = 0
        for document in documents:
            writer.add_document(tantivy.Document(**self.fields(document)))
            count += 1
        return count

    def _builder(self) -> tantivy.SchemaBuilder:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for name in self.analyzers:
            builder.add_text_field(f"text_{name}", stored=True, tokenizer_name=name)
            builder.add_text_field(f"title_{name}", tokenizer_name=name)
        return builder

    def _registered(self, index: tantivy.Index) -> tantivy.Index:
        for name, analyzer in self.analyzers.items():
            index.register_tokenizer(name, analyzer)
        return index

    def disk(self, folder: Path) -> dict[str, int]:
        kinds = {
            "stored text": (".store",), "postings": (".idx", ".pos"), "dictionary": (".term",)
        }  # fmt: skip
        return sizes(folder, kinds, "other")


class SameWords(_Tantivy):
    """Given the words that Fihris finds, so that both search the same terms.

    Its queries are what Fihris is measured against; its time to index says nothing.
    """

    analyzers = {"same": TextAnalyzerBuilder(Tokenizer.whitespace()).build()}  # noqa: RUF012

    def documents(self, source: Path, most: int | None) -> Iterator[Given]:
        return given(source)

    def schema(self) -> tantivy.Schema:
        builder = self._builder()
        for name in _VALUES:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("year", fast=True)
        return builder.build()

    def fields(self, document: Given) -> dict[str, Any]:
        return {
            "id": document.id,
            "text_same": [document.title, document.text],
            "title_same": document.title,
            **{name: getattr(document, name) for name in _VALUES},
            "year": int(document.date),
        }

    def open(self, folder: Path) -> None:
        index = self._registered(tantivy.Index.open(str(folder)))
        self._schema, self._searcher = index.schema, index.searcher()

    def prepare(self, query: Query) -> tuple[tantivy.Query, bool]:
        return self._query(query), query.kind == "facets"

    def _query(self, query: Query) -> tantivy.Query:
        field, schema, make = "text_same", self._schema, tantivy.Query
        first = query.words[0]
        if query.kind == "phrase":
            return make.phrase_query(schema, field, list(query.words))
        if query.kind == "prefix":
            return make.regex_query(schema, field, re.escape(first) + ".*")
        if query.kind == "wildcard":
            return make.regex_query(schema, field, re.escape(first).replace(r"\*", ".*"))
        if query.kind == "fuzzy":
            return make.fuzzy_term_query(schema, field, first)
        occurs = tantivy.Occur.Must if query.kind == "and" else tantivy.Occur.Should
        terms = [make.term_query(schema, field, word, "freq") for word in query.words]
        words = make.boolean_query([(occurs, term) for term in terms])
        if query.kind != "filtered":
            return words
        language = make.term_query(schema, "language", query.language, "basic")
        chosen = make.const_score_query(language, 0.0)
        return make.boolean_query([(tantivy.Occur.Must, words), (tantivy.Occur.Must, chosen)])

    def search(
        self, prepared: tuple[tantivy.Query, bool], limit: int
    ) -> tuple[int | None, list[Any]]:
        query, counted = prepared
        result: Any = self._searcher.search(query, limit=limit, count=True)
        if counted:
            self._searcher.aggregate(query, _FACETS)
        return result.count or 0, result.hits

    def ids(self, best: list[Any]) -> list[str]:
        return [str(self._searcher.doc(place)["id"][0]) for _, place in best]


class Default(_Tantivy):
    """From raw text with its own default: words, lower case, no stemming, no stop words."""

    analyzers = {  # noqa: RUF012
        "default": TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(40))
        .filter(Filter.lowercase())
        .build()
    }

    def fields(self, document: Record) -> dict[str, Any]:
        return {
            "id": document["id"],
            "text_default": [document["title"], document["text"]],
            "title_default": document["title"],
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

    def fields(self, document: Record) -> dict[str, Any]:
        language = document["main"]
        return {
            "id": document["id"],
            f"text_{language}": [document["title"], document["text"]],
            f"title_{language}": document["title"],
        }


class TwoThreads(Stemmers):
    """The same with two threads that index."""

    threads = 2
