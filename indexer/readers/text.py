"""Plain text: the whole file is the text, its start is the title."""

from __future__ import annotations

from ..titles import guess_title
from .encoding import decode
from .parsed import Parsed


def read(data: bytes, where: str) -> Parsed:
    """Read a plain text; raises InputError when it is empty, binary or of unknown encoding."""
    text = decode(data, where)
    return Parsed(title=guess_title(text), text=text)
