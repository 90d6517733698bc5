import zlib
from pathlib import Path

import msgspec
import pytest
from fihris.indexer import IndexDamaged, IndexNotFound, IndexVersionError
from fihris.indexer.commit import (
    FORMAT,
    LOCK_NAME,
    Commit,
    language_versions,
    latest_generation,
    read_commit,
    record_name,
    remove_unused,
    unused_files,
    write_commit,
)
from fihris.indexer.segmentinfo import SegmentInfo
from fihris.indexer.storage import FileStamp, Folder

SEGMENT = SegmentInfo(
    "MAIN_00", 3, {"text": 20, "title": 4}, {"store": FileStamp(5, 77)}, 1, "deleted4"
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def commit(generation: int, *segments: SegmentInfo) -> Commit:
    return Commit(FORMAT, generation, language_versions(), list(segments))


def write_record(folder: Folder, generation: int, line: bytes) -> None:
    """A record of any content with a checksum that fits."""
    content = line + b"\n%08x\n" % zlib.crc32(line)
    (folder.path / record_name(generation)).write_bytes(content)


def test_what_is_written_is_read(folder: Folder) -> None:
    write_commit(folder, commit(4, SEGMENT))
    assert read_commit(folder) == commit(4, SEGMENT)
    assert folder.list() == [record_name(4)]


def test_the_last_record_counts(folder: Folder) -> None:
    for generation in (9, 10, 2):
        write_commit(folder, commit(generation))
    (folder.path / f"{record_name(11)}.new").write_bytes(b"half")
    assert latest_generation(folder) == 10
    assert read_commit(folder).generation == 10


def test_nothing_there(folder: Folder) -> None:
    assert latest_generation(folder) == -1
    with pytest.raises(IndexNotFound, match="fihris index"):
        read_commit(folder)
    with pytest.raises(IndexNotFound):
        read_commit(Folder(folder.path / "nowhere"))


def test_segments_without_a_record_are_damage(folder: Folder) -> None:
    (folder.path / LOCK_NAME).touch()
    with pytest.raises(IndexNotFound):
        read_commit(folder)
    (folder.path / "MAIN_00.store").touch()
    with pytest.raises(IndexDamaged, match="missing"):
        read_commit(folder)


def test_another_format(folder: Folder) -> None:
    write_record(folder, 0, b'{"format":99,"chapters":[]}')
    with pytest.raises(IndexVersionError, match="format 99 and this Fihris reads"):
        read_commit(folder)


def test_other_stemmers(folder: Folder) -> None:
    write_commit(folder, msgspec.structs.replace(commit(0), languages=[("xx", "7")]))
    with pytest.raises(IndexVersionError, match="xx 7"):
        read_commit(folder)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"format":"1"}',
        b'{"format":5}',
        b'{"format":5,"generation":"x","languages":[],"segments":[]}',
        b'{"format":5,"generation":0,"languages":[],"segments":[{"id":1}]}',
        b'{"format":5,"generation":0,"languages":[],"segments":["\xff"]}',
    ],
)
def test_a_record_that_says_something_else(folder: Folder, line: bytes) -> None:
    write_record(folder, 0, line)
    with pytest.raises(IndexDamaged, match=record_name(0)):
        read_commit(folder)


def test_a_record_under_another_number(folder: Folder) -> None:
    write_commit(folder, commit(3))
    folder.rename(record_name(3), record_name(5))
    with pytest.raises(IndexDamaged):
        read_commit(folder)


def test_a_record_that_cannot_be_read(folder: Folder) -> None:
    (folder.path / record_name(0)).mkdir()
    with pytest.raises(IndexDamaged, match="cannot be read"):
        read_commit(folder)


def test_a_record_replaced_while_it_is_read(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_commit(folder, commit(0))
    read = Path.read_bytes

    def replaced_first(path: Path) -> bytes:
        if path.name == record_name(0):
            write_commit(folder, commit(1))
            path.unlink()
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", replaced_first)
    assert read_commit(folder).generation == 1


def test_only_unused_files_of_ours_are_removed(folder: Folder) -> None:
    unused = [
        "MAIN_01.store", "MAIN_00.deleted3", record_name(6), f"{record_name(8)}.new"
    ]  # fmt: skip
    used = [record_name(7), "MAIN_00.store", LOCK_NAME, "notes.txt", "DOMAIN_01.store"]
    for name in [*unused, *used]:
        (folder.path / name).touch()
    assert unused_files(folder, commit(7, SEGMENT)) == sorted(unused)
    remove_unused(folder, commit(7, SEGMENT))
    assert sorted(folder.list()) == sorted(used)
