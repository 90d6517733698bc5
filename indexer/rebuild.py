"""Building the lexicon of an index anew, when stemmers or languages have changed.

The index holds words as they were written, so that new stems need no document: every segment is
copied as it stands, and only the keys by which its words are related are found out again.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from .commit import (
    FORMAT,
    LOCK_NAME,
    Commit,
    language_versions,
    read_commit,
    remove_unused,
    write_commit,
)
from .merge import advance_of, merge_segments
from .naming import new_segment_id
from .segment import SegmentFiles, read_deletions
from .storage import Folder


def rebuild_lexicon(
    path: str | os.PathLike[str] | Folder,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> None:
    """Relates the words of an index by the stemmers that this Fihris has, all in one commit.

    Documents keep the languages that they were told; those of a language that is new since then
    have to be indexed again to be told it.

    Args:
        progress: called now and then with the bytes that are done, and those there are.

    Raises IndexNotFound, IndexVersionError (the order of languages differs, or the format),
    IndexDamaged, IndexLocked or StorageError; then the index is as it was.
    """
    folder = path if isinstance(path, Folder) else Folder(path)
    read_commit(folder, any_stemmers=True)  # a folder without an index is told before it is locked
    with folder.locked(LOCK_NAME):
        before = read_commit(folder, any_stemmers=True)
        remove_unused(folder, before)
        segments = []
        told = advance_of(before.segments, progress)
        for info in before.segments:
            part = SegmentFiles(folder, info), read_deletions(folder, info)
            segments.append(merge_segments(folder, new_segment_id(), [part], True, told))
        after = Commit(FORMAT, before.generation + 1, language_versions(), segments)
        write_commit(folder, after)
        remove_unused(folder, after)
