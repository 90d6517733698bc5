"""`fihris suggest`: how what is being typed may go on."""

from __future__ import annotations

import click

from . import output
from .command import WORDS_WITH_DASHES, given, index_option, json_option, nothing_found
from .command import command as _command


@_command(
    examples="""
        fihris suggest vla
        fihris suggest جيش التح
        fihris suggest --limit 3 --json armée de lib
    """,
    context_settings=WORDS_WITH_DASHES,
)
@index_option
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    help="How many.",
)
@json_option('one suggestion a line, {"text": …}')
@click.argument("words", metavar="PREFIX...", nargs=-1, required=True, type=click.UNPROCESSED)
def command(folder: str, limit: int, as_json: bool, words: tuple[str, ...]) -> None:
    """Complete the last word of PREFIX from the words of the index.

    The most frequent come first. Accents and capitals do not matter. The status is 1 when there is
    nothing to suggest.
    """
    from ..search import Searcher

    suggestions = Searcher(folder).suggest(given(" ".join(words)), limit)
    for text in suggestions:
        if as_json:
            output.json_line({"text": text})
        else:
            output.line(output.plain(text))
    if not suggestions:
        nothing_found()
