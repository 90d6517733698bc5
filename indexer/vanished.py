"""Finding the documents whose files, or records, are no longer there."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path, PurePosixPath

import numpy as np

from .arrayfile import Array
from .found import shown
from .known import Known
from .sources import Sources

Gone = list[Array]
"""The documents of each segment, by their numbers."""


class Vanished:
    """Compares what an index holds with what was found.

    Args:
        known: what the index holds.
        sources: what was found.
        present: for each segment, which of its documents were read again or are replaced.
        failed: origins that could not be read; what came from them or from below is spared.
    """

    def __init__(
        self, known: Known, sources: Sources, present: list[Array], failed: Collection[str]
    ) -> None:
        self._known, self._sources = known, sources
        self._present, self._failed = present, failed

    def below(self, root: str) -> Gone:
        """The documents that came from a root, or from below it, and are gone."""
        gone = []
        for number, present in enumerate(self._present):
            docs = self._known.below(number, root)
            docs = docs[~present[docs]]
            codes, of_doc = np.unique(self._known.origin_codes(number, docs), return_inverse=True)
            spared = [self._is_spared(self._known.origin(number, int(code))) for code in codes]
            gone.append(docs[~np.array(spared, bool)[of_doc]])
        return gone

    def guard(self, root: str, path: Path, gone: Gone) -> str:
        """Why these documents should be kept all the same; "" when nothing is said against their
        removal."""
        if not os.path.exists(path):  # noqa: PTH110 (Path.exists raises when it may not look)
            state = "is missing"
        elif not self._sources.counts.get(shown(os.path.realpath(path))):
            state = "is empty"
        else:
            files = self._known.origins([self._known.below(n, root) for n in range(len(gone))])
            lost = sum(not self._sources.was_seen(file) for file in self._known.origins(gone))
            if lost * 2 <= len(files):
                return ""
            state = f"lacks {lost:,} of its {len(files):,} files"
        return (
            f"{shown(path)} {state}: its documents were kept in the index; "
            "remove them with --prune if that is meant"
        )

    def _is_spared(self, origin: str) -> bool:
        return bool(self._failed) and any(
            str(path) in self._failed for path in (origin, *PurePosixPath(origin).parents)
        )
