"""What the commands have in common: examples in their help, and the options that several take."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click
from click.exceptions import Exit

from . import output

if TYPE_CHECKING:
    from ..search import Thesaurus

DEFAULT_INDEX = "fihris-index"

#: Words of a query may begin with "-": what is no option is a word.
WORDS_WITH_DASHES: dict[str, Any] = {"ignore_unknown_options": True}

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Command(click.Command):
    """A command whose help ends with examples.

    Args:
        examples: what to type, one a line; a line that begins with "#" explains the next.
    """

    def __init__(self, *args: Any, examples: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.examples = inspect.cleandoc(examples).splitlines()

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with output.printing():
            return super().make_context(*args, **extra)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        with formatter.section("Examples"):
            for line in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")


def command(examples: str, **settings: Any) -> Callable[[Callable[..., Any]], Command]:
    """Makes a function a command; its name is that of its module."""

    def decorate(function: Callable[..., Any]) -> Command:
        name = function.__module__.rpartition(".")[2].replace("_", "-")
        return click.command(name, cls=Command, examples=examples, **settings)(function)

    return decorate


def index_option(function: _Function) -> _Function:
    """Adds --index, which may also stand before the command's name."""
    return click.option(
        "--index",
        "folder",
        metavar="DIR",
        callback=_index_folder,
        help=f"The folder of the index.  [default: $FIHRIS_INDEX, else {DEFAULT_INDEX}]",
    )(function)


def _index_folder(ctx: click.Context, _: click.Parameter, value: str | None) -> str:
    before = ctx.find_root().params.get("index")
    return value or before or os.environ.get("FIHRIS_INDEX") or DEFAULT_INDEX


def thesaurus_option(function: _Function) -> _Function:
    """Adds --thesaurus, the file of synonyms, and what of it counts, for `read_thesaurus`."""
    file = click.option(
        "--thesaurus",
        metavar="FILE",
        callback=_thesaurus_file,
        help="Search synonyms too: a UTF-8 file with a group of terms, parted by commas, on each "
        "line, or SKOS (.rdf, .xml, .ttl).  [default: $FIHRIS_THESAURUS]",
    )
    hierarchy = click.option(
        "--thesaurus-hierarchy",
        "hierarchy",
        is_flag=True,
        help="Broader and narrower concepts of SKOS are synonyms too.",
    )
    return file(hierarchy(function))


def _thesaurus_file(_ctx: click.Context, _: click.Parameter, value: str | None) -> str:
    return os.environ.get("FIHRIS_THESAURUS", "") if value is None else value


def read_thesaurus(file: str, hierarchy: bool) -> Thesaurus | None:
    """The thesaurus of a file, None of ""; says what of it is passed over. Raises FihrisError."""
    if not file:
        return None
    from ..search import Thesaurus

    thesaurus = Thesaurus.read(file, hierarchy=hierarchy)
    for note in thesaurus.notes:
        output.note(note)
    return thesaurus


def json_option(what: str) -> Callable[[_Function], _Function]:
    """Adds --json; `what` says what stands on a line."""
    return click.option("--json", "as_json", is_flag=True, help=f"JSON Lines: {what}.")


def given(text: str) -> str:
    """A text given as an argument, without what is not UTF-8."""
    return os.fsencode(text).decode("utf-8", "replace")


def given_id(text: str) -> str:
    """A document's id given as an argument; like in ids of files, bytes that are not UTF-8 become
    \\xNN."""
    return os.fsencode(text).decode("utf-8", "backslashreplace")


def nothing_found() -> NoReturn:
    """Ends the command with the status that says so."""
    raise Exit(1)
