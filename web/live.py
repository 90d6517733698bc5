"""The index as it is now: followed from commit to commit, and found again after it was away."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from time import monotonic

from ..indexer.commit import latest_generation, record_name
from ..indexer.errors import FihrisError
from ..indexer.index import Index
from ..indexer.storage import Folder
from ..search import Searcher, Thesaurus

#: The folder is looked at for a new commit this often at most, in seconds.
INTERVAL = 1.0

# What tells one record of a commit from another: a new index in the place of an old one may well
# count its commits to the same number.
_Stamp = tuple[int, int, int] | None


class LiveIndex:
    """Lends a Searcher of the last commit. Safe to be shared by threads.

    Args:
        index: its folder, which need not be there yet, or an opened Index.
        thesaurus: a file of synonyms, read when first needed; "" is none.
        hierarchy: whether broader and narrower concepts of it count.
    """

    def __init__(
        self,
        index: str | os.PathLike[str] | Index,
        thesaurus: str = "",
        *,
        hierarchy: bool = False,
    ) -> None:
        self._file, self._hierarchy = thesaurus, hierarchy
        self._thesaurus: Thesaurus | None = None
        self._folder = index.folder if isinstance(index, Index) else Folder(index)
        self._searcher: Searcher | None = None
        self._stamp: _Stamp = None
        self._looked = 0.0
        self._lock = threading.Lock()

    @property
    def changed(self) -> float:
        """When the commit that is searched was made, in seconds since 1970."""
        return self._stamp[1] / 1e9 if self._stamp else 0.0

    @contextlib.contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """A Searcher for the length of a with-block, which stays at one commit.

        Raises FihrisError (IndexNotFound, IndexDamaged …) while the index cannot be used; the next
        caller looks at the folder anew.
        """
        try:
            yield self._current()
        except FihrisError:
            self._searcher = None
            raise

    def _current(self) -> Searcher:
        searcher = self._searcher
        if searcher is not None and monotonic() - self._looked < INTERVAL:
            return searcher
        # While one thread opens a new commit, the others go on with the one before.
        if not self._lock.acquire(blocking=searcher is None):
            assert searcher is not None
            return searcher
        try:
            searcher = self._searcher
            if searcher is None or monotonic() - self._looked >= INTERVAL:
                searcher = self._searcher = self._followed(searcher)
                self._looked = monotonic()
            return searcher
        finally:
            self._lock.release()

    def _followed(self, searcher: Searcher | None) -> Searcher:
        stamp = self._stamp_now()
        if searcher is None or stamp is None or stamp != self._stamp:
            # Not `refresh`: a page that is being made must see one commit from start to end.
            if self._file and self._thesaurus is None:
                self._thesaurus = Thesaurus.read(self._file, hierarchy=self._hierarchy)
            searcher = Searcher(Index(self._folder), thesaurus=self._thesaurus)
            self._stamp = stamp
        return searcher

    def _stamp_now(self) -> _Stamp:
        try:
            record = self._folder.path / record_name(latest_generation(self._folder))
            status = record.stat()
        except OSError:
            return None  # Opening the index says what is wrong.
        return status.st_ino, status.st_mtime_ns, status.st_size
