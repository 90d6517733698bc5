"""The engines that are measured, each behind the same few functions."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..queries import Query


class Indexer(Protocol):
    """How an engine indexes."""

    def index(self, source: Path, folder: Path, most: int | None) -> dict[str, int]:
        """Makes an index in a folder that is not there yet, committed and on disk.

        Args:
            source: a collection as `corpus` writes it, or, for engines that are given words, as
                `given` does.
            most: index so many documents at most.

        Returns:
            Figures: "documents", and others worth telling ("segments").
        """
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
        """The query as the engine's own object; None when it has no such queries."""
        ...

    def search(self, prepared: Any, limit: int) -> tuple[int | None, Any]:
        """The total, None when it is not known, and the engine's own list of the best: this is
        what is measured."""
        ...

    def ids(self, best: Any) -> list[str]:
        """Ids of such a list."""
        ...


_NUMPY = {"FIHRIS_COMPILED": "0"}


@dataclass(frozen=True)
class Entry:
    """What the benchmark does with an engine.

    Attributes:
        place: module and class.
        index_of: the engine whose index it searches; its own name when it makes one.
        raw: whether it indexes raw text, so that its time to index can be compared; else it is
            given words.
        searches: whether its queries are measured.
        column, rows: where its queries stand in the table; rows "" are plain BM25 of words.
        most: it is measured with so many documents at most; a raw one indexes only so many.
        environment: variables that its process is given.
        own_process: whether it searches in a process that is not Python's.
    """

    place: str
    index_of: str
    raw: bool = False
    searches: bool = True
    column: str = ""
    rows: str = ""
    most: int | None = None
    environment: dict[str, str] = field(default_factory=dict)
    own_process: bool = False

    @property
    def numpy(self) -> bool:
        """Whether it is Fihris with its compiled kernels switched off."""
        return self.environment == _NUMPY


#: What queries and rankings are measured against, and what indexing is, on one core and on two.
REFERENCE, INDEX_REFERENCE, INDEX_REFERENCE_2 = "tantivy", "tantivy stemmers", "tantivy 2 threads"
#: Rows of the layers of the lexicon, and of all that users search with.
LAYERS, ALL = "layers", "all"


def _fihris(kind: str, rows: str) -> dict[str, Entry]:
    """Fihris with and without its compiled parts."""
    place, name = f"with_fihris:{kind}", f" {rows}" if rows else ""
    return {
        f"fihris{name}": Entry(place, "fihris", not rows, column="fihris", rows=rows),
        f"fihris numpy{name}": Entry(
            place, "fihris", column="fihris numpy", rows=rows, environment=_NUMPY
        ),
    }


ENGINES = {
    **_fihris("Plain", ""),
    **_fihris("Layers", LAYERS),
    **_fihris("All", ALL),
    "fihris indexing numpy": Entry(
        "with_fihris:Plain", "fihris indexing numpy", raw=True, searches=False, environment=_NUMPY
    ),
    "fihris 2 jobs": Entry("with_fihris:TwoJobs", "fihris 2 jobs", raw=True, searches=False),
    # More stand in several segments.
    "numpy steps": Entry("with_numpy:Steps", "fihris", column="numpy steps", most=100_000),
    "tantivy": Entry("with_tantivy:SameWords", "tantivy", column="tantivy"),
    "tantivy stemmers": Entry(
        "with_tantivy:Stemmers", "tantivy stemmers", raw=True, searches=False
    ),
    "tantivy 2 threads": Entry(
        "with_tantivy:TwoThreads", "tantivy 2 threads", raw=True, searches=False
    ),
    "tantivy default": Entry(
        "with_tantivy:Default", "tantivy default", raw=True, searches=False
    ),
    "lucene": Entry("with_lucene:Lucene", "lucene", column="lucene", own_process=True),
    "sqlite": Entry("with_sqlite:Fts5", "sqlite", column="sqlite"),
    "bm25s": Entry("with_bm25s:BM25S", "bm25s", column="bm25s", most=500_000),
    "whoosh": Entry("with_whoosh:Analyzers", "whoosh", raw=True, searches=False, most=2_000),
    "whoosh words": Entry("with_whoosh:SameWords", "whoosh words", column="whoosh", most=20_000),
}  # fmt: skip


def engine(name: str) -> Any:
    """The Indexer and Searcher of that name. Raises ImportError where it is not installed."""
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
