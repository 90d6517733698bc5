"""A disk that is full or dies: a named error, and the index is as it was."""

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from fihris.indexer import Index, StorageError
from fihris.indexer.commit import read_commit, unused_files

from .changes import Change, assert_sound, changes, state_of, states
from .shim import FailingFolder, open_files

MADE = changes(5, 11)
# The fourth commit leaves one segment; at the eleventh there are eight, and they are merged.
BEFORE, AFTER = states(MADE)[-2:]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("full") / "index"
    index = Index.create(path)
    for change in MADE[:-1]:
        change.make(index)
    return path


def fail(prepared: Path, path: Path, make_folder: Callable[[Path], FailingFolder]) -> FailingFolder:
    """Makes the last change on a disk that fails, then again on one that works."""
    shutil.copytree(prepared, path)
    folder = make_folder(path)
    index = Index.open(folder)
    files = open_files()
    try:
        MADE[-1].make(index)
        allowed = [AFTER]
    except StorageError:
        # Once the record has its name, only the disk decides whether the commit lasts.
        allowed = [AFTER if folder.renamed else BEFORE]
    assert open_files() <= files
    found = Index.open(path)
    assert_sound(found, allowed)
    MADE[-1].make(found)
    assert_sound(found, [AFTER])
    assert unused_files(found.folder, read_commit(found.folder)) == []
    return folder


def steps_and_bytes(prepared: Path, path: Path) -> tuple[int, int]:
    room = 1 << 30
    folder = fail(prepared, path, lambda path: FailingFolder(path, room=room))
    return folder.taken, room - folder.room


def test_the_change_that_fails_merges(prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared, tmp_path / "index")
    index = Index.open(tmp_path / "index")
    before = len(read_commit(index.folder).segments)
    MADE[-1].make(index)
    assert len(read_commit(index.folder).segments) < before


def test_no_room_for_any_number_of_bytes(prepared: Path, tmp_path: Path) -> None:
    _, needed = steps_and_bytes(prepared, tmp_path / "all")
    for number in range(6):
        path = tmp_path / str(number)
        folder = fail(prepared, path, lambda p, n=number: FailingFolder(p, room=needed * n // 6))
        assert not folder.renamed


def test_no_room_leaves_no_files_even_before_the_next_writer(
    prepared: Path, tmp_path: Path
) -> None:
    shutil.copytree(prepared, tmp_path / "index")
    index = Index.open(FailingFolder(tmp_path / "index", room=9000))
    with pytest.raises(StorageError):
        MADE[-1].make(index)
    assert unused_files(index.folder, read_commit(index.folder)) == []


@pytest.mark.parametrize("kind", ["steps", "only"])
def test_a_disk_that_dies_at_some_steps(prepared: Path, tmp_path: Path, kind: str) -> None:
    taken, _ = steps_and_bytes(prepared, tmp_path / "all")
    # The last steps are those of the commit itself: each of them is tried.
    for step in sorted({*range(1, taken, taken // 3), *range(taken - 8, taken + 1)}):
        fail(prepared, tmp_path / str(step), lambda p, n=step: FailingFolder(p, **{kind: n}))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["steps", "only"])
def test_a_disk_that_dies_at_any_step(prepared: Path, tmp_path: Path, kind: str) -> None:
    taken, _ = steps_and_bytes(prepared, tmp_path / "all")
    for step in range(1, taken + 1):
        fail(prepared, tmp_path / str(step), lambda p, n=step: FailingFolder(p, **{kind: n}))
        shutil.rmtree(tmp_path / str(step))


@contextmanager
def small_disk(path: Path, size: int) -> Iterator[None]:
    """A disk of so many bytes where that can be had, else a limit on the size of each file."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    with ExitStack() as undo:
        if shutil.which("mount") and not subprocess.run(mount, capture_output=True).returncode:
            undo.callback(subprocess.run, ["umount", str(path)], check=True)
        else:
            limits = resource.getrlimit(resource.RLIMIT_FSIZE)
            undo.callback(resource.setrlimit, resource.RLIMIT_FSIZE, limits)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size // 4, limits[1]))
        yield


def fill(path: Path) -> None:
    """Adds large commits to an index until the disk is full."""
    index = Index.create(path)
    kept: dict[str, str] = {}

    def go_on() -> None:
        for number in range(100):
            text = "everywhere " + " ".join(f"word{number * 2000 + n}" for n in range(2000))
            Change({f"large-{number}": text}, (), False).make(index)
            kept[f"large-{number}"] = text

    with pytest.raises(StorageError, match=str(path)):
        go_on()
    assert kept
    assert_sound(Index.open(path), [kept])
    assert unused_files(index.folder, read_commit(index.folder)) == []
    # There is room for something small, and a deletion frees more.
    with index.writer() as writer:
        writer.delete("large-0")
    del kept["large-0"]
    assert state_of(index) == kept


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2_000_000):
        fill(tmp_path / "disk" / "index")


def test_files_that_may_not_grow(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, limits[1]))
    try:
        fill(tmp_path / "index")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
