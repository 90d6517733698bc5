"""The record of a commit: which segments an index consists of, with the checksum of each file.

A record is one line of JSON and its CRC-32, in the file `_MAIN_<generation>.toc`. It is written
under another name, brought to the disk, and renamed, so that a record is whole or not there.
"""

from __future__ import annotations

import zlib

import msgspec
from whoosh.index import TOC

from .builder import SegmentInfo
from .codec import INDEX_NAME
from .errors import IndexDamaged, IndexNotFound, IndexVersionError
from .languages import LANGUAGES
from .storage import Folder

#: Changes whenever an older Fihris could not read the files.
FORMAT = 1


class Commit(msgspec.Struct, frozen=True):
    """One state of an index.

    Attributes:
        format: the version of the files.
        generation: counts the commits from 0.
        languages: the version of each language's functions, in the order of their bits.
        segments: oldest documents first.
    """

    format: int
    generation: int
    languages: list[tuple[str, str]]
    segments: list[SegmentInfo]


def language_versions() -> list[tuple[str, str]]:
    """What a commit written now records of the languages."""
    return [(language.code, language.version) for language in LANGUAGES]


def latest_generation(folder: Folder) -> int:
    """The number of the last commit, or -1."""
    return TOC._latest_generation(folder, INDEX_NAME)


def record_name(generation: int) -> str:
    """The file of a commit's record."""
    return TOC._filename(INDEX_NAME, generation)


def read_commit(folder: Folder, generation: int | None = None) -> Commit:
    """Reads and verifies the record of a commit, by default the last one."""
    if generation is None:
        generation = latest_generation(folder) if folder.path.is_dir() else -1
        if generation < 0:
            raise IndexNotFound(
                f"{folder.path}: there is no index here; make one with `fihris index PATH`"
            )
    path = folder.path / record_name(generation)
    try:
        line, _, checksum = path.read_bytes().partition(b"\n")
    except OSError as error:
        raise IndexDamaged(f"{path}: cannot be read: {error.strerror}") from error
    if checksum.strip() != b"%08x" % zlib.crc32(line):
        raise IndexDamaged(f"{path}: is altered; restore it from a copy, or index again")
    found = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    if bytes(found.get("format", b"")) != b"%d" % FORMAT:
        raise IndexVersionError(
            f"{folder.path}: the index has format {bytes(found.get('format', b'?')).decode()} and "
            f"this Fihris reads {FORMAT}; index the documents again into a new folder"
        )
    commit = msgspec.json.decode(line, type=Commit)
    if commit.languages != language_versions():
        raise IndexVersionError(
            f"{folder.path}: the index was made with other languages or stemmers "
            f"({_named(commit.languages)}) than this Fihris has ({_named(language_versions())}); "
            "index the documents again into a new folder"
        )
    return commit


def write_commit(folder: Folder, commit: Commit) -> None:
    """Makes a commit the last one, for good: when this returns, a power cut does not undo it."""
    line = msgspec.json.encode(commit)
    name = record_name(commit.generation)
    temporary = f"{name}.new"
    file = folder.create(temporary)
    folder.write(file, line + b"\n%08x\n" % zlib.crc32(line))
    folder.sync(file)
    file.close()
    # The names of the segments' files first, then the record that names them.
    folder.sync_folder()
    folder.rename(temporary, name)
    folder.sync_folder()


def remove_unused(folder: Folder, commit: Commit) -> None:
    """Removes the files that no longer belong to the index: older records, merged segments, and
    what an interrupted writer left. Only the holder of the write lock may call it."""
    used = {record_name(commit.generation)}
    for segment in commit.segments:
        used |= {f"{segment.id}.{ending}" for ending in segment.files}
    for name in folder.list():
        ours = name.startswith((f"_{INDEX_NAME}_", f"{INDEX_NAME}_"))
        if ours and name not in used and name != LOCK_NAME:
            folder.remove(name)


LOCK_NAME = f"{INDEX_NAME}_WRITELOCK"


def _named(languages: list[tuple[str, str]]) -> str:
    return ", ".join(f"{code} {version}" for code, version in languages)
