"""The engines that are measured, each behind the same few functions."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from ..corpus import Record
from ..queries import Query

#: Name on the command line and in tables, and the module that has it. What all are measured
#: against comes second.
ENGINES = {
    "fihris": "with_fihris:Fihris",
    "fihris all layers": "with_fihris:FihrisAllLayers",
    "tantivy": "with_tantivy:SameWords",
    "tantivy default": "with_tantivy:Default",
    "tantivy stemmers": "with_tantivy:Stemmers",
    "sqlite": "with_sqlite:Fts5",
    "whoosh": "with_whoosh:Whoosh",
}


class Engine(Protocol):
    """What the benchmark asks of an engine.

    Attributes:
        index_of: the name of the engine whose index it searches, its own unless it only differs
            in searching.
        most: index at most so many documents (a slow engine), None for all.
        searches: whether its queries are measured.
    """

    index_of: str
    most: int | None
    searches: bool

    def index(self, records: Iterable[Record], folder: Path) -> dict[str, int]:
        """Makes an index of raw texts in an empty folder, committed and on disk; returns figures
        worth telling (number of segments)."""
        ...

    def open(self, folder: Path) -> None:
        """Opens an index for searching."""
        ...

    def prepare(self, query: Query) -> Any:
        """The query as the engine's own object, or None where it has no such kind."""
        ...

    def search(self, prepared: Any, limit: int) -> tuple[int, Any]:
        """The total and the engine's own list of the best; what is measured."""
        ...

    def ids(self, best: Any) -> list[tuple[str, float]]:
        """Ids and scores of such a list."""
        ...

    def disk(self, folder: Path) -> dict[str, int]:
        """Bytes of the index by what they hold."""
        ...


def engine(name: str) -> Engine:
    """An engine by its name."""
    module, _, attribute = ENGINES[name].partition(":")
    return getattr(importlib.import_module(f".{module}", __package__), attribute)()


def sizes(folder: Path, kinds: dict[str, tuple[str, ...]], rest: str) -> dict[str, int]:
    """Bytes of the files of a folder, added up by what their names end in."""
    found = dict.fromkeys([*kinds, rest], 0)
    for file in folder.rglob("*"):
        if file.is_file():
            kind = next((k for k, endings in kinds.items() if file.name.endswith(endings)), rest)
            found[kind] += file.stat().st_size
    return found
