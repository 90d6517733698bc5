"""Disks that fail: one that forgets what was not synced, and one that is full."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import IO

from fihris.indexer import StorageError
from fihris.indexer.storage import Folder


class _File:
    """A file whatever its name; `synced` is what of it would survive."""

    synced: bytes = b""


@dataclass(frozen=True)
class Outage:
    """What could be found after a power cut.

    Attributes:
        acknowledged: how many changes had been acknowledged by then.
        files: content by name.
    """

    acknowledged: int
    files: dict[str, bytes]

    def restore(self, path: Path) -> None:
        path.mkdir()
        for name, content in self.files.items():
            (path / name).write_bytes(content)


class ForgetfulFolder(Folder):
    """Notes at each step what a power cut just then could leave behind.

    Three kinds of disk: one that forgets all that was not synced; one that keeps every name but
    no content that was not synced; and one that keeps a random part of both.

    Attributes:
        acknowledged: to be counted up by the test.
        outages: the different things that could be found.
    """

    def __init__(self, path: Path, random: Random) -> None:
        super().__init__(path)
        self.acknowledged = 0
        self.outages: list[Outage] = []
        self._random = random
        self._seen: set[tuple[int, frozenset[tuple[str, bytes]]]] = set()
        self._names: dict[str, _File] = {}
        self._synced_names: dict[str, _File] = {}
        # What was done to names since they were synced: (name that goes, name that comes, file).
        self._pending: list[tuple[str, str, _File]] = []

    def create(self, name: str) -> IO[bytes]:
        file = super().create(name)
        self._step("", name, _File())
        return file

    def write(self, file: IO[bytes], data: bytes | memoryview) -> None:
        super().write(file, data)
        # Nothing is synced by it; now and then it is seen what a half written file would do.
        if self._random.random() < 0.02:
            self._note()

    def finish(self, file: IO[bytes]) -> None:
        super().finish(file)
        self._names[Path(file.name).name].synced = Path(file.name).read_bytes()
        self._note()

    def rename(self, old: str, new: str) -> None:
        super().rename(old, new)
        self._step(old, new, self._names[old])

    def remove(self, name: str) -> None:
        super().remove(name)
        self._step(name, "", _File())

    def sync_folder(self) -> None:
        super().sync_folder()
        self._synced_names, self._pending = dict(self._names), []
        self._note()

    def _step(self, gone: str, come: str, file: _File) -> None:
        self._pending.append((gone, come, file))
        self._names = _applied(self._names, [self._pending[-1]])
        self._note()

    def _note(self) -> None:
        kept = [step for step in self._pending if self._random.random() < 0.5]
        some = _applied(self._synced_names, kept)
        self._add({name: file.synced for name, file in self._synced_names.items()})
        self._add({name: file.synced for name, file in self._names.items()})
        self._add({name: file.synced or self._torn(name) for name, file in some.items()})

    def _torn(self, name: str) -> bytes:
        """The first part of a file that was not synced."""
        path = self.path / name
        content = path.read_bytes() if path.exists() else b""
        return content[: self._random.randrange(len(content) + 1)]

    def _add(self, files: dict[str, bytes]) -> None:
        key = (self.acknowledged, frozenset(files.items()))
        if key not in self._seen:
            self._seen.add(key)
            self.outages.append(Outage(self.acknowledged, files))


def _applied(names: dict[str, _File], steps: list[tuple[str, str, _File]]) -> dict[str, _File]:
    names = dict(names)
    for gone, come, file in steps:
        names.pop(gone, None)
        if come:
            names[come] = file
    return names


class FailingFolder(Folder):
    """A disk with room for so many more bytes, or one that dies after so many steps.

    Attributes:
        room: how many bytes fit.
        steps: how many steps work; without removal, a full disk still can remove.
        only: the one step that fails, for a disk that recovers.
        renamed: whether a commit's record has got its name.
    """

    def __init__(
        self, path: Path, room: int = 1 << 40, steps: int = 1 << 40, only: int = -1
    ) -> None:
        super().__init__(path)
        self.room, self.steps, self.only = room, steps, only
        self.taken = 0
        self.renamed = False

    def create(self, name: str) -> IO[bytes]:
        self._step()
        return super().create(name)

    def temporary(self, prefix: str) -> IO[bytes]:
        self._step()
        return super().temporary(prefix)

    def write(self, file: IO[bytes], data: bytes | memoryview) -> None:
        self._step()
        self.room -= len(data)
        if self.room < 0:
            raise StorageError("the disk is full")
        super().write(file, data)

    def finish(self, file: IO[bytes]) -> None:
        self._step()
        super().finish(file)

    def rename(self, old: str, new: str) -> None:
        self._step()
        super().rename(old, new)
        self.renamed = True

    def remove(self, name: str) -> None:
        self._step()
        super().remove(name)

    def sync_folder(self) -> None:
        self._step()
        super().sync_folder()

    def _step(self) -> None:
        self.taken += 1
        if self.taken > self.steps or self.taken == self.only:
            raise StorageError("the disk is dead")


def open_files() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))
