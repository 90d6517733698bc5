"""The names of the files of an index."""

from __future__ import annotations

import secrets

#: Whoosh's name of the one index in a folder; every file begins with it.
INDEX_NAME = "MAIN"


def new_segment_id() -> str:
    """A name for a segment that no other has."""
    return f"{INDEX_NAME}_{secrets.token_hex(8)}"
