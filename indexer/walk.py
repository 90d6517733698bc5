"""Finding the files to index."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from .errors import InputError
from .found import Found, Skipped, shown
from .readers import reader_for

Item = Found | Skipped | InputError


def walk(paths: Sequence[str | Path]) -> Iterator[Item]:
    """The files at and below some paths, those of a folder in the order of their names.

    A file named in `paths` is taken whatever its name. In folders, hidden files and folders (.name)
    are not looked at, and files of a format that has no reader are passed over. What cannot be read
    gives an InputError in its place.
    """
    for path in paths:
        yield from _walk_one(Path(path))


def _walk_one(path: Path) -> Iterator[Item]:
    # abspath, unlike Path.resolve, keeps the name of a link and still gives "." its folder's.
    name = Path(os.path.abspath(path)).name  # noqa: PTH100
    try:
        status = path.stat()
        root = shown(os.path.realpath(path))
    except FileNotFoundError:
        yield InputError(shown(path), "does not exist", "check the spelling of the path")
        return
    except (OSError, ValueError) as error:
        yield _unreadable(path, error)
        return
    if not stat.S_ISDIR(status.st_mode):
        yield _file(path, root, name, status, taken=True)
        return
    # Folders being read, the outermost first, each with what marks it as itself.
    open_folders = [(_entries(path), shown(name), (status.st_dev, status.st_ino))]
    while open_folders:
        entries, prefix, _ = open_folders[-1]
        entry = next(entries, None)
        if entry is None:
            open_folders.pop()
            continue
        if isinstance(entry, InputError):
            yield entry
            continue
        identity = f"{prefix}/{shown(entry.name)}" if prefix else shown(entry.name)
        try:
            status = entry.stat()
        except OSError as error:
            yield _unreadable(entry, error)
            continue
        if not stat.S_ISDIR(status.st_mode):
            taken = reader_for(entry.name) is not None
            yield _file(entry, root, identity, status, taken=taken)
            continue
        mark = (status.st_dev, status.st_ino)
        if any(mark == other for _, _, other in open_folders):
            yield InputError(shown(entry), "is a link to a folder that holds it", "remove the link")
            continue
        open_folders.append((_entries(entry), identity, mark))


def _entries(folder: Path) -> Iterator[Path | InputError]:
    """What a folder holds, in the order of names, without what is hidden."""
    try:
        names = sorted(os.listdir(folder), key=os.fsencode)  # noqa: PTH208
    except OSError as error:
        yield _unreadable(folder, error)
        return
    for name in names:
        if not name.startswith("."):
            yield folder / name


def _file(path: Path, root: str, identity: str, status: os.stat_result, *, taken: bool) -> Item:
    if not stat.S_ISREG(status.st_mode):
        return Skipped(path, root, "not a file but a pipe, socket or device")
    if not taken:
        return Skipped(path, root, f"no reader for {shown(path.suffix) or 'files without suffix'}")
    return Found(path, root, shown(identity), status.st_size, status.st_mtime_ns)


def _unreadable(path: Path, error: OSError | ValueError) -> InputError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return InputError(shown(path), f"cannot be read ({reason})", "check its permissions")
