"""Writes the help of every command into docs/command-line.md: python -m tests.cli.update_docs"""

from __future__ import annotations

import re
from pathlib import Path

import click
from fihris.cli.app import fihris

PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"

# A heading that is a command, and the text block below it that holds its help.
_BLOCK = re.compile(
    r"^(?P<head>#+ `fihris(?P<name>(?: [a-z-]+)?)`\n(?:(?!#).*\n)*?```text\n)"
    r"(?:(?!```).*\n)*(?=```\n)",
    re.M,
)


def help_of(name: str) -> str:
    """What `fihris NAME --help` prints on a terminal of 80 columns; of `fihris` itself for ""."""
    above = click.Context(fihris, info_name="fihris", terminal_width=80)
    if not name:
        return fihris.get_help(above)
    command = fihris.get_command(above, name)
    assert command is not None, f"docs/command-line.md names a command {name!r} that is not there"
    return command.get_help(click.Context(command, above, name, terminal_width=80))


def updated(page: str) -> tuple[str, list[str]]:
    """The page with the help as it is now, and the commands whose help it holds."""
    names = [match["name"].strip() for match in _BLOCK.finditer(page)]
    return _BLOCK.sub(
        lambda match: match["head"] + help_of(match["name"].strip()) + "\n", page
    ), names


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text("utf-8"))[0], "utf-8")
