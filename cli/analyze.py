"""`fihris analyze`: what the words of a text stand for."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from . import output
from .command import (
    WORDS_WITH_DASHES,
    given,
    index_option,
    json_option,
    nothing_found,
    read_thesaurus,
    thesaurus_option,
)
from .command import command as _command

if TYPE_CHECKING:
    from ..search.analysis import TermView, WordView

# So many words of the index are listed a layer.
_SHOWN = 12


@_command(
    examples="""
        fihris analyze L’armée
        fihris analyze وللجيش
        fihris analyze --thesaurus synonyms.txt red cross
        fihris analyze --json army | jq .stems
    """,
    context_settings=WORDS_WITH_DASHES,
)
@index_option
@thesaurus_option
@json_option("one word a line, or one term of several")
@click.argument("words", metavar="TEXT...", nargs=-1, required=True, type=click.UNPROCESSED)
def command(
    folder: str, thesaurus: str, hierarchy: bool, as_json: bool, words: tuple[str, ...]
) -> None:
    """Show what each word of TEXT is searched as.

    Its forms without accents, its stems and roots, and the words of the index that it finds, by
    how they are related to it, each with the number of documents that hold it. With a thesaurus
    also the terms of several words that stand in TEXT, and synonyms of several words, each with
    the number of documents that hold its words side by side. The status is 1 when TEXT holds no
    word.
    """
    from ..search import Searcher

    searcher = Searcher(folder, thesaurus=read_thesaurus(thesaurus, hierarchy))
    views = searcher.analyze(given(" ".join(words)))
    on_terminal = output.is_terminal(sys.stdout)
    for view in views:
        if as_json:
            output.json_line(view.as_json())
            continue
        for text in _lines(view):
            output.line(output.isolated_words(text) if on_terminal else text)
        output.line()
    if not views:
        nothing_found()


def _lines(view: WordView | TermView) -> Iterator[str]:
    from ..search.analysis import TermView

    if isinstance(view, TermView):
        yield view.term
        yield "    a term of the thesaurus"
        yield _row("side by side", [(view.term, view.documents)])
        yield _row("synonym", view.synonyms)
        return
    yield view.word
    if view.folded != view.word:
        yield f"    without accents or marks: {view.folded}"
    for name, table in (("stem", view.stems), ("root", view.roots)):
        if table:
            yield f"    {name}: " + ", ".join(f"{word} ({code})" for code, word in table.items())
    if view.correction:
        yield f"    not in the index; perhaps meant: {view.correction}"
    for layer, variants in groupby(view.variants, key=lambda variant: variant[1]):
        yield _row(layer, [(word, documents) for word, _, _, documents in variants])
    if view.synonyms:
        yield _row("synonym of several words", view.synonyms)
    elif not view.variants:
        yield "    finds nothing in the index"


def _row(layer: str, found: Sequence[tuple[str, int]]) -> str:
    """What is found in one way, each with its number of documents."""
    named = ", ".join(f"{word} {documents:,}" for word, documents in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    return f"    finds ({layer}): {named}{more}"
