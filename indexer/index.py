"""An index on disk, as Whoosh's FileIndex: open it, read it, write to it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self
from weakref import WeakValueDictionary

from whoosh.fields import Schema
from whoosh.index import TOC, FileIndex
from whoosh.reading import IndexReader

from .codec import Segment
from .commit import (
    FORMAT,
    LOCK_NAME,
    UNFINISHED,
    Commit,
    language_versions,
    latest_generation,
    read_commit,
    record_name,
    write_commit,
)
from .errors import FihrisError, IndexDamaged, IndexNotFound
from .naming import INDEX_NAME
from .schema import make_schema
from .segment import SegmentFiles, read_deletions
from .storage import Folder

if TYPE_CHECKING:
    from .writer import Writer


class Index(FileIndex):
    """A full-text index in a folder. `Index.open(path).searcher()` is a Whoosh searcher.

    One process writes at a time (`writer()`), any number read; a reader keeps the commit that it
    was opened on.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = self.storage = folder
        self.indexname = INDEX_NAME
        self._schema = make_schema()
        self._files: WeakValueDictionary[str, SegmentFiles] = WeakValueDictionary()

    @classmethod
    def create(cls, path: str | os.PathLike[str] | Folder) -> Self:
        """Makes a new, empty index in a folder that is empty or not there yet.

        Raises FihrisError when the folder holds an index or anything else.
        """
        folder = path if isinstance(path, Folder) else Folder(path)
        folder.make()
        # What is left when making an index here was interrupted is in nobody's way.
        ours = {LOCK_NAME, f"{record_name(0)}{UNFINISHED}"}
        foreign = sorted(name for name in folder.list() if name not in ours)
        if foreign and latest_generation(folder) < 0:
            raise FihrisError(
                f"{folder.path}: the folder holds other files ({foreign[0]!r}); "
                "give an index a folder of its own"
            )
        with folder.locked(LOCK_NAME):
            if latest_generation(folder) >= 0:
                raise FihrisError(f"{folder.path}: there is an index here already; open it instead")
            write_commit(folder, Commit(FORMAT, 0, language_versions(), []))
        return cls(folder)

    @classmethod
    def open(cls, path: str | os.PathLike[str] | Folder) -> Self:
        """Opens an index. Raises IndexNotFound, IndexVersionError or IndexDamaged."""
        folder = path if isinstance(path, Folder) else Folder(path)
        read_commit(folder)
        return cls(folder)

    @classmethod
    def open_or_create(cls, path: str | os.PathLike[str] | Folder) -> Self:
        """Opens an index, or makes it where there is none."""
        try:
            return cls.open(path)
        except IndexNotFound:
            return cls.create(path)

    @property
    def path(self) -> Path:
        """The folder of the index."""
        return self.folder.path

    @property
    def schema(self) -> Schema:
        """The fields, as Whoosh describes them."""
        return self._schema

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Index({str(self.path)!r})"

    def commit_record(self) -> Commit:
        """The record of the last commit."""
        return read_commit(self.folder)

    def latest_generation(self) -> int:
        """The number of the last commit."""
        return latest_generation(self.folder)

    def writer(self, **_: Any) -> Writer:  # type: ignore[override]
        """Starts to write. Raises IndexLocked when another process does."""
        from .writer import Writer  # whoever only searches need not wait for it

        return Writer(self)

    def optimize(self, progress: Callable[[int, int], object] | None = None, **_: Any) -> None:
        """Merges all segments into one and drops deleted documents for good.

        Args:
            progress: called now and then with the bytes that are done, and those there are.
        """
        with self.writer() as writer:
            writer.optimize, writer.merging = True, progress

    def segments(self) -> tuple[int, list[Segment]]:
        """The number of the last commit and its segments, opened."""
        while True:
            commit = read_commit(self.folder)
            try:
                return commit.generation, self.open_segments(commit)
            except IndexDamaged:
                # A writer may have merged these files away since the record was read.
                if self.latest_generation() == commit.generation:
                    raise

    def open_segments(self, commit: Commit) -> list[Segment]:
        """Opens the segments of a commit; those that are open already are shared."""
        opened = []
        for info in commit.segments:
            files = self._files.get(info.id)
            if files is None:
                files = self._files[info.id] = SegmentFiles(self.folder, info)
            opened.append(Segment(info, files, read_deletions(self.folder, info)))
        return opened

    def _read_toc(self) -> TOC:
        generation, segments = self.segments()
        return TOC(self._schema, segments, generation)

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:
        """A Whoosh reader of the last commit."""
        generation, segments = self.segments()
        return self._reader(self.folder, self._schema, segments, generation)

    def add_field(self, fieldname: str, fieldspec: Any) -> NoReturn:
        raise NotImplementedError("the fields of a Fihris index are fixed")

    def remove_field(self, fieldname: str) -> NoReturn:
        raise NotImplementedError("the fields of a Fihris index are fixed")
