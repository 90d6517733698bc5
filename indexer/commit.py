"""The record of a commit: which segments an index consists of, with the checksum of each file.

A record is one line of JSON and its CRC-32, in the file `_MAIN_<generation>.toc`. It is written
under another name, brought to the disk, and renamed, so that a record is whole or not there.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import msgspec
from whoosh.index import TOC

from .errors import IndexDamaged, IndexNotFound, IndexVersionError
from .languages import LANGUAGES
from .naming import INDEX_NAME
from .segmentinfo import SegmentInfo
from .storage import Folder

#: Changes whenever an older Fihris could not read the files.
FORMAT = 5

LOCK_NAME = f"{INDEX_NAME}_WRITELOCK"

#: What the name of a record ends with until it is on the disk.
UNFINISHED = ".new"
# How the names of records, and of the files of segments, begin.
_RECORD, _SEGMENT = f"_{INDEX_NAME}_", f"{INDEX_NAME}_"


class _Version(msgspec.Struct):
    """What of a record can be read whatever its format is."""

    format: int


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


def read_commit(folder: Folder, any_stemmers: bool = False) -> Commit:
    """Reads and verifies the record of the last commit.

    Args:
        any_stemmers: read it also when the same languages had other stemmers.

    Raises IndexNotFound, IndexVersionError, IndexDamaged or StorageError.
    """
    while True:
        generation = _generation_to_read(folder)
        path = folder.path / record_name(generation)
        try:
            return _decoded(path, path.read_bytes(), generation, any_stemmers)
        except OSError as error:
            # A writer removes a record only after it has written the next one.
            if _generation_to_read(folder) == generation:
                raise IndexDamaged.unreadable(path, error) from error


def _generation_to_read(folder: Folder) -> int:
    generation = latest_generation(folder)
    if generation < 0:
        if any(name.startswith(_SEGMENT) and name != LOCK_NAME for name in folder.list()):
            raise IndexDamaged(
                folder.path, f"the record {record_name(0)} or a later one is missing"
            )
        raise IndexNotFound(
            f"{folder.path}: there is no index here; make one with `fihris index PATH`"
        )
    return generation


def _decoded(path: Path, content: bytes, generation: int, any_stemmers: bool) -> Commit:
    damaged = IndexDamaged(path, "is altered")
    line, _, checksum = content.partition(b"\n")
    if checksum != b"%08x\n" % zlib.crc32(line):
        raise damaged
    try:
        version = msgspec.json.decode(line, type=_Version).format
        if version != FORMAT:
            raise IndexVersionError(
                f"{path.parent}: the index has format {version} and this Fihris reads {FORMAT}; "
                "index the documents again into a new folder"
            )
        commit = msgspec.json.decode(line, type=Commit)
    except (msgspec.DecodeError, ValueError) as error:
        raise damaged from error
    if commit.generation != generation:
        raise damaged
    if commit.languages != language_versions():
        # Words remember languages by their places in the list; new ones stand at its end.
        known = [code for code, _ in commit.languages]
        mendable = known == [language.code for language in LANGUAGES][: len(known)]
        if not (mendable and any_stemmers):
            advice = (
                f"run `fihris rebuild-lexicon --index {path.parent}`"
                if mendable
                else "index the documents again into a new folder"
            )
            raise IndexVersionError(
                f"{path.parent}: the index was made with other languages or stemmers "
                f"({_named(commit.languages)}) than this Fihris has "
                f"({_named(language_versions())}); {advice}"
            )
    return commit


def write_commit(folder: Folder, commit: Commit) -> None:
    """Makes a commit the last one, for good: when this returns, a power cut does not undo it."""
    line = msgspec.json.encode(commit)
    name = record_name(commit.generation)
    temporary = f"{name}{UNFINISHED}"
    file = folder.create(temporary)
    try:
        folder.write(file, line + b"\n%08x\n" % zlib.crc32(line))
        folder.finish(file)
    except BaseException:
        folder.discard(file)
        raise
    # The names of the segments' files first, then the record that names them.
    folder.sync_folder()
    folder.rename(temporary, name)
    folder.sync_folder()


def unused_files(folder: Folder, commit: Commit) -> list[str]:
    """The files that no longer belong to the index: older records, merged segments, and what an
    interrupted writer left; in the order of their names."""
    used = {record_name(commit.generation), LOCK_NAME}
    for segment in commit.segments:
        used |= {f"{segment.id}.{ending}" for ending in segment.files}
    ours = (name for name in folder.list() if name.startswith((_RECORD, _SEGMENT)))
    return sorted(name for name in ours if name not in used)


def remove_unused(folder: Folder, commit: Commit) -> None:
    """Removes `unused_files`. Only the holder of the write lock may call it."""
    for name in unused_files(folder, commit):
        folder.remove(name)


def _named(languages: list[tuple[str, str]]) -> str:
    return ", ".join(f"{code} {version}" for code, version in languages)
