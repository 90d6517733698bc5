"""What a search for files turns up."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

_CONTROL = re.compile(r"[\0-\x1f\x7f-\x9f]")


class Found(msgspec.Struct, frozen=True):
    """A file to index.

    Attributes:
        path: where it is.
        root: the real path of the folder (or file) that was asked for and led here.
        id: its path from the parent of what was asked for, with / between the parts; bytes of a
            name that are no UTF-8, and control characters, are shown as \\xNN.
        size: in bytes.
        mtime_ns: when it was changed, in nanoseconds since 1970.
    """

    path: Path
    root: str
    id: str
    size: int
    mtime_ns: int

    @property
    def where(self) -> str:
        """The path as it can be shown in an error."""
        return shown(self.path)


class Skipped(msgspec.Struct, frozen=True):
    """A file that is passed over, which is no error, and why."""

    path: Path
    root: str
    reason: str


def shown(path: str | Path) -> str:
    """A path or name as text that can be stored and printed, undecodable bytes as \\xNN."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda c: f"\\x{ord(c[0]):02x}", text)
