"""Judged collections: documents, queries, and which documents answer which query.

A folder holds `corpus.jsonl` (a line: {"id", "title", "text"}), `queries.tsv` (a line: id TAB text,
further columns are passed over) and `qrels.txt` (TREC: query id, 0, document id, relevance;
white space between), all in UTF-8. There may be more judgements of the same queries,
`qrels.NAME.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from fihris.indexer import Document
from fihris.indexer.errors import FihrisError, InputError

#: The relevance of documents, by query id.
Judgements = dict[str, dict[str, int]]


class _Line(msgspec.Struct):
    id: str
    title: str = ""
    text: str = ""


@dataclass(frozen=True)
class Collection:
    """A judged collection.

    Attributes:
        folder: where it is.
        queries: texts by query id.
        judgements: for each file of judgements, by the NAME in its name ("" for `qrels.txt`).
        notes: what does not fit together and yet can be measured, for a person to read.
    """

    folder: Path
    queries: dict[str, str]
    judgements: dict[str, Judgements]
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.resolve().name

    def documents(self) -> Iterator[Document]:
        """Its documents, without the language that the file may tell. Raises InputError."""
        path = self.folder / "corpus.jsonl"
        for number, line in _lines(path):
            try:
                found = msgspec.json.decode(line, type=_Line)
                yield Document(id=found.id, title=found.title, text=found.text)
            except (msgspec.MsgspecError, UnicodeDecodeError, FihrisError) as error:
                raise _bad(path, number, f"is no document: {error}") from error


def read(folder: Path) -> Collection:
    """Reads a folder, all of it. Raises InputError, naming file and line."""
    documents = _document_ids(folder / "corpus.jsonl")
    queries = _queries(folder / "queries.tsv")
    _require(folder / "qrels.txt")
    collection = Collection(folder, queries, {})
    for path in sorted(folder.glob("qrels*.txt")):
        name = path.name.removeprefix("qrels").removesuffix(".txt").strip(".")
        judged, unknown = _judgements(path, queries, documents)
        collection.judgements[name] = judged
        if unknown:
            collection.notes.append(
                f"{path}: {len(unknown):,} judged documents are not in corpus.jsonl and cannot be "
                f"found, the first in line {unknown[0]}"
            )
        if left := [query for query in queries if query not in judged]:
            collection.notes.append(
                f"{path}: {len(left):,} of {len(queries):,} queries have no judgement and do not "
                f"count, the first is {left[0]!r}"
            )
    return collection


def _document_ids(path: Path) -> dict[str, int]:
    """The ids of the documents, each with its line."""
    ids: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            found = msgspec.json.decode(line, type=_Line).id
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _bad(path, number, f"is no document: {error}") from error
        if not found:
            raise _bad(path, number, "is a document with an empty id")
        if found in ids:
            raise _bad(path, number, f"repeats the document id {found!r} of line {ids[found]}")
        ids[found] = number
    if not ids:
        raise InputError(str(path), "holds no document")
    return ids


def _queries(path: Path) -> dict[str, str]:
    queries: dict[str, str] = {}
    for number, line in _lines(path):
        query, tab, rest = _text(path, number, line).partition("\t")
        if not tab or not query:
            raise _bad(path, number, "has no tab between a query's id and its text")
        if query in queries:
            raise _bad(path, number, f"repeats the query id {query!r}")
        queries[query] = rest.partition("\t")[0]
        if not queries[query].strip():
            raise _bad(path, number, f"has no text for the query {query!r}")
    if not queries:
        raise InputError(str(path), "holds no query")
    return queries


def _judgements(
    path: Path, queries: dict[str, str], documents: dict[str, int]
) -> tuple[Judgements, list[int]]:
    """The judgements, and the lines that judge documents which are not there."""
    judgements: Judgements = {}
    unknown: list[int] = []
    for number, line in _lines(path):
        columns = _text(path, number, line).split()
        try:
            query, _, document, relevance = columns
            value = int(relevance)
        except ValueError as error:
            raise _bad(
                path, number, "is not: query id, 0, document id, relevance (a whole number)"
            ) from error
        if query not in queries:
            raise _bad(path, number, f"judges the query {query!r}, which is not in queries.tsv")
        of_query = judgements.setdefault(query, {})
        if document in of_query:
            raise _bad(path, number, f"judges {document!r} for {query!r} a second time")
        of_query[document] = value
        if document not in documents:
            unknown.append(number)
    if not judgements:
        raise InputError(str(path), "holds no judgement")
    return judgements, unknown


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    _require(path)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if line := line.rstrip(b"\r\n"):
                    yield number, line
    except OSError as error:
        raise InputError(str(path), f"cannot be read ({error.strerror})") from error


def _require(path: Path) -> None:
    if not path.is_file():
        raise InputError(
            str(path), "is missing", "a collection is corpus.jsonl, queries.tsv and qrels.txt"
        )


def _text(path: Path, number: int, line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise _bad(path, number, f"is not UTF-8: {error}") from error


def _bad(path: Path, number: int, what: str) -> InputError:
    return InputError(f"{path}, line {number}", what)
