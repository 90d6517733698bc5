"""The index as it is now: followed from commit to commit, and found again after it was away."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from time import monotonic

from ..indexer.commit import latest_generation, record_name
from ..indexer.errors import FihrisError, IndexNotFound
from ..indexer.index import Index
from ..search import Searcher

#: The folder is looked at for a new commit this often at most, in seconds.
INTERVAL = 1.0

_Stamp = tuple[int, int, int]


class LiveIndex:
    """Lends a Searcher of the last commit. Safe to be shared by threads.

    Args:
        index: its folder, which need not be there yet, or an opened Index.
    """

    def __init__(self, index: str | os.PathLike[str] | Index) -> None:
        self._index = index
        self._searcher: Searcher | None = None
        self._stamp: _Stamp | None = None
        self._looked = 0.0
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """A Searcher for the length of a with-block.

        Raises FihrisError (IndexNotFound, IndexDamaged …) while the index cannot be used; then the
        next caller looks at the folder anew.
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
            if self._searcher is None or monotonic() - self._looked >= INTERVAL:
                self._searcher = self._followed(self._searcher)
                self._looked = monotonic()
            return self._searcher
        finally:
            self._lock.release()

    def _followed(self, searcher: Searcher | None) -> Searcher:
        folder = self._index.folder if isinstance(self._index, Index) else Index.open(self._index).folder
        return searcher
