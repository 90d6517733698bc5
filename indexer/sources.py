"""What there is to index: each file once, however it is reached, and never the index itself."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from .errors import InputError
from .found import Found, Skipped, shown
from .walk import walk

_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


class Source(msgspec.Struct, frozen=True):
    """A file to index, and the path that it is remembered by."""

    found: Found
    origin: str


class Unread(msgspec.Struct, frozen=True):
    """A file or folder that could not be read.

    Attributes:
        error: what is to be said of it.
        origins: what is remembered of it, or below it, is not to be taken for gone.
    """

    error: InputError
    origins: tuple[str, ...] = ()


class Sources:
    """The files at and below some paths; may be gone through more than once.

    Args:
        paths: files and folders.
        index: the folder of the index, which is passed over wherever it lies.

    Attributes:
        roots: the paths, by what the origins of their files begin with.
        counts: how many files were found for each real path that was asked for, the last time.
    """

    def __init__(self, paths: Sequence[Path], index: Path) -> None:
        self._paths, self._index = paths, _real(index)
        self.roots = {_root(path): path for path in paths}
        self.counts: dict[str, int] = {}
        self._seen: set[bytes] = set()

    def __iter__(self) -> Iterator[Source | Skipped | Unread]:
        self.counts, self._seen = {}, set()
        # Neighbours share their folder, and looking a path up takes longer than reading a name.
        folder, real = Path(), _real(Path())
        for item in walk(self._paths):
            if isinstance(item, InputError):
                unread = self._unread(item)
                if not any(self._in_index(origin) for origin in unread.origins):
                    yield unread
                continue
            if item.path.parent != folder:
                folder, real = item.path.parent, _real(item.path.parent)
            origin = shown(os.path.join(real, shown(item.path.name)))  # noqa: PTH118
            if self._in_index(origin):
                continue
            if isinstance(item, Found):
                self.counts[item.root] = self.counts.get(item.root, 0) + 1
            if not self.was_seen(origin):
                self._seen.add(_digest(origin))
                yield item if isinstance(item, Skipped) else Source(item, origin)

    def was_seen(self, origin: str) -> bool:
        """Whether the file was found, the last time."""
        return _digest(origin) in self._seen

    def _in_index(self, origin: str) -> bool:
        return is_below(origin, self._index)

    def _unread(self, error: InputError) -> Unread:
        if any(_is_gone(path) for path in self._paths if shown(path) == error.where):
            # That nothing is removed for this is seen to elsewhere.
            return Unread(error)
        origin, real = origin_of(Path(error.where)), _real(Path(error.where))
        # A link to a folder that holds it says nothing of that folder.
        return Unread(error, (origin,) if is_below(origin, real) else (origin, real))


def origin_of(path: Path) -> str:
    """The path by which a file is remembered: its folder's real path and its own name."""
    if path.name in ("", ".."):
        return _real(path)
    return shown(os.path.join(_real(path.parent), shown(path.name)))  # noqa: PTH118


def is_below(origin: str, folder: str) -> bool:
    """Whether a path is that of a folder or of something in it."""
    return origin == folder or origin.startswith(folder.rstrip("/") + "/")


def is_there(origin: str) -> bool:
    """Whether there is a file that is remembered by this path."""
    # Each \xNN may stand for a byte that is not UTF-8, or for a control character.
    raw = _ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), origin.encode())
    # Path.exists raises when it may not look.
    return os.path.exists(origin) or os.path.exists(raw)  # noqa: PTH110


def _is_gone(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _root(path: Path) -> str:
    """What the origins of a path's files begin with."""
    return origin_of(path) if os.path.isfile(path) else _real(path)  # noqa: PTH113


def _real(path: Path) -> str:
    try:
        return shown(os.path.realpath(path))
    except ValueError:
        return shown(path)  # with a zero byte in it, it is no path


def _digest(origin: str) -> bytes:
    return hashlib.blake2b(origin.encode(), digest_size=16).digest()
