"""The command that holds the others, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

import click
from click.exceptions import Abort, Exit

from .output import ClosedOutput, flush, note, prepare, printing

#: The commands in the order of the help; each has the module of its name.
COMMANDS = (
    "index",
    "search",
    "serve",
    "stats",
    "check",
    "analyze",
    "explain",
    "suggest",
    "delete",
    "optimize",
    "rebuild-lexicon",
    "completion",
)

_REPORT = "please report it, with what you did; FIHRIS_DEBUG=1 shows where it happened"


class Fihris(click.Group):
    """Imports a command when it is asked for, and turns errors into one line and a status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return import_module(f".{cmd_name.replace('-', '_')}", __package__).command

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        prepare()
        with _errors_told(), printing():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _errors_told(ctx.params["debug"]):
            return super().invoke(ctx)


@contextmanager
def _errors_told(debug: bool = False) -> Iterator[None]:
    try:
        try:
            yield
        finally:
            flush()
    except (Exit, Abort):
        raise
    except click.ClickException as error:
        # click would end with another status where it cannot print this.
        with suppress(OSError):
            error.show()
        raise Exit(error.exit_code) from None
    except ClosedOutput:
        raise Exit(0) from None
    except KeyboardInterrupt:
        raise Exit(130) from None
    except Exception as error:  # noqa: BLE001 (a traceback is no answer to a librarian)
        if debug or os.environ.get("FIHRIS_DEBUG", "0") not in ("", "0"):
            import traceback

            with suppress(OSError):
                traceback.print_exc(file=sys.stderr)
        note(_message(error))
        raise Exit(2) from None


def _message(error: Exception) -> str:
    from ..indexer.errors import FihrisError

    if isinstance(error, FihrisError):
        return f"fihris: {error}"
    if isinstance(error, MemoryError):
        return "fihris: there is not enough memory; close other programs, or use fewer --jobs"
    return f"fihris: an error that should not happen: {type(error).__name__}: {error}; {_REPORT}"


@click.group(
    cls=Fihris,
    context_settings={"max_content_width": 100},
    epilog="Exit status: 0 found or done, 1 nothing found, 2 error, 130 interrupted. "
    "`fihris COMMAND --help` says more of a command, with examples.",
)
@click.option(
    "--index",
    metavar="DIR",
    help="The folder of the index, for every command (also behind its name).",
)
@click.option("--debug", is_flag=True, help="Show where an error happened (also FIHRIS_DEBUG=1).")
@click.version_option(package_name="fihris", message="%(prog)s %(version)s")
def fihris(index: str | None, debug: bool) -> None:
    """Search texts in Arabic, French, English and other languages.

    Index a folder once, then search it:

    \b
      fihris index letters/
      fihris search armée
    """
