"""docs/command-line.md holds the help of every command as it is now."""

from __future__ import annotations

from fihris.cli.app import COMMANDS

from .update_docs import PAGE, help_of, updated


def test_the_help_is_that_of_the_commands() -> None:
    page = PAGE.read_text("utf-8")
    assert page == updated(page)[0], "run: python -m tests.cli.update_docs"


def test_no_command_is_left_out() -> None:
    page = PAGE.read_text("utf-8")
    assert updated(page)[1] == ["", *COMMANDS]
    for name in COMMANDS:
        assert help_of(name).strip() in page


def test_a_change_would_be_seen() -> None:
    page = PAGE.read_text("utf-8")
    changed = page.replace("Show the version and exit.", "Show nothing.")
    assert changed != page
    assert updated(changed)[0] == page
