"""Running the command: in this process, in one of its own, and on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from fihris.cli.app import fihris

FIHRIS = Path(sys.executable).parent / "fihris"


@dataclass
class Done:
    """What a command did: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def environment(**more: str) -> dict[str, str]:
    """The environment without what would change the command's ways."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NO_COLOR", "FIHRIS", "PYTHONIO", "PYTHONUTF8", "TMPDIR"))
    }
    return {**kept, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **more}


def call(*arguments: str | Path, stdin: str | None = None, **env: str) -> Done:
    """Runs the command in this process, where that shows the same and takes less time."""
    names = ("FIHRIS_INDEX", "FIHRIS_THESAURUS", "FIHRIS_DEBUG", "NO_COLOR")
    before: dict[str, str | None] = dict.fromkeys(names)
    result = CliRunner(env={**before, **env}).invoke(
        fihris, [str(each) for each in arguments], input=stdin, prog_name="fihris"
    )
    return Done(result.exit_code, result.stdout, result.stderr)


def run(*arguments: str | Path | bytes, env: Mapping[str, str] | None = None, **more: Any) -> Done:
    """Runs the command as a user does."""
    done = subprocess.run(
        [FIHRIS, *arguments],
        capture_output=True,
        env=environment(**(env or {})),
        timeout=60,
        check=False,
        **more,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_on_terminal(*arguments: str | Path, env: Mapping[str, str] | None = None) -> Done:
    """Runs the command on a pseudo-terminal; what is printed is in `out` as a person sees it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [FIHRIS, *arguments], stdout=theirs, stderr=theirs, env=environment(**(env or {}))
    )
    os.close(theirs)
    pieces = []
    try:
        while piece := os.read(ours, 65536):
            pieces.append(piece)
    except OSError:  # Linux's way to say that nobody writes to the terminal any more
        pass
    os.close(ours)
    return Done(process.wait(timeout=60), b"".join(pieces).decode(), "")
