"""A program that makes changes to indexes in processes which are killed meanwhile.

Reads lines of "seed TAB count TAB folder". For each it forks a process that makes the changes and
prints the number of each one that was acknowledged; it prints "pid N", and "end" once that is gone.
"""

from __future__ import annotations

import os
import sys
import tempfile

from fihris.indexer import Index

from .changes import changes


def say(line: str) -> None:
    """Prints a line in one write, so that those of two processes never mix and none is half."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        # What is loaded at the first use is loaded before any process is forked.
        changes(0, 1)[0].make(Index.create(folder))
    for line in sys.stdin:
        seed, count, folder = line.rstrip("\n").split("\t")
        pid = os.fork()
        if not pid:
            index = Index.create(folder)
            say("0")
            for number, change in enumerate(changes(int(seed), int(count)), 1):
                change.make(index)
                say(str(number))
            os._exit(0)
        say(f"pid {pid}")
        os.waitpid(pid, 0)
        say("end")


if __name__ == "__main__":
    main()
