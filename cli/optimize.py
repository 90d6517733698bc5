"""`fihris optimize`: one segment, without what was deleted."""

from __future__ import annotations

from . import output, progress
from .command import command as _command
from .command import index_option


@_command(
    examples="""
        fihris optimize
        fihris optimize --index /srv/archive/index
    """
)
@index_option
def command(folder: str) -> None:
    """Merge the index and drop what was deleted.

    All segments become one, and deleted documents are gone for good. Searches become a little
    faster. While it works, the index takes up to twice its room on the disk; searches go on. It
    takes some 100 MB of memory, and 200 for each million different words.
    """
    from ..indexer import Index
    from .statistics import by_kind

    index = Index.open(folder)
    before = sum(by_kind(index.commit_record()).values())
    with progress.meter("merging", "MB") as meter:
        index.optimize(progress.megabytes(meter))
    after = sum(by_kind(index.commit_record()).values())
    output.note(f"optimized: {before / 1e6:,.1f} MB before, {after / 1e6:,.1f} MB now")
