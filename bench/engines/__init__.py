"""The engines that are measured, each behind the same few functions."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..corpus import Record
    from ..queries import Query


class Indexer(Protocol):
    """How an engine indexes.

    Attributes:
        most: index at most so many documents (a slow engine), None for all.
    """

    most: int | None

    def index(self, records: Iterable[Record], folder: Path) -> dict[str, int]:
        """Makes an index of raw texts in a folder that is not there yet, committed and on disk;
        returns figures worth telling (number of segments)."""
        ...

    def index_file(self, corpus: Path, folder: Path) -> dict[str, int] | None:
        """The same from the file of the collection, where the engine reads it by itself; then
        "documents" is among the figures. None where it does not."""
        ...

    def disk(self, folder: Path) -> dict[str, int]:
        """Bytes of the index by what they hold."""
        ...


class Searcher(Protocol):
    """How an engine searches."""

    def open(self, folder: Path) -> None:
        """Opens an index for searching."""
        ...

    def prepare(self, query: Query) -> Any:
        """The query as the engine's own object."""
        ...

    def search(self, prepared: Any, limit: int) -> tuple[int, Any]:
        """The total and the engine's own list of the best: this is what is measured."""
        ...

    def ids(self, best: Any) -> list[tuple[str, float]]:
        """Ids and scores of such a list."""
        ...


@dataclass(frozen=True)
class Entry:
    """What the benchmark does with an engine.

    Attributes:
        place: module and class.
        index_of: the engine whose index it searches; its own name unless it indexes nothing.
        raw: whether it indexes raw text, so that its time to index can be compared.
        searches: whether its queries are measured.
    """

    place: str
    index_of: str
    raw: bool
    searches: bool


#: What queries and rankings are measured against, and what indexing is.
REFERENCE, INDEX_REFERENCE = "tantivy", "tantivy stemmers"
ENGINES = {
    "fihris": Entry("with_fihris:Fihris", "fihris", raw=True, searches=True),
    "fihris all layers": Entry("with_fihris:FihrisAllLayers", "fihris", raw=False, searches=True),
    "tantivy": Entry("with_tantivy:SameWords", "tantivy", raw=False, searches=True),
    "tantivy default": Entry(
        "with_tantivy:Default", "tantivy default", raw=True, searches=False
    ),
    "tantivy stemmers": Entry(
        "with_tantivy:Stemmers", "tantivy stemmers", raw=True, searches=False
    ),
    "sqlite": Entry("with_sqlite:Fts5", "sqlite", raw=False, searches=True),
    "whoosh": Entry("with_whoosh:Whoosh", "whoosh", raw=True, searches=False),
}  # fmt: skip


def engine(name: str) -> Any:
    """The Indexer and Searcher of that name."""
    module, _, attribute = ENGINES[name].place.partition(":")
    return getattr(importlib.import_module(f".{module}", __package__), attribute)()


def sizes(folder: Path, kinds: dict[str, tuple[str, ...]], rest: str) -> dict[str, int]:
    """Bytes of the files of a folder, added up by what their names end in."""
    found = dict.fromkeys([*kinds, rest], 0)
    for file in folder.rglob("*"):
        if file.is_file():
            kind = next((k for k, endings in kinds.items() if file.name.endswith(endings)), rest)
            found[kind] += file.stat().st_size
    return found
