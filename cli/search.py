"""`fihris search`: one query, or a file of queries."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from . import hits, output
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
    from ..search import Results

# As many as the searcher gives; written here so that the help need not load it.
MAX_LIMIT = 1000
MAX_OFFSET = 100_000

NOTES = {
    "cut": "the query is very long: only its beginning was searched",
    "too-deep": "the query has too many parentheses inside one another: some were passed over",
    "short-pattern": "a star beside a single letter does not count: type at least two letters",
    "unbalanced-parenthesis": "a parenthesis has no partner: it was passed over",
    "unbalanced-quote": "a quotation mark has no partner: it was passed over",
}

PARTIAL = (
    "this asks for more than one search reads, so documents may be missing; a longer pattern, or "
    "rarer words in quotes and beside NEAR, is searched in full"
)


@_command(
    examples="""
        fihris search army liberation
        fihris search جيش التحرير
        # Leave a word out
        fihris search Vlasov -Prague
        # Exact words in this order; mind the quotes around the quotes
        fihris search '"fought under German command"'
        # The second ten hits among the French documents
        fihris search --language fr --offset 10 armée
        # For programs
        fihris search --json armée | jq -r .title
        fihris search --topics topics.tsv --format trec > run.txt
        # army, armed forces, armée, جيش on a line: each finds the others
        fihris search --thesaurus synonyms.txt army
    """,
    context_settings=WORDS_WITH_DASHES,
)
@index_option
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(1, MAX_LIMIT),
    help=f"How many hits.  [default: 10; {MAX_LIMIT} with --topics]",
)
@click.option(
    "--offset",
    metavar="N",
    type=click.IntRange(0, MAX_OFFSET),
    default=0,
    show_default=True,
    help="How many of the best hits to pass over.",
)
@click.option(
    "--language", metavar="CODE", help="Only documents in this language: ar, fr, en, or its name."
)
@thesaurus_option
@json_option("one hit a line, nothing else on standard output")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Mark what was found; auto: on a terminal, unless NO_COLOR is set.",
)
@click.option(
    "--topics",
    metavar="FILE",
    help="Search many queries: a UTF-8 file with a number, a tab and a query on each line "
    "(a third column is passed over); - is standard input.",
)
@click.option(
    "--format",
    "run_format",
    type=click.Choice(["trec"]),
    help="With --topics: how the run is written.  [default: trec]",
)
@click.option(
    "--run", "run_name", metavar="NAME", help="With --topics: the run's name.  [default: fihris]"
)
@click.argument("words", metavar="[QUERY]...", nargs=-1, type=click.UNPROCESSED)
def command(
    folder: str,
    limit: int | None,
    offset: int,
    language: str | None,
    thesaurus: str,
    hierarchy: bool,
    as_json: bool,
    color: str,
    topics: str | None,
    run_format: str | None,
    run_name: str | None,
    words: tuple[str, ...],
) -> None:
    """Search the index.

    The words of QUERY need no quotes; words that begin with - are left out of what is found.
    docs/query-language.md says what else a query may hold. Hits go to standard output, remarks and
    totals to standard error. The status is 1 when nothing was found.
    """
    if topics is not None:
        if words or offset or language or as_json:
            raise click.UsageError(
                "--topics takes its queries from a file: leave out QUERY, --offset, --language "
                "and --json."
            )
        from .topics import search_topics

        synonyms = read_thesaurus(thesaurus, hierarchy)
        search_topics(folder, topics, limit or MAX_LIMIT, run_name or "fihris", synonyms)
        return
    if run_format or run_name:
        raise click.UsageError("--format and --run go with --topics.")
    if not words:
        raise click.UsageError("Missing argument 'QUERY...'.")
    from ..search import Searcher

    results = Searcher(folder, thesaurus=read_thesaurus(thesaurus, hierarchy)).search(
        given(" ".join(words)),
        limit=limit or 10,
        offset=offset,
        language=_language(given(language)) if language else None,
    )
    if as_json:
        for hit in results.hits:
            output.json_line(hit.as_json())
    else:
        _print(results, offset, color)
    _remark(results, offset, words)
    if not results.total:
        nothing_found()


def _language(name: str) -> str:
    from ..search.names import language_code

    code = language_code(name)
    # A language that no document has is nothing found, but a slip of the hand is told.
    if not (code.isascii() and code.isalpha() and len(code) in (2, 3)):
        raise click.UsageError(
            f"--language: {name!r} is no language; write ar, fr, en or another code of two or "
            "three letters."
        )
    return code


def _print(results: Results, offset: int, color: str) -> None:
    style = hits.Style(output.wants_colour(color), output.is_terminal(sys.stdout))
    for number, hit in enumerate(results.hits, offset + 1):
        for line in hits.lines(hit, number, style):
            output.line(line)
        output.line()


def _remark(results: Results, offset: int, words: tuple[str, ...]) -> None:
    for note in results.notes:
        output.note(NOTES.get(note, note))
    for word in words:
        if word.startswith("--") and len(word) > 2:
            output.note(f"{given(word)} is no option of this command: it was searched as a word")
    if results.partial:
        output.note(PARTIAL)
    if results.suggestion:
        output.note(f"did you mean: {results.suggestion}")
    output.note(total(results, offset))


def total(results: Results, offset: int) -> str:
    """How much was found, and which part of it was shown."""
    text = output.counted(results.total, "document") if results.total else "nothing"
    text = f"at least {text} found" if results.partial and results.total else f"{text} found"
    if results.total_similar:
        others = output.counted(results.total_similar, "other" if results.total else "document")
        text += f", {others} with similar words only"
    if results.hits and len(results.hits) < results.total + results.total_similar:
        text += f"; shown: {offset + 1:,} to {offset + len(results.hits):,}"
    return f"{text} ({results.took * 1000:.0f} ms)"
