"""`fihris stats`: the index in figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import output
from .command import command as _command
from .command import index_option, json_option

if TYPE_CHECKING:
    from .statistics import Statistics


@_command(
    examples="""
        fihris stats
        fihris stats --json | jq .languages
    """
)
@index_option
@json_option("one object")
def command(folder: str, as_json: bool) -> None:
    """Show what the index holds, in figures."""
    from .statistics import statistics

    figures = statistics(folder)
    if as_json:
        output.json_line(figures.as_json())
        return
    for name, value in _rows(figures):
        output.line(f"{name:<24}{value:>16}")


def _rows(figures: Statistics) -> Iterator[tuple[str, str]]:
    yield "documents", f"{figures.documents:,}"
    for code, count in figures.languages.items():
        yield f"  {output.plain(code) or 'unknown language'}", f"{count:,}"
    yield "deleted, not yet merged", f"{figures.deleted:,}"
    yield "words", f"{figures.words:,}"
    yield "distinct words", f"{figures.distinct_words:,}"
    yield "segments", f"{figures.segments:,}"
    yield "size on the disk", _bytes(figures.bytes)
    for kind, size in figures.files.items():
        yield f"  {kind}", _bytes(size)
    yield "last commit", f"{figures.generation:,}"
    yield "  at", figures.committed
    yield "folder", f"  {output.plain(figures.index)}"


def _bytes(size: int) -> str:
    return f"{size / 1e6:,.2f} MB" if size >= 100_000 else f"{size:,} bytes"
