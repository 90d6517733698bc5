"""A file of named numpy arrays: written in one go or streamed, mapped when read.

Layout: an 8-byte magic, the arrays one after another on 64-byte borders, a JSON footer
`{name: [dtype, length, offset]}`, then the footer's length and CRC-32 (little-endian uint32 each)
and the magic again. A file cut short or of another kind is told at once by its end; a changed byte
elsewhere is found by the whole file's checksum, which the commit record holds. Small arrays stand
last: all that opening reads is at the end, on a page or two.
"""

from __future__ import annotations

import contextlib
import mmap
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Self

import msgspec
import numpy as np

from .errors import IndexDamaged
from .storage import FileStamp, Folder

Array = np.ndarray[Any, np.dtype[Any]]

_MAGIC = b"FIHRIS1\n"
_TAIL = struct.Struct("<II8s")
_ALIGNMENT = 64
# Arrays of no more bytes stand last.
_SMALL = 64
# Numbers and truth values of fixed size, least significant byte first.
_DTYPE = re.compile(r"[<|][ui][1248]|\|b1")


class ArrayWriter:
    """Writes one array file into a folder. Call `close()`, or `abort()` to leave nothing; in a
    `with` block an exception aborts."""

    def __init__(self, folder: Folder, name: str) -> None:
        self.name = name
        self._folder = folder
        self._file = folder.create(name)
        self._offset = 0
        self._checksum = 0
        self._footer: dict[str, tuple[str, int, int]] = {}
        self._last = ""
        self._small: dict[str, Array] = {}
        self._streams: list[ArrayStream] = []
        self._scratches: list[ArrayStream] = []
        try:
            self._put(_MAGIC)
        except BaseException:
            self.abort()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.abort()

    def add(self, name: str, array: Array) -> None:
        """Writes a whole array of one dimension."""
        if array.nbytes <= _SMALL:
            self._small[name] = array.copy()
        else:
            self._put_whole(name, array)

    def _put_whole(self, name: str, array: Array) -> None:
        self.begin(name, array.dtype)
        self.extend(array)

    def begin(self, name: str, dtype: np.dtype[Any]) -> None:
        """Begins an array whose parts are added by `extend`, until another one is begun."""
        self._put(bytes(-self._offset % _ALIGNMENT))
        self._last = name
        self._footer[name] = (dtype.newbyteorder("<").str, 0, self._offset)

    def extend(self, part: Array) -> None:
        """Adds to the array that was begun last; of larger numbers the low bits."""
        dtype, length, offset = self._footer[self._last]
        self._footer[self._last] = (dtype, length + len(part), offset)
        self._put(np.ascontiguousarray(part, dtype).data.cast("B"))

    def stream(self, name: str, least: type[np.unsignedinteger] = np.uint8) -> ArrayStream:
        """An array of whole numbers from 0 on whose parts come bit by bit; several may be open at
        a time. Its type is the smallest one that holds them all, but not below the least one."""
        stream = ArrayStream(name, np.dtype(least), self._folder, f"{self.name}.")
        self._streams.append(stream)
        return stream

    def scratch(self) -> ArrayStream:
        """A stream that is no array of the file: what is worked out of it is written instead."""
        stream = ArrayStream("", np.dtype(np.uint8), self._folder, f"{self.name}.")
        self._scratches.append(stream)
        return stream

    def close(self) -> FileStamp:
        """Finishes the file and brings it to the disk."""
        for stream in self._streams:
            self.begin(stream.name, stream.dtype)
            for part in stream.parts():
                self.extend(part)
            stream.close()
        for name, array in self._small.items():
            self._put_whole(name, array)
        footer = msgspec.json.encode(self._footer)
        self._put(footer)
        self._put(_TAIL.pack(len(footer), zlib.crc32(footer), _MAGIC))
        self._folder.finish(self._file)
        return FileStamp(self._offset, self._checksum)

    def abort(self) -> None:
        """Removes what was written, finished or not."""
        for stream in (*self._streams, *self._scratches):
            stream.close()
        self._folder.discard(self._file)

    def _put(self, data: bytes | memoryview) -> None:
        self._folder.write(self._file, data)
        self._checksum = zlib.crc32(data, self._checksum)
        self._offset += len(data)


class ArrayStream:
    """One array of an `ArrayWriter` that grows; kept in an unnamed file until the writer closes.

    Attributes:
        dtype: the type that all parts so far fit into.
        length: of all of them.
    """

    def __init__(self, name: str, least: np.dtype[Any], folder: Folder, prefix: str) -> None:
        self.name, self.dtype = name, least
        self.length = 0
        self._folder = folder
        self._file = folder.temporary(prefix)
        self._parts: list[tuple[np.dtype[Any], int]] = []

    def append(self, array: Array) -> None:
        """Adds a part at the end."""
        part = np.ascontiguousarray(array, np.min_scalar_type(int(array.max(initial=0))))
        self._folder.write(self._file, part.data.cast("B"))
        self._parts.append((part.dtype, part.nbytes))
        self.dtype = max(self.dtype, part.dtype)
        self.length += len(part)

    def parts(self) -> Iterator[Array]:
        """All that was added, part by part."""
        pieces = self._folder.read_back(self._file, [size for _, size in self._parts])
        for (written, _), piece in zip(self._parts, pieces, strict=True):
            yield np.frombuffer(piece, written).astype(self.dtype, copy=False)

    def close(self) -> None:
        """Lets go of the array."""
        # What a full disk did not take is of no use any more.
        with contextlib.suppress(OSError):
            self._file.close()


class ArrayFile:
    """The arrays of a file, mapped into memory: `file["name"]` is read-only and copies nothing.

    Attributes:
        path: of the file.
        data: all bytes of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self.data = _map(file)
        except OSError as error:
            raise IndexDamaged.unreadable(path, error) from error
        except ValueError as error:
            raise self.damaged(f"cannot be read ({error})") from error
        self._arrays: dict[str, Array] = {}
        self._footer = self._read_footer()

    def __getitem__(self, name: str) -> Array:
        array = self._arrays.get(name)
        if array is None:
            dtype, length, offset = self._footer.get(name, ("", 0, 0))
            if not _DTYPE.fullmatch(dtype) or length < 0 or offset < 0:
                raise self.damaged(f"has no array {name!r} that this Fihris can read")
            try:
                array = np.frombuffer(self.data, np.dtype(dtype), length, offset)
            except (ValueError, OverflowError) as error:
                raise self.damaged(f"has less than its array {name!r} takes") from error
            self._arrays[name] = array
        return array

    def __contains__(self, name: str) -> bool:
        return name in self._footer

    def names(self) -> list[str]:
        """The arrays that the file holds."""
        return list(self._footer)

    def _read_footer(self) -> dict[str, tuple[str, int, int]]:
        size = len(self.data)
        if size >= len(_MAGIC) + _TAIL.size:
            length, checksum, magic = _TAIL.unpack(self.data[size - _TAIL.size : size])
            start = size - _TAIL.size - length
            if magic == _MAGIC and start > 0:
                footer = self.data[start : size - _TAIL.size]
                if zlib.crc32(footer) == checksum:
                    with contextlib.suppress(msgspec.DecodeError, ValueError):
                        return msgspec.json.decode(footer, type=dict[str, tuple[str, int, int]])
        raise self.damaged("is cut short or altered")

    def damaged(self, what: str) -> IndexDamaged:
        """The error that says so of the file."""
        return IndexDamaged(self.path, what)


def _map(file: IO[bytes]) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
