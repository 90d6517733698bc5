"""Each file once, however it is reached, and never the index itself."""

import os
from pathlib import Path

import pytest
from fihris.indexer.found import Skipped
from fihris.indexer.sources import Source, Sources, Unread, is_below, is_there, origin_of

from .folders import write_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "in", {"a.txt": "a", "sub/b.txt": "b", "sub/c.pdf": "c"})


def origins(sources: Sources) -> list[str]:
    return [item.origin for item in sources if isinstance(item, Source)]


def test_files_are_found_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "link").symlink_to("sub")
    monkeypatch.chdir(folder)
    paths = [folder, Path(), folder / "sub", Path("sub/../a.txt"), Path("link/b.txt")]
    sources = Sources(paths, folder / "index")
    expected = [str(folder / "a.txt"), str(folder / "sub/b.txt")]
    # And again, since they are gone through twice.
    for _ in range(2):
        assert sorted(origins(sources)) == expected
        assert len([item for item in sources if isinstance(item, Skipped)]) == 1
    assert sources.counts[str(folder)] == 6
    assert all(map(sources.was_seen, expected))
    assert not sources.was_seen(str(folder / "sub/d.txt"))


def test_roots(folder: Path) -> None:
    (folder / "link").symlink_to("sub")
    (folder / "link.txt").symlink_to("a.txt")
    names = ("link", "link.txt", "a.txt", "missing", "link/b.txt", "sub/..")
    sources = Sources([folder / name for name in names], folder / "index")
    expected = ("sub", "link.txt", "a.txt", "missing", "sub/b.txt", ".")
    assert list(sources.roots) == [str(folder / name) for name in expected]


def test_the_index_is_passed_over(folder: Path) -> None:
    write_files(
        folder, {"sub/index/note.txt": "x", "sub/index/x.toc": "x", "sub/index2/d.txt": "d"}
    )
    (folder / "link").symlink_to("sub/index")
    (folder / "sub/index/broken.txt").symlink_to("nowhere")
    (folder / "sub/alias").symlink_to("index")
    paths = [folder, folder / "link", folder / "sub/index/note.txt"]
    for index in (folder / "sub/index", folder / "sub/alias"):
        items = list(Sources(paths, index))
        assert not any(isinstance(item, Unread) for item in items)
        assert [item.path.name for item in items if isinstance(item, Skipped)] == ["c.pdf"]
        names = [item.origin for item in items if isinstance(item, Source)]
        assert names == [str(folder / n) for n in ("a.txt", "sub/b.txt", "sub/index2/d.txt")]


def test_what_is_spared_when_something_cannot_be_read(folder: Path) -> None:
    (folder / "broken.txt").symlink_to("nowhere")
    (folder / "sub/up").symlink_to("..")
    paths = [folder, folder / "missing", Path("a\0b"), folder / "a.txt/x"]
    spared = {
        item.error.where: item.origins
        for item in Sources(paths, folder / "index")
        if isinstance(item, Unread)
    }
    assert spared == {
        f"{folder}/broken.txt": (f"{folder}/broken.txt", f"{folder}/nowhere"),
        # Not what the link leads to: that was read.
        f"{folder}/sub/up": (f"{folder}/sub/up",),
        f"{folder}/missing": (),
        "a\\x00b": (str(Path.cwd() / "a\\x00b"),),
        f"{folder}/a.txt/x": (),
    }


def test_origins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "link").symlink_to("sub")
    (folder / "link.txt").symlink_to("a.txt")
    monkeypatch.chdir(folder / "sub")
    assert origin_of(Path("b.txt")) == str(folder / "sub/b.txt")
    assert origin_of(folder / "link/b.txt") == str(folder / "sub/b.txt")
    assert origin_of(folder / "link.txt") == str(folder / "link.txt")
    assert (origin_of(Path()), origin_of(Path(".."))) == (str(folder / "sub"), str(folder))
    assert origin_of(Path("/")) == "/"


def test_below() -> None:
    assert is_below("/a/b", "/a/b")
    assert is_below("/a/b/c", "/a/b")
    assert is_below("/a", "/")
    assert not is_below("/a/bc", "/a/b")
    assert not is_below("/a", "/a/b")


def test_what_is_there(folder: Path) -> None:
    raw = folder / os.fsdecode(b"caf\xe9\n.txt")
    raw.write_text("x")
    (folder / "\\x41.txt").write_text("x")
    there = (raw, folder / "\\x41.txt", folder / "a.txt", folder / "sub")
    assert [is_there(origin_of(path)) for path in there] == [True] * 4
    raw.unlink()
    gone = (raw, folder / "a.txt/x", folder / "x", folder / ("x" * 5000))
    assert [is_there(origin_of(path)) for path in gone] == [False] * 4
