import errno
import multiprocessing
import os
import threading
import zlib
from pathlib import Path

import pytest
from fihris.indexer import IndexLocked, StorageError
from fihris.indexer.storage import FileStamp, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_file_that_is_finished_is_there_and_synced(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(path_of(fd)), sync(fd)))
    file = folder.create("a")
    folder.write(file, b"one ")
    folder.write(file, memoryview(b"two"))
    folder.finish(file)
    assert file.closed
    assert (folder.path / "a").read_bytes() == b"one two"
    assert synced == [folder.path / "a"]
    folder.sync_folder()
    assert synced[1:] == [folder.path]
    assert folder.stamp("a") == FileStamp(7, zlib.crc32(b"one two"))


def path_of(fd: int) -> Path:
    return Path(f"/proc/self/fd/{fd}").readlink()


def test_stamp_tells_how_far_it_is(folder: Folder) -> None:
    (folder.path / "a").write_bytes(bytes(3_000_000))
    pieces: list[int] = []
    assert folder.stamp("a", pieces.append).size == sum(pieces) == 3_000_000
    assert len(pieces) > 1


def test_what_is_discarded_is_gone(folder: Folder) -> None:
    file = folder.create("a")
    folder.write(file, b"x")
    folder.discard(file)
    folder.discard(file)
    finished = folder.create("b")
    folder.finish(finished)
    folder.discard(finished)
    assert folder.list() == []


def test_a_temporary_file_has_no_name_and_gives_back_what_it_got(folder: Folder) -> None:
    file = folder.temporary("MAIN_x.")
    data = os.urandom(3_000_000)
    folder.write(file, data)
    assert folder.list() == []
    sizes = [1, 2_000_000, 999_999]
    pieces = list(folder.read_back(file, sizes))
    assert [len(piece) for piece in pieces] == sizes
    assert b"".join(pieces) == data
    file.close()


def test_renaming_and_removing(folder: Folder) -> None:
    for name, content in (("a", b"1"), ("b", b"2")):
        file = folder.create(name)
        folder.write(file, content)
        folder.finish(file)
    folder.rename("a", "b")
    assert folder.list() == ["b"]
    assert (folder.path / "b").read_bytes() == b"1"
    folder.remove("b")
    folder.remove("b")
    assert folder.list() == []


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert Folder(tmp_path / "nowhere").list() == []


def test_new_folders_are_brought_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    monkeypatch.setattr(os, "fsync", lambda fd: synced.append(path_of(fd)))
    Folder(tmp_path / "a" / "b").make()
    assert (tmp_path / "a" / "b").is_dir()
    # A folder is there for good when the one above it is on the disk.
    assert set(synced) == {tmp_path, tmp_path / "a"}
    synced.clear()
    Folder(tmp_path / "a" / "b").make()
    assert synced == []


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="file"):
        Folder(tmp_path / "file").make()
    with pytest.raises(StorageError, match="file"):
        Folder(tmp_path / "file" / "below").make()


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (errno.ENOSPC, "the disk is full; make room"),
        (errno.EDQUOT, "quota is used up; make room"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "permission denied; run as"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_what_the_disk_refuses_is_named(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, code: int, advice: str
) -> None:
    def refuse(_fd: int) -> None:
        raise OSError(code, os.strerror(code))

    file = folder.create("a")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError, match=advice) as caught:
        folder.finish(file)
    assert str(folder.path / "a") in str(caught.value)
    with pytest.raises(StorageError, match=advice):
        folder.sync_folder()
    folder.discard(file)
    assert folder.list() == []


def test_every_step_in_a_folder_that_is_gone_is_a_named_error(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "gone")
    for step in (
        lambda: folder.create("a"),
        lambda: folder.temporary("a"),
        lambda: folder.rename("a", "b"),
        lambda: folder.sync_folder(),
        lambda: folder.locked("a").__enter__(),
    ):
        with pytest.raises(StorageError, match="gone"):
            step()


def try_lock(path: Path) -> bool:
    try:
        with Folder(path).locked("LOCK"):
            return True
    except IndexLocked:
        return False


def test_one_holds_the_lock(folder: Folder) -> None:
    with folder.locked("LOCK"):
        assert not try_lock(folder.path)
        with pytest.raises(IndexLocked, match="another process is writing"), folder.locked("LOCK"):
            pass
        found: list[bool] = []
        thread = threading.Thread(target=lambda: found.append(try_lock(folder.path)))
        thread.start()
        thread.join()
        assert found == [False]
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            assert pool.apply(try_lock, (folder.path,)) is False
    assert try_lock(folder.path)


def test_the_lock_is_free_after_an_error(folder: Folder) -> None:
    with pytest.raises(ValueError, match="inside"), folder.locked("LOCK"):
        raise ValueError("inside")
    assert try_lock(folder.path)


def test_a_forked_process_does_not_keep_the_lock(folder: Folder) -> None:
    held = folder.locked("LOCK")
    held.__enter__()
    begin, end = os.pipe()
    child = os.fork()
    if not child:
        os.read(begin, 1)
        os._exit(0)
    held.__exit__(None, None, None)
    assert try_lock(folder.path)
    os.write(end, b"x")
    os.waitpid(child, 0)
    os.close(begin)
    os.close(end)
