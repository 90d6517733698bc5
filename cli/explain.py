"""`fihris explain`: where a score comes from."""

from __future__ import annotations

import sys

import click

from . import output
from .command import (
    WORDS_WITH_DASHES,
    given,
    given_id,
    index_option,
    json_option,
    nothing_found,
    read_thesaurus,
    thesaurus_option,
)
from .command import command as _command


@_command(
    examples="""
        fihris explain army liberation letters/bedford.txt
        fihris explain --json جيش letters/beirut.txt
    """,
    context_settings=WORDS_WITH_DASHES,
)
@index_option
@thesaurus_option
@json_option('one object, {"value", "text", "parts": […]}')
@click.argument("query", nargs=-1, required=True, type=click.UNPROCESSED)
@click.argument("document", metavar="ID", type=click.UNPROCESSED)
def command(
    folder: str,
    thesaurus: str,
    hierarchy: bool,
    as_json: bool,
    query: tuple[str, ...],
    document: str,
) -> None:
    """Show how the score of a document for QUERY comes about.

    ID is the document's, as `fihris search` shows it. Each figure is followed by the figures that
    it is made of. The status is 1 when there is no such document, or the query does not find it.
    """
    from ..search import Searcher

    name = given_id(document)
    explanation = Searcher(folder, thesaurus=read_thesaurus(thesaurus, hierarchy)).explain(
        given(" ".join(query)), name
    )
    if explanation is None:
        output.note(f"there is no document {name} in the index; ids are what `fihris search` shows")
        nothing_found()
    if as_json:
        output.json_line(explanation.as_json())
    else:
        on_terminal = output.is_terminal(sys.stdout)
        for line in explanation.lines():
            indent = " " * (len(line) - len(line.lstrip(" ")))
            text = output.plain(line).strip()
            output.line(indent + (output.isolated_words(text) if on_terminal else text))
    if not explanation.parts:
        output.note(f"the query does not find {name}")
        nothing_found()
