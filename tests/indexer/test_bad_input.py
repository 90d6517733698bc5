"""What cannot be used is named, with where and what to do, and nothing else is lost."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fihris.indexer import (
    FihrisError,
    Index,
    IndexDamaged,
    IndexNotFound,
    IndexVersionError,
    InputError,
    commit,
)
from fihris.indexer.ingest import Summary, index_paths
from fihris.indexer.readers import jsonl
from fihris.indexer.walk import walk
from fihris.search.searcher import Searcher

from .folders import as_nobody, assert_settled, errors, figures, held, lines, texts, write_files

GOOD = {"good.txt": "a good text", "good.jsonl": lines({"id": "good", "text": "a good record"})}
GOOD_IDS = {"in/good.txt", "good"}


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.create(tmp_path / "index")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "in", GOOD)


def assert_only_the_good(index: Index, summary: Summary, *expected: str) -> None:
    """The good documents are there, and the errors are those, each with something to do."""
    assert set(held(index)) == GOOD_IDS
    found = errors(summary)
    assert len(found) == len(expected)
    for error, start in zip(found, sorted(expected), strict=True):
        assert error.startswith(start)
    for error in summary.errors:
        assert isinstance(error, InputError)
        assert error.what
        assert error.advice


# Files


def test_old_encodings_are_read_right(index: Index, folder: Path) -> None:
    arabic = "كتب الضابط رسالة إلى أخته في المدينة، ثم سأل عن أخبار الجيش والأسرى."
    french = "L'armée a été levée à l'été 1944 ; où sont passés les prisonniers relâchés ?"
    write_files(
        folder,
        {
            "ar.txt": arabic.encode("cp1256"),
            "fr.txt": french.encode("latin-1"),
            "fr16.txt": french.encode("utf-16"),
        },
    )
    summary = index_paths(index, [folder])
    assert summary.errors == []
    found = texts(index)
    assert (found["in/ar.txt"], found["in/fr.txt"]) == (arabic, french)
    assert found["in/fr16.txt"] == french
    assert held(index)["in/ar.txt"]["language"] == "ar"
    assert Searcher(index).search("رسالة").total == 1
    assert Searcher(index).search("armee").total == 2


def test_files_that_hold_no_text(index: Index, folder: Path) -> None:
    bad = {
        "binary.txt": bytes(range(256)) * 20,
        "blank.md": " \n\n ",
        "empty.html": "",
        "empty.jsonl": "",
        "empty.txt": "",
        "pdf.txt": b"%PDF-1.7\n...",
        "zip.jsonl": b"PK\x03\x04 and so on",
        "zeros.jsonl": b'{"id": 1}\n\0\0',
    }
    summary = index_paths(index, [write_files(folder, bad)])
    assert_only_the_good(index, summary, *(f"{folder}/{name}: " for name in bad))
    assert_settled(index, [folder], summary)


def test_files_that_are_too_large(index: Index, folder: Path) -> None:
    # Sparse, so that nothing is written or read.
    for name in ("huge.md", "huge.txt"):
        with (folder / name).open("wb") as file:
            file.truncate(200 * 2**20)
    summary = index_paths(index, [folder])
    expected = (f"{folder}/{name}: is over 64 MiB; split" for name in ("huge.md", "huge.txt"))
    assert_only_the_good(index, summary, *expected)


def test_a_text_that_is_too_long(index: Index, folder: Path) -> None:
    (folder / "long.txt").write_bytes(b"a word\n" * (33 * 2**20 // 7))
    summary = index_paths(index, [folder])
    assert_only_the_good(index, summary, f"{folder}/long.txt: ")
    assert "over 32 MiB" in summary.errors[0].what


# Records


def test_lines_that_cannot_be_used(index: Index, folder: Path) -> None:
    bad = [
        b'{"id": "a", "text": "cut sho',
        b'["a list"]',
        b'{"text": "no id"}',
        b'{"id": "", "text": "an empty id"}',
        b'{"id": "c"}',
        b'{"id": "d", "title": " ", "text": ""}',
        b'{"id": "e", "text": 17}',
        b'{"id": ["f"], "text": "x"}',
        b'{"id": "g", "text": "caf\xe9"}',
        b'{"id": "h", "text": "x", "extra": [1]}',
        b'{"id": "i", "text": "x", "n": 99999999999999999999}',
        b'{"id": "j", "text": "x", "deep": ' + b"[" * 2000 + b"]" * 2000 + b"}",
        b'{"id": "' + b"k" * 5000 + b'", "text": "x"}',
        b'{"id": "l", "title": "' + b"l" * 5000 + b'", "text": "x"}',
        b"<html>",
    ]
    good = GOOD["good.jsonl"].encode()
    write_files(folder, {"bad.jsonl": b"\n".join(bad) + b"\n"})
    # Each also between good lines: what stands before and after it is not lost.
    write_files(folder, {"good.jsonl": b"\n" + b"\n".join(bad[:2]) + b"\n\n" + good})
    summary = index_paths(index, [folder])
    assert_only_the_good(
        index,
        summary,
        *(f"{folder}/bad.jsonl:{n}: " for n in range(1, len(bad) + 1)),
        f"{folder}/good.jsonl:2: is not valid JSON (",
        f"{folder}/good.jsonl:3: is not a JSON object; write one",
    )
    assert_settled(index, [folder], summary)


def test_a_line_that_is_too_long(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl.blocks, "__defaults__", (50, 100))
    long = lines({"id": "long", "text": "x" * 1000})
    good = GOOD["good.jsonl"]
    write_files(folder, {"good.jsonl": long + good, "long.jsonl": "\n" + long})
    summary = index_paths(index, [folder])
    assert_only_the_good(
        index,
        summary,
        f"{folder}/good.jsonl:1: the line is over 100 bytes long; split",
        f"{folder}/long.jsonl:2: the line is over 100 bytes long; split",
    )


def test_lone_surrogates_become_replacement_characters(index: Index, folder: Path) -> None:
    record = '{"id": "s\\ud83d", "text": "before \\ude00 after", "x": "\\ud800"}\n'
    write_files(folder, {"s.jsonl": record})
    summary = index_paths(index, [folder])
    assert summary.errors == []
    found = held(index)["s\ufffd"]
    assert (found["text"], found["extra"]) == ("before \ufffd after", {"x": "\ufffd"})
    for query in ("before", "bef\ud83dore", "\ud83d", '"before \udc00 after"'):
        Searcher(index).search(query)
    assert Searcher(index).search("after \udfff").total == 1
    assert_settled(index, [folder], summary)


@pytest.mark.parametrize(
    "text",
    [
        "ب" + "\u064e" * 100_000 + " كتاب",
        "e" + "\u0301" * 100_000 + " كتاب",
        "\u0301" * 100_000 + " كتاب",
        "w" * 200_000 + " كتاب",
        "\u200d" * 100_000 + " كتاب",
        "a\u0327\u0301" * 50_000 + " كتاب",
    ],
    ids=["tashkeel", "accents", "marks alone", "a long word", "joiners", "mixed"],
)
def test_texts_made_to_be_slow(index: Index, folder: Path, text: str) -> None:
    write_files(folder, {"slow.txt": text, "slow.jsonl": lines({"id": "slow", "text": text})})
    summary = index_paths(index, [folder])
    assert summary.errors == []
    assert texts(index)["slow"] == text
    searcher = Searcher(index)
    assert searcher.search("كتاب").total == 2
    searcher.search(text)
    assert_settled(index, [folder], summary)


# Names and the file system


def test_names_that_are_not_utf8(index: Index, folder: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    write_files(folder, {f"{name}/{name}.txt": "one", f"{name}/{name}.jsonl": "{\n"})
    summary = index_paths(index, [folder])
    place = f"{folder}/caf\\xe9/caf\\xe9"
    assert errors(summary)[0].startswith(f"{place}.jsonl:1: is not valid JSON")
    found = held(index)["in/caf\\xe9/caf\\xe9.txt"]
    assert (found["text"], found["origin"]) == ("one", f"{place}.txt")
    assert_settled(index, [folder], summary)
    assert_settled(index, [folder / name, folder], summary)
    (folder / name / f"{name}.txt").unlink()
    assert figures(index_paths(index, [folder / name, folder])) == (0, 0, 2, 0)
    assert figures(index_paths(index, [folder])) == (0, 0, 2, 1)


def test_links_in_circles(index: Index, folder: Path) -> None:
    (folder / "up").symlink_to(folder)
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    (folder / "gone.txt").symlink_to("nowhere")
    write_files(folder, {"other.txt": "another good one"})
    summary = index_paths(index, [folder])
    assert [error.partition(":")[0] for error in errors(summary)] == [
        f"{folder}/{name}" for name in ("gone.txt", "one", "self.txt", "two", "up")
    ]
    assert_settled(index, [folder], summary)
    # A circle says nothing of the folder that it leads to.
    (folder / "other.txt").unlink()
    assert_only_the_good(index, index_paths(index, [folder]), *errors(summary))


def test_pipes_and_devices_are_passed_over(index: Index, folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    os.mkfifo(folder / "pipe.jsonl")
    summary = index_paths(index, [folder, "/dev/null"])
    assert_only_the_good(index, summary)
    assert summary.skipped == {"not a file but a pipe, socket or device": 3}


@pytest.mark.parametrize("name", ["good.txt", "good.jsonl"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "nothing"])
def test_a_file_replaced_between_finding_and_reading(
    index: Index, folder: Path, name: str, kind: str
) -> None:
    index_paths(index, [folder])
    before = held(index)
    # What comes first in the folder is told of before the rest is read.
    write_files(folder, {"0.jsonl": "{\n"})

    def replace(_: object) -> None:
        if (folder / name).is_file():
            (folder / name).unlink()
            if kind == "pipe":
                os.mkfifo(folder / name)
            elif kind == "folder":
                (folder / name).mkdir()

    # Its status was read in the walk before.
    found = list(walk([folder]))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("fihris.indexer.sources.walk", lambda _: iter(found))
        summary = index_paths(index, [folder], on_error=replace)
    assert (figures(summary)[3], summary.errors_total) == (0, 2)
    assert errors(summary)[1].startswith(f"{folder}/{name}: ")
    assert held(index) == before


@pytest.mark.parametrize("path", ["a\0b", "missing", "x" * 5000, "in/good.txt/below"])
def test_paths_that_lead_nowhere(index: Index, folder: Path, path: str) -> None:
    place = path if path == "a\0b" else folder.parent / path
    index_paths(index, [folder])
    for prune in (False, True):
        summary = index_paths(index, [place, folder], prune=prune)
        assert figures(summary) == (0, 0, 2, 0)
        assert_only_the_good(index, summary, str(place).replace("\0", "\\x00") + ": ")


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that a user without rights may read and write."""
    folder = Path(tempfile.mkdtemp())
    try:
        with as_nobody():
            mask = os.umask(0)
        folder.chmod(0o777)
        yield folder
    finally:
        os.umask(mask)
        shutil.rmtree(folder)


def test_what_may_not_be_read_is_named_and_kept(shared: Path) -> None:
    folder = write_files(shared / "in", GOOD)
    secret = {"secret.txt": "1", "secret.jsonl": lines({"id": "2", "text": "2"}), "sub/a.txt": "3"}
    write_files(folder, {**secret, "sub/sub/b.txt": "4"})
    with as_nobody():
        index = Index.create(shared / "index")
        index_paths(index, [folder])
    before = held(index)
    assert len(before) == 6
    for name in ("secret.txt", "secret.jsonl", "sub"):
        (folder / name).chmod(0)
    (folder / "good.txt").unlink()
    with as_nobody():
        summary = index_paths(index, [folder])
    (folder / "sub").chmod(0o777)
    assert errors(summary) == [
        f"{folder}/{name}: cannot be read (Permission denied); check its permissions"
        for name in ("secret.jsonl", "secret.txt", "sub")
    ]
    assert figures(summary) == (0, 0, 1, 1)
    assert set(held(index)) == set(before) - {"in/good.txt"}


@pytest.mark.parametrize("prune", [False, True])
def test_a_folder_that_may_not_be_read_loses_nothing(shared: Path, prune: bool) -> None:
    folder = write_files(shared / "above" / "in", GOOD)
    with as_nobody():
        index = Index.create(shared / "index")
        index_paths(index, [folder])
    for locked in (folder, folder.parent):
        locked.chmod(0)
        with as_nobody():
            summary = index_paths(index, [folder], prune=prune)
        locked.chmod(0o777)
        assert_only_the_good(index, summary, f"{folder}: cannot be read (Permission denied); check")
        assert figures(summary) == (0, 0, 0, 0)


# Queries


@pytest.mark.parametrize(
    "query",
    [
        "word " * 200_000,
        "w" * 1_000_000,
        "(" * 1_000_000,
        "a OR " * 200_000,
        '"' + "word " * 200_000 + '"',
        "جيش " * 200_000,
        "a" + "\u0301" * 500_000,
        "* " * 500_000,
        "-a " * 300_000,
        "title:" * 150_000,
    ],
    ids=[
        "words",
        "one word",
        "parentheses",
        "OR",
        "phrase",
        "Arabic",
        "marks",
        "stars",
        "not",
        "title",
    ],
)
def test_a_query_of_a_megabyte(index: Index, folder: Path, query: str) -> None:
    index_paths(index, [folder])
    results = Searcher(index).search(query)
    assert results.total in (0, 1, 2)


# Folders that are no index


def test_a_folder_that_is_something_else(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound, match="there is no index here; make one with"):
        Index.open(folder)
    with pytest.raises(FihrisError, match=r"holds other files .*give an index a folder of its own"):
        Index.open_or_create(folder)
    assert {path.name for path in folder.iterdir()} == set(GOOD)
    with pytest.raises(IndexNotFound, match="there is no index here"):
        Searcher(tmp_path / "missing")
    with pytest.raises(FihrisError, match=r"good\.txt"):
        Index.open_or_create(folder / "good.txt")
    assert (folder / "good.txt").read_text() == GOOD["good.txt"]


def test_an_index_of_another_version(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_paths(index, [folder])
    before = sorted(path.name for path in index.path.iterdir())
    monkeypatch.setattr(commit, "FORMAT", commit.FORMAT + 1)
    with pytest.raises(IndexVersionError, match="index the documents again into a new folder"):
        Searcher(index.path)
    with pytest.raises(IndexVersionError, match="index the documents again into a new folder"):
        index_paths(index, [folder])
    assert sorted(path.name for path in index.path.iterdir()) == before
    monkeypatch.undo()
    assert set(held(Index.open(index.path))) == GOOD_IDS


def test_a_damaged_index_is_not_written_to(index: Index, folder: Path) -> None:
    index_paths(index, [folder])
    (record,) = index.path.glob("*.toc")
    record.write_bytes(record.read_bytes().replace(b"_", b"-", 1))
    with pytest.raises(IndexDamaged, match="is altered; restore the index from a copy"):
        index_paths(index, [folder])
