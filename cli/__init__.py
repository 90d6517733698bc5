"""The `fihris` command: thin wrappers over the public functions of the library.

A module is imported only when its command runs, and what a command needs only when it is run, so
that `fihris --help` answers at once and a search loads nothing of the web part.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings

# A search makes no garbage to speak of, but with its imports so many objects that they would be
# looked through a hundred times; so many may come before they are. A server goes back to what is
# usual.
_OBJECTS, USUAL = 100_000, gc.get_threshold()


def main() -> None:
    """Runs what `sys.argv` asks for and exits: 0 done or found, 1 nothing found, 2 error, 130
    interrupted."""
    gc.set_threshold(_OBJECTS)
    # Who reads them does not want to know in which line of the program they arose.
    warnings.formatwarning = lambda message, *_, **__: f"fihris: {message}\n"
    # numpy's library for matrices starts a thread for each core, and nothing here asks it for any.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from .app import fihris

        fihris(prog_name="fihris")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        # Nor is it worth looking through them before they go with the process.
        gc.freeze()
