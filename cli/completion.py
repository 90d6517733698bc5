"""`fihris completion`: a script by which a shell completes commands and options."""

from __future__ import annotations

import click

from . import output
from .command import command as _command


@_command(
    examples="""
        # In ~/.bashrc
        eval "$(fihris completion bash)"
        # In ~/.zshrc
        eval "$(fihris completion zsh)"
        # Once, for fish
        fihris completion fish > ~/.config/fish/completions/fihris.fish
    """
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete what is typed."""
    from click.shell_completion import get_completion_class

    make = get_completion_class(shell)
    assert make is not None
    script = make(ctx.find_root().command, {}, "fihris", "_FIHRIS_COMPLETE").source()
    output.line(script.rstrip("\n"))
