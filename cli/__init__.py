"""The `fihris` command: thin wrappers over the public functions of the library.

A module is imported only when its command runs, and what a command needs only when it is run, so
that `fihris --help` answers at once and a search loads nothing of the web part.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Runs what `sys.argv` asks for and exits: 0 done or found, 1 nothing found, 2 error, 130
    interrupted."""
    try:
        from .app import fihris
    except KeyboardInterrupt:
        sys.exit(130)
    fihris(prog_name="fihris")
