import os
import socket
import subprocess
from pathlib import Path

import pytest
from fihris.indexer.errors import InputError
from fihris.indexer.found import Found, Skipped
from fihris.indexer.walk import walk


def ids(*paths: str | Path) -> list[str]:
    return [item.id for item in walk(paths) if isinstance(item, Found)]


def errors(*paths: str | Path) -> list[str]:
    return [str(item) for item in walk(paths) if isinstance(item, InputError)]


def reasons(*paths: str | Path) -> dict[str, str]:
    return {item.path.name: item.reason for item in walk(paths) if isinstance(item, Skipped)}


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    folder = tmp_path / "archive" / "letters"
    for name in ("b.txt", "a.md", "z/c.html", "m/n/d.jsonl", ".git/x.txt", ".x.txt", "scan.pdf"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")
    return folder


LETTERS = ["letters/a.md", "letters/b.txt", "letters/m/n/d.jsonl", "letters/z/c.html"]


def test_folders_are_walked_in_order(letters: Path) -> None:
    assert ids(letters) == LETTERS
    assert errors(letters) == []
    assert reasons(letters) == {"scan.pdf": "no reader for .pdf"}


def test_ids_do_not_depend_on_how_the_folder_is_named(
    letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(letters)
    for path in (".", str(letters) + "/", "../letters", "z/.."):
        assert ids(path) == LETTERS
    assert ids("..")[0] == "archive/letters/a.md"
    assert ids("z/c.html") == ["c.html"]


def test_what_is_known_of_a_file(letters: Path) -> None:
    (found,) = (item for item in walk([letters / "z"]) if isinstance(item, Found))
    status = (letters / "z/c.html").stat()
    assert found.path == letters / "z/c.html"
    assert found.root == str((letters / "z").resolve())
    assert (found.size, found.mtime_ns) == (4, status.st_mtime_ns)


def test_a_file_that_is_named_is_taken_whatever_its_name(letters: Path) -> None:
    assert ids(letters / "scan.pdf", letters / ".x.txt") == ["scan.pdf", ".x.txt"]
    assert ids(letters / ".git") == [".git/x.txt"]


def test_a_path_that_is_not_there_is_named(letters: Path) -> None:
    missing = letters / "missing"
    assert errors(missing) == [f"{missing}: does not exist; check the spelling of the path"]
    assert ids(missing, letters) == LETTERS
    assert errors("a\0b") == ["a\\x00b: cannot be read (embedded null byte); check its permissions"]


def test_links_are_followed_but_not_in_circles(letters: Path) -> None:
    (letters / "z/back").symlink_to(letters)
    (letters / "z/up").symlink_to("..")
    (letters / "z/other").symlink_to(letters / "m")
    assert ids(letters) == [*LETTERS, "letters/z/other/n/d.jsonl"]
    assert errors(letters) == [
        f"{letters}/z/back: is a link to a folder that holds it; remove the link",
        f"{letters}/z/up: is a link to a folder that holds it; remove the link",
    ]


def test_broken_links_are_named(letters: Path) -> None:
    (letters / "gone.txt").symlink_to("nowhere")
    (letters / "self.txt").symlink_to("self.txt")
    gone, self_link = errors(letters)
    assert gone.startswith(f"{letters}/gone.txt: cannot be read (No such file or directory)")
    assert self_link.startswith(f"{letters}/self.txt: cannot be read (")
    assert ids(letters) == LETTERS


def test_pipes_and_sockets_are_passed_over(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(letters / "pipe.txt")
    monkeypatch.chdir(letters)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        skipped = reasons(letters, "/dev/null")
    reason = "not a file but a pipe, socket or device"
    assert [skipped[name] for name in ("pipe.txt", "socket.txt", "null")] == [reason] * 3
    assert ids(letters) == LETTERS


def test_an_unreadable_folder_is_named(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Permissions do not stop an administrator, so the refusal is played.
    listdir = os.listdir

    def refusing(path: Path) -> list[str]:
        if path.name == "m":
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refusing)
    assert errors(letters) == [
        f"{letters}/m: cannot be read (Permission denied); check its permissions"
    ]
    assert ids(letters) == [name for name in LETTERS if "/m/" not in name]


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    for name in (b"caf\xe9.txt", b"line\nend.txt", "رسالة.txt".encode()):
        (folder / os.fsdecode(name)).write_text("text", encoding="utf-8")
    assert ids(folder) == ["names/caf\\xe9.txt", "names/line\\x0aend.txt", "names/رسالة.txt"]
    for item in walk([folder]):
        assert isinstance(item, Found)
        assert item.path.read_text(encoding="utf-8") == "text"


def test_a_very_deep_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    for _ in range(1500):
        Path("d").mkdir()
        os.chdir("d")
    Path("leaf.txt").write_text("text", encoding="utf-8")
    try:
        assert ids(tmp_path / "deep") == ["deep/" + "d/" * 1500 + "leaf.txt"]
    finally:
        # Python's own removal of trees, which pytest uses, goes no deeper than 1,000 folders.
        monkeypatch.undo()
        subprocess.run(["rm", "-rf", tmp_path / "deep"], check=True)
