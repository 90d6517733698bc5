"""`fihris delete`: takes documents out of the index."""

from __future__ import annotations

import click

from . import output
from .command import command as _command
from .command import given_id, index_option, nothing_found


@_command(
    examples="""
        fihris delete letters/bedford.txt
        fihris delete record-17 record-18
    """
)
@index_option
@click.argument("ids", metavar="ID...", nargs=-1, required=True, type=click.UNPROCESSED)
def command(folder: str, ids: tuple[str, ...]) -> None:
    """Delete documents by their ids, all at once.

    ID is the document's, as `fihris search` shows it. A file that is still in its folder comes back
    when the folder is indexed again. The status is 1 when none of the documents was there.
    """
    from ..indexer import Index

    names = list(dict.fromkeys(given_id(each) for each in ids))
    with Index.open(folder).writer() as writer:
        missing = [name for name in names if not writer.delete(name)]
    for name in missing:
        output.note(f"not in the index: {name}")
    deleted = len(names) - len(missing)
    output.note(f"{output.counted(deleted, 'document')} deleted")
    if not deleted:
        nothing_found()
