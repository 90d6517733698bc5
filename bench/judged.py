"""Judged collections: documents, queries, and which documents answer which query.

A folder holds `corpus.jsonl` (a line: {"id", "title", "text"}), `queries.tsv` (a line: id TAB text,
further columns are passed over) and `qrels.txt` (TREC: query id, 0, document id, relevance;
white space between). There may be more judgements of the same queries, `qrels.NAME.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from fihris.indexer import Document
from fihris.indexer.errors import InputError

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
        judgements: for each file of judgements, by the NAME in its name ("" for `qrels.txt`), the
            relevance of documents by query id.
    """

    folder: Path
    queries: dict[str, str]
    judgements: dict[str, Judgements]

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name

    def documents(self) -> Iterator[Document]:
        """Its documents, without the language that the file may tell."""
        path = self.folder / "corpus.jsonl"
        for number, line in _lines(path):
            try:
                found = msgspec.json.decode(line, type=_Line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise _bad(path, number, f"is no document: {error}") from error
            yield Document(id=found.id, title=found.title, text=found.text)


def read(folder: Path) -> Collection:
    """Reads the queries and judgements of a folder. Raises InputError, naming file and line."""
    _require(folder / "corpus.jsonl")
    queries = _queries(folder / "queries.tsv")
    _require(folder / "qrels.txt")
    judgements = {}
    for path in sorted(folder.glob("qrels*.txt")):
        name = path.name.removeprefix("qrels").removesuffix(".txt").strip(".")
        judgements[name] = _judgements(path, queries)
    return Collection(folder, queries, judgements)


def _queries(path: Path) -> dict[str, str]:
    queries: dict[str, str] = {}
    for number, line in _lines(path):
        number_of, tab, rest = _text(path, number, line).partition("\t")
        if not tab or not number_of:
            raise _bad(path, number, "has no tab between a query's id and its text")
        if number_of in queries:
            raise _bad(path, number, f"repeats the query id {number_of!r}")
        queries[number_of] = rest.partition("\t")[0]
    if not queries:
        raise InputError(str(path), "holds no query")
    return queries


def _judgements(path: Path, queries: dict[str, str]) -> Judgements:
    judgements: Judgements = {}
    for number, line in _lines(path):
        columns = _text(path, number, line).split()
        try:
            query, _, document, relevance = columns
            value = int(relevance)
        except ValueError as error:
            raise _bad(
                path, number, "is not: query id, 0, document id, relevance (a number)"
            ) from error
        if query not in queries:
            raise _bad(path, number, f"judges the query {query!r}, which is not in queries.tsv")
        judgements.setdefault(query, {})[document] = value
    if not judgements:
        raise InputError(str(path), "holds no judgement")
    return judgements


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    _require(path)
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line := line.rstrip(b"\r\n"):
                yield number, line


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
