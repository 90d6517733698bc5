"""`fihris index`: brings the index up to date with files and folders."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from click.exceptions import Exit

from . import output, progress
from .command import command as _command
from .command import index_option

if TYPE_CHECKING:
    from ..indexer import Index
    from ..indexer.errors import InputError
    from ..indexer.ingest import Progress, Summary

#: So many of the errors are shown.
SHOWN = 20
# Other processes are started only for more bytes than this; each needs up to 150 MB of memory.
_WORTH_JOBS = 8_000_000
_MOST_JOBS = 4


@_command(
    examples="""
        fihris index letters/ catalogue.jsonl
        fihris index --index /srv/archive/index --jobs 2 /srv/archive/texts
        # After files were removed on purpose, even most of them
        fihris index --prune letters/
    """
)
@index_option
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 64),
    help="How many processes.  "
    f"[default: one for a small folder, else one a core, at most {_MOST_JOBS}]",
)
@click.option(
    "--prune",
    is_flag=True,
    help="Remove the documents of files that are gone even if the folder is missing or empty, or "
    "over half of its files are gone.",
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
def command(folder: str, jobs: int | None, prune: bool, paths: tuple[str, ...]) -> None:
    """Index files and folders.

    Plain text, Markdown, HTML, and JSON Lines ({"id", "title", "text", …} on each line). When a
    folder is indexed again, what has not changed is passed over, what has changed is replaced, and
    what is gone is removed. All of it becomes visible at once, at the end. The status is 2 if
    anything had to be left out.
    """
    if index_paths(folder, paths, jobs, prune).errors:
        raise Exit(2)


def index_paths(folder: str, paths: tuple[str, ...], jobs: int | None, prune: bool) -> Summary:
    """Indexes with progress, errors and a summary on standard error. Raises FihrisError."""
    from ..indexer import ingest

    index = _opened(folder, paths)
    with progress.meter("indexing", "documents") as meter:
        left_out = 0

        def on_error(error: InputError) -> None:
            nonlocal left_out
            left_out += 1
            if left_out <= SHOWN:
                meter.say(f"left out: {error}")

        def on_progress(state: Progress) -> None:
            meter.update(state.bytes_done, state.bytes_total, state.documents)

        in_bytes, merging = progress.megabytes(meter), False

        def on_merging(done: int, total: int) -> None:
            nonlocal merging
            if not merging:
                meter.begin("merging", "MB")
            merging = True
            in_bytes(done, total)

        summary = ingest.index_paths(
            index,
            [*paths],
            jobs=jobs or _worthwhile_jobs(paths),
            prune=prune,
            progress=on_progress,
            merging=on_merging,
            on_error=on_error,
        )
    if summary.errors_total > SHOWN:
        output.note(f"left out: and {summary.errors_total - SHOWN:,} more")
    for reason, count in summary.skipped.items():
        output.note(f"passed over: {count:,} ({reason})")
    for sentence in summary.kept:
        output.note(f"kept: {sentence}")
    output.note(summarized(summary))
    return summary


def summarized(summary: Summary) -> str:
    """What indexing did, in a line."""
    counts = {
        "added": summary.added,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "removed": summary.removed,
        "left out": summary.errors_total,
    }
    figures = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    return f"{figures} ({summary.seconds:.1f} s)"


def _opened(folder: str, paths: tuple[str, ...]) -> Index:
    from ..indexer import Index, IndexNotFound, InputError

    try:
        return Index.open(folder)
    except IndexNotFound:
        if not any(os.path.lexists(path) for path in paths):
            # A slip of the hand must not leave an empty index behind.
            raise InputError(
                paths[0], "does not exist", "check the spelling of the path; no index was made"
            ) from None
        return Index.create(folder)


def _worthwhile_jobs(paths: tuple[str, ...]) -> int:
    from ..indexer.found import Found
    from ..indexer.walk import walk

    size = 0
    for item in walk(paths):
        if isinstance(item, Found):
            size += item.size
        if size > _WORTH_JOBS:
            return min(len(os.sched_getaffinity(0)), _MOST_JOBS)
    return 1
