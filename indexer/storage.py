"""The folder of an index: files that are on the disk when we say so, and one writer at a time.

Everything that an index writes goes through `Folder`, so that tests can put a disk in its place
that forgets what was not synced, or that is full.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

import msgspec
from whoosh.filedb.filestore import FileStorage

from .errors import IndexLocked, StorageError

# Bytes read at a time.
_PIECE = 1 << 20


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

    def list(self) -> list[str]:
        """The names in the folder; none when it is not there."""
        with _disk_errors(self.path), contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return [entry.name for entry in self.path.iterdir()]
        return []

    def make(self) -> None:
        """Makes the folder and those above it where there are none."""
        with _disk_errors(self.path):
            missing = [path for path in (self.path, *self.path.parents) if not path.exists()]
            self.path.mkdir(parents=True, exist_ok=True)
            for path in missing:
                _sync_folder(path.parent)

    def create(self, name: str) -> IO[bytes]:
        """Opens a new file for writing, in place of one of that name."""
        with _disk_errors(self.path / name):
            return (self.path / name).open("wb")

    def temporary(self, prefix: str) -> IO[bytes]:
        """Opens a file without a name for writing and `read_back`; it is gone once it is closed.

        Args:
            prefix: where a file must have a name for a moment, this is how it begins.
        """
        with _disk_errors(self.path):
            return tempfile.TemporaryFile(prefix=prefix, dir=self.path)

    def write(self, file: IO[bytes], data: bytes | memoryview) -> None:
        """Writes data to a file of `create` or `temporary`."""
        try:  # called for every document, so that nothing is prepared for the worst case
            file.write(data)
        except OSError as error:
            raise _named(error, self._path_of(file)) from error

    def read_back(self, file: IO[bytes], sizes: Iterable[int]) -> Iterator[bytes]:
        """What was written to a file of `temporary`, in pieces of these sizes, in bytes."""
        with _disk_errors(self._path_of(file)):
            file.seek(0)
        for size in sizes:
            with _disk_errors(self._path_of(file)):
                piece = file.read(size)
            yield piece

    def finish(self, file: IO[bytes]) -> None:
        """Closes a file of `create`; when this returns, all that was written is on the disk."""
        with _disk_errors(self._path_of(file)):
            file.flush()
            os.fsync(file.fileno())
            file.close()

    def discard(self, file: IO[bytes]) -> None:
        """Closes and removes a file of `create`, finished or not. Raises nothing: when the disk
        fails, the file stays for the next writer to remove."""
        with contextlib.suppress(OSError):
            file.close()
        with contextlib.suppress(StorageError):
            self.remove(self._path_of(file).name)

    def sync_folder(self) -> None:
        """Returns when the names of the folder (created, renamed, removed) are on the disk."""
        with _disk_errors(self.path):
            _sync_folder(self.path)

    def rename(self, old: str, new: str) -> None:
        """Gives a file its new name, in place of one of that name, in one step."""
        with _disk_errors(self.path / new):
            (self.path / old).replace(self.path / new)

    def remove(self, name: str) -> None:
        """Removes a file; one that is gone already is no error."""
        with _disk_errors(self.path / name):
            (self.path / name).unlink(missing_ok=True)

    def stamp(self, name: str, progress: Callable[[int], object] | None = None) -> FileStamp:
        """Reads a whole file and gives its size and checksum. Raises OSError.

        Args:
            progress: called with the size of each piece that was read.
        """
        size = checksum = 0
        with (self.path / name).open("rb") as file:
            while data := file.read(_PIECE):
                checksum = zlib.crc32(data, checksum)
                size += len(data)
                if progress:
                    progress(len(data))
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
            try:
                yield
            finally:
                # Closing is not enough: a forked process may hold the file open as well.
                fcntl.flock(handle, fcntl.LOCK_UN)
        finally:
            os.close(handle)

    def _path_of(self, file: IO[bytes]) -> Path:
        return Path(file.name) if isinstance(file.name, str) else self.path


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _named(error, path) from error


def _named(error: OSError, path: Path) -> StorageError:
    advice = {
        errno.ENOSPC: "the disk is full; make room and run the command again",
        errno.EDQUOT: "the disk quota is used up; make room and run the command again",
        errno.EROFS: "the disk is read-only",
        errno.EACCES: "permission denied; run as a user who may read and write there",
    }.get(error.errno or 0, error.strerror or str(error))
    return StorageError(f"{path}: {advice} (the index is as it was at its last commit)")
