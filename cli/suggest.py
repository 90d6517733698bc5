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
@click.option(
    "--titles",
    "wanted",
    metavar="N",
    type=click.IntRange(0, 20),
    default=3,
    show_default=True,
    help="How many titles of documents.",
)
@json_option('one suggestion a line, {"text": …}; a title with the "id" of its document')
@click.argument("words", metavar="PREFIX...", nargs=-1, required=True, type=click.UNPROCESSED)
def command(folder: str, limit: int, wanted: int, as_json: bool, words: tuple[str, ...]) -> None:
    """Complete the last word of PREFIX from the words of the index.

    Words that follow or accompany the words before them come first, then the most frequent ones.
    Accents, hamza and capitals do not matter; from four letters on, PREFIX may hold one typing
    error. Titles of documents come last, each with a tab and the id of its document behind it
    unless several have it. The status is 1 when there is nothing to suggest.
    """
    from ..search import Searcher

    searcher, text = Searcher(folder), given(" ".join(words))
    suggestions, titles = searcher.suggest(text, limit), searcher.titles(text, wanted)
    for each in suggestions:
        if as_json:
            output.json_line({"text": each})
        else:
            output.line(output.plain(each))
    for title in titles:
        if as_json:
            output.json_line({"text": title.title, "id": title.id or None})
        else:
            output.line("\t".join(output.plain(each) for each in (title.title, title.id) if each))
    if not suggestions and not titles:
        nothing_found()
