"""Checking an index: is every file there, as it was written, and does all of it fit together?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import pairwise

import msgspec
import numpy as np

from .arrayfile import Array
from .codec import Segment
from .commit import Commit, latest_generation, read_commit, record_name, unused_files
from .consistency import flaws
from .errors import IndexDamaged
from .index import Index
from .storage import Folder

_REPORT = "please report this as an error of Fihris, and index the documents again"
_LEFT = "nothing to do: the next time the index is written to, it is removed"


class Finding(msgspec.Struct, frozen=True):
    """Something that was found.

    Attributes:
        where: the file.
        what: what is wrong or noteworthy.
        advice: what to do.
    """

    where: str
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.advice}"


class Report(msgspec.Struct):
    """What a check found.

    Attributes:
        generation: the number of the commit that was checked, -1 when its record is damaged.
        segments, files, size: how many there are (without the record), and the bytes of the files.
        documents: how many can be found.
        errors: what is damaged.
        remarks: what is no error.
    """

    generation: int = -1
    segments: int = 0
    documents: int = 0
    files: int = 0
    size: int = 0
    errors: list[Finding] = msgspec.field(default_factory=list)
    remarks: list[Finding] = msgspec.field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is damaged."""
        return not self.errors


def check(
    index: Index | str | os.PathLike[str],
    progress: Callable[[int, int], object] | None = None,
) -> Report:
    """Reads every byte of the last commit of an index and checks all that can be checked.

    An index may be written to and searched meanwhile.

    Args:
        index: the index or its folder.
        progress: called now and then with the bytes that were read, and those there are.

    Raises:
        IndexNotFound, IndexVersionError: there is no index that could be checked.
    """
    folder = index.folder if isinstance(index, Index) else Folder(index)
    while True:
        report = _check_once(folder, progress or (lambda _done, _total: None))
        # When a commit was made meanwhile, files of the one being checked may have been removed.
        if report.ok or latest_generation(folder) == report.generation or report.generation < 0:
            return report


def _check_once(folder: Folder, progress: Callable[[int, int], object]) -> Report:
    try:
        commit = read_commit(folder)
    except IndexDamaged as error:
        return Report(errors=[Finding(error.where, error.what, error.advice)])
    sizes = [stamp.size for info in commit.segments for stamp in info.files.values()]
    report = Report(
        commit.generation,
        len(commit.segments),
        sum(info.documents - info.deleted for info in commit.segments),
        len(sizes),
        sum(sizes),
    )
    for name in unused_files(folder, commit):
        what = "belongs to no commit (it is being written, or writing was interrupted)"
        report.remarks.append(Finding(str(folder.path / name), what, _LEFT))
    report.errors.extend(_altered_files(folder, commit, sum(sizes), progress))
    if not report.errors:
        report.errors.extend(_misfits(folder, commit))
    return report


def _altered_files(
    folder: Folder, commit: Commit, total: int, progress: Callable[[int, int], object]
) -> Iterator[Finding]:
    """The files that are not as they were written."""
    done = 0

    def advance(size: int) -> None:
        nonlocal done
        done += size
        progress(done, total)

    for info in commit.segments:
        for ending, stamp in info.files.items():
            name = f"{info.id}.{ending}"
            path = str(folder.path / name)
            try:
                found = folder.stamp(name, advance)
            except OSError as error:
                damage = IndexDamaged.unreadable(path, error)
            else:
                if found == stamp:
                    continue
                what = (
                    "is altered: its content is not what was written"
                    if found.size == stamp.size
                    else f"has {found.size:,} bytes and should have {stamp.size:,}"
                )
                damage = IndexDamaged(path, what)
            yield Finding(damage.where, damage.what, damage.advice)


def _misfits(folder: Folder, commit: Commit) -> Iterator[Finding]:
    """What does not fit together although every file is as it was written."""
    record = str(folder.path / record_name(commit.generation))
    try:
        segments = Index(folder).open_segments(commit)
    except IndexDamaged as error:
        yield Finding(error.where, error.what, _REPORT)
        return
    sound = True
    for segment in segments:
        for ending, what in flaws(segment.files):
            sound = False
            yield Finding(str(folder.path / f"{segment.info.id}.{ending}"), what, _REPORT)
        marked = len(list(segment.deleted_docs()))
        if marked != segment.info.deleted or marked > segment.info.documents:
            sound = False
            what = (
                f"{marked} documents of {segment.info.id} are deleted, not {segment.info.deleted}"
            )
            yield Finding(record, what, _REPORT)
    if sound:
        for document_id in _repeated_ids(segments):
            yield Finding(record, f"there are several documents {document_id!r}", _REPORT)


def _repeated_ids(segments: list[Segment]) -> list[str]:
    """The ids that more than one live document has."""
    parts: list[tuple[Array, Array, Array]] = []
    for number, segment in enumerate(segments):
        docs = segment.files.documents["ids.docs"]
        live = np.ones(len(docs), bool) if segment.deleted is None else ~segment.deleted[docs]
        found = segment.files.documents["ids.hashes"][live]
        parts.append((found, docs[live], np.full(len(found), number)))
    if not parts:
        return []
    found, docs, numbers = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(found, kind="stable")
    alike = np.flatnonzero(found[order][1:] == found[order][:-1])
    ids = {
        place: segments[numbers[order[place]]].files.id_of(int(docs[order[place]]))
        for place in {*alike.tolist(), *(alike + 1).tolist()}
    }
    return sorted({ids[a] for a, b in pairwise(sorted(ids)) if b == a + 1 and ids[a] == ids[b]})
