import os
from pathlib import Path

import pytest
from fihris.indexer import readers
from fihris.indexer.errors import InputError
from fihris.indexer.found import Found
from fihris.indexer.readers import READERS, read_file, reader_for


def found(path: Path) -> Found:
    return Found(path, str(path), path.name, 0, 0)


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("a.txt", "plain text"),
        ("a/b.TEXT", "plain text"),
        ("a.md", "Markdown"),
        ("a.Markdown", "Markdown"),
        ("a.html", "HTML"),
        ("a.htm", "HTML"),
        ("a.xhtml", "HTML"),
        ("a.jsonl", "JSON Lines"),
        ("a.ndjson", "JSON Lines"),
        ("a.pdf", None),
        ("txt", None),
    ],
)
def test_reader_for(name: str, format_name: str | None) -> None:
    reader = reader_for(name)
    assert (reader.name if reader else None) == format_name


def test_no_suffix_belongs_to_two_formats() -> None:
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


def test_each_format_gives_a_document(tmp_path: Path) -> None:
    for name, source in {
        "a.txt": "A letter\n\nDear Anna",
        "a.md": "---\nlang: en\ndate: 1944\n---\n# A letter\n\nDear Anna",
        "a.html": "<html lang=en><title>A letter</title><p>Dear Anna",
        "a.unknown": "A letter\n\nDear Anna",
    }.items():
        path = tmp_path / name
        path.write_text(source, encoding="utf-8")
        document = read_file(found(path))
        assert (document.id, document.title) == (name, "A letter")
        assert document.text.endswith("Dear Anna")


def test_a_missing_or_endless_title_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>Dear Anna. I write.", encoding="utf-8")
    assert read_file(found(path)).title == "Dear Anna."
    path.write_text(f"<title>{'word ' * 2000}</title><p>x", encoding="utf-8")
    title = read_file(found(path)).title
    assert title.startswith("word word")
    assert len(title) <= 101


def test_many_documents_are_not_one(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"a\.jsonl holds many documents"):
        read_file(found(tmp_path / "a.jsonl"))


def test_unusable_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<nav>only a menu</nav>", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.html: holds no text"):
        read_file(found(path))
    with pytest.raises(InputError, match=r"gone\.txt: cannot be read \(No such file"):
        read_file(found(tmp_path / "gone.txt"))
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(InputError, match=r"pipe\.txt: is no longer a file"):
        read_file(found(tmp_path / "pipe.txt"))
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(InputError, match=r"folder\.txt: "):
        read_file(found(tmp_path / "folder.txt"))


def test_a_file_over_the_limit_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x" * 101, encoding="utf-8")
    monkeypatch.setattr(readers, "MAX_FILE_BYTES", 101)
    assert len(read_file(found(path)).text) == 101
    monkeypatch.setattr(readers, "MAX_FILE_BYTES", 100)
    with pytest.raises(InputError, match=r"a\.txt: is over 0 MiB; split it"):
        read_file(found(path))


@pytest.mark.slow
def test_a_line_of_200_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        for _ in range(200):
            file.write(b"word " * 200_000)
    with pytest.raises(InputError, match=r"big\.txt: is over 64 MiB; split it into documents"):
        read_file(found(path))
