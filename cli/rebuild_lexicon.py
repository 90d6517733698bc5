"""`fihris rebuild-lexicon`: new stems for an index, without its documents."""

from __future__ import annotations

from . import output, progress
from .command import command as _command
from .command import index_option


@_command(
    examples="""
        fihris rebuild-lexicon
        fihris rebuild-lexicon --index /srv/archive/index
    """,
)
@index_option
def command(folder: str) -> None:
    """Relate the words of an index anew.

    For an index that was made with the stemmers of another version. The index holds words as they
    were written, so that no document is needed. While it works, the index takes up to twice its
    room on the disk.
    """
    from ..indexer import Index, rebuild_lexicon

    with progress.meter("relating words", "MB") as meter:
        rebuild_lexicon(folder, progress.megabytes(meter))
    count = sum(segment.documents for segment in Index.open(folder).commit_record().segments)
    output.note(f"rebuilt the lexicon; {count:,} documents")
