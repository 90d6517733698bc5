"""The folder of an index: files that are on the disk when we say so, and one writer at a time.

Everything that an index writes goes through `Folder`, so that tests can put a disk in its place
that forgets what was not synced, or that is full.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from whoosh.filedb.filestore import FileStorage

from .errors import IndexLocked, StorageError

_CHECK_SIZE = 1 << 20


class FileStamp(msgspec.Struct, frozen=True, array_like=True):
    """What the commit record remembers of a file.

    Attributes:
        size: in bytes.
        checksum: CRC-32 of all of it.
    """

    size: int
    checksum: int


class Folder(FileStorage):
    """A folder on disk, as Whoosh's storage, with the steps that make a commit last."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(os.fspath(path))
        self.path = Path(path)

    def create(self, name: str) -> BinaryIO:
        """Opens a new file for writing, in place of one of that name."""
        with _disk_errors(self.path / name):
            return (self.path / name).open("wb")

    def write(self, file: BinaryIO, data: bytes | memoryview) -> None:
        """Writes data to a file of `create`."""
        with _disk_errors(Path(file.name)):
            file.write(data)

    def sync(self, file: BinaryIO) -> None:
        """Returns when all that was written to the file is on the disk."""
        with _disk_errors(Path(file.name)):
            file.flush()
            os.fsync(file.fileno())

    def sync_folder(self) -> None:
        """Returns when the names of the folder (created, renamed, removed) are on the disk."""
        with _disk_errors(self.path):
            handle = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def rename(self, old: str, new: str) -> None:
        """Gives a file its new name, in place of one of that name, in one step."""
        with _disk_errors(self.path / new):
            (self.path / old).replace(self.path / new)

    def remove(self, name: str) -> None:
        """Removes a file; one that is gone already is no error."""
        with _disk_errors(self.path / name):
            (self.path / name).unlink(missing_ok=True)

    def stamp(self, name: str) -> FileStamp:
        """Reads a whole file and gives its size and checksum. Raises OSError."""
        size = checksum = 0
        with (self.path / name).open("rb") as file:
            while data := file.read(_CHECK_SIZE):
                checksum = zlib.crc32(data, checksum)
                size += len(data)
        return FileStamp(size, checksum)

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Holds the folder's lock of that name; raises IndexLocked at once when another does.

        The kernel lets go of the lock when the process ends, however it ends.
        """
        with _disk_errors(self.path / name):
            handle = os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise IndexLocked(
                    f"{self.path}: another process is writing to this index; "
                    "wait until it has finished, or stop it"
                ) from None
            yield
        finally:
            os.close(handle)


@contextlib.contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        advice = {
            errno.ENOSPC: "the disk is full; make room and run the command again",
            errno.EDQUOT: "the disk quota is used up; make room and run the command again",
            errno.EROFS: "the disk is read-only",
            errno.EACCES: "permission denied; run as a user who may write there",
        }.get(error.errno or 0, error.strerror or str(error))
        raise StorageError(
            f"{path}: {advice} (the index is as it was at its last commit)"
        ) from error
