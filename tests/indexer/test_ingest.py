"""Bringing an index up to date: what is new, changed, the same, gone, or given twice."""

import os
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from fihris.indexer import Document, Index, IndexLocked
from fihris.indexer.ingest import Progress, Summary, index_paths
from fihris.indexer.readers import jsonl
from fihris.search.searcher import Searcher

from ..collections import WORDS
from .folders import assert_settled, errors, figures, held, lines, texts, write_files

FILES = {
    "a.txt": "The first letter\n\nIt speaks of the liberation army.",
    "b.md": "# Deuxième lettre\n\nElle parle de l’armée de libération.",
    "c.html": "<html lang=ar><title>الرسالة الثالثة</title><p>جيش التحرير الروسي",
    "sub/d.jsonl": lines(
        {"id": "d1", "title": "One", "text": "prisoners of war", "date": "1944-11-14"},
        {"id": "d2", "title": "Two", "text": "prisonniers", "language": "fr", "box": 17},
        {"id": "d3", "title": "Three", "text": "أسرى الحرب"},
    ),
}
IDS = {"letters/a.txt", "letters/b.md", "letters/c.html", "d1", "d2", "d3"}


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.create(tmp_path / "index")


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    return write_files(tmp_path / "archive" / "letters", FILES)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of ten files of one document each."""
    files = {f"{n}.txt": f"Letter number {n}" for n in range(10)}
    return write_files(tmp_path / "archive" / "many", files)


# Taking in


def test_files_folders_and_records_are_taken_in(index: Index, letters: Path) -> None:
    summary = index_paths(index, [letters])
    assert figures(summary) == (6, 0, 0, 0)
    assert (summary.errors, summary.errors_total, summary.kept) == ([], 0, [])
    assert summary.skipped == {}
    assert summary.seconds > 0
    found = held(index)
    assert set(found) == IDS
    assert found["letters/a.txt"]["text"] == FILES["a.txt"]
    assert found["letters/b.md"]["title"] == "Deuxième lettre"
    assert found["letters/c.html"]["language"] == "ar"
    assert found["d1"]["date"] == "1944-11-14"
    assert (found["d2"]["language"], found["d2"]["extra"]) == ("fr", {"box": 17})
    assert found["d3"]["origin"] == str(letters / "sub/d.jsonl")
    assert Searcher(index).search("armee").hits[0].id == "letters/b.md"


def test_everything_is_one_commit(index: Index, letters: Path, many: Path) -> None:
    index_paths(index, [letters, many])
    assert index.latest_generation() == 1
    (letters / "a.txt").unlink()
    write_files(letters, {"b.md": "changed", "new.txt": "new"})
    assert figures(index_paths(index, [letters, many])) == (1, 1, 14, 1)
    assert index.latest_generation() == 2


def test_nothing_at_all_is_no_commit(index: Index, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    summary = index_paths(index, [tmp_path / "empty"])
    assert (figures(summary), summary.errors, summary.kept) == ((0, 0, 0, 0), [], [])
    assert index.latest_generation() == 0


def test_files_without_a_reader_are_counted(index: Index, letters: Path) -> None:
    write_files(letters, {"x.pdf": "%PDF", "y.pdf": "%PDF", "z.png": "PNG"})
    summary = index_paths(index, [letters])
    assert summary.skipped == {"no reader for .pdf": 2, "no reader for .png": 1}
    assert (len(held(index)), summary.errors_total) == (6, 0)


def test_there_must_be_a_job(index: Index, letters: Path) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        index_paths(index, [letters], jobs=0)


def test_a_second_writer_is_refused_at_once(index: Index, letters: Path) -> None:
    with index.writer(), pytest.raises(IndexLocked):
        index_paths(index, [letters])
    assert figures(index_paths(index, [letters])) == (6, 0, 0, 0)


# Again


@pytest.mark.parametrize("jobs", [1, 2])
def test_again_changes_nothing(index: Index, letters: Path, jobs: int) -> None:
    assert_settled(index, [letters], index_paths(index, [letters], jobs=jobs), jobs)


def test_a_touched_file_is_unchanged(index: Index, letters: Path) -> None:
    summary = index_paths(index, [letters])
    for name in FILES:
        os.utime(letters / name, (1, 1))
    assert_settled(index, [letters], summary)


def test_what_changed_is_replaced(index: Index, letters: Path) -> None:
    index_paths(index, [letters])
    write_files(
        letters,
        {"a.txt": "Another text", "sub/d.jsonl": FILES["sub/d.jsonl"].replace("1944", "1945")},
    )
    summary = index_paths(index, [letters])
    assert figures(summary) == (0, 2, 4, 0)
    found = held(index)
    assert found["letters/a.txt"]["text"] == "Another text"
    assert found["d1"]["date"] == "1945-11-14"
    assert Searcher(index).search("liberation").total == 1
    assert_settled(index, [letters], summary)


def test_what_vanished_is_removed(index: Index, letters: Path) -> None:
    index_paths(index, [letters])
    (letters / "a.txt").unlink()
    summary = index_paths(index, [letters])
    assert figures(summary) == (0, 0, 5, 1)
    assert set(held(index)) == IDS - {"letters/a.txt"}
    assert_settled(index, [letters], summary)


def test_a_renamed_file_is_another_document(index: Index, letters: Path) -> None:
    index_paths(index, [letters])
    (letters / "a.txt").rename(letters / "z.txt")
    assert figures(index_paths(index, [letters])) == (1, 0, 5, 1)
    assert set(held(index)) == IDS - {"letters/a.txt"} | {"letters/z.txt"}


def test_a_vanished_record_is_removed(index: Index, letters: Path) -> None:
    index_paths(index, [letters])
    first, *_ = FILES["sub/d.jsonl"].splitlines(keepends=True)
    write_files(letters, {"sub/d.jsonl": first})
    summary = index_paths(index, [letters])
    assert figures(summary) == (0, 0, 4, 2)
    assert set(held(index)) == IDS - {"d2", "d3"}
    assert_settled(index, [letters], summary)


def test_most_records_of_a_file_may_vanish(index: Index, tmp_path: Path) -> None:
    # The guards are for folders that were not there in full; this file was read to its end.
    records = [{"id": f"r{n}", "text": "record"} for n in range(20)]
    folder = write_files(tmp_path / "f", {"r.jsonl": lines(*records), "x.txt": "x"})
    index_paths(index, [folder])
    write_files(folder, {"r.jsonl": lines(records[3])})
    summary = index_paths(index, [folder])
    assert (figures(summary), summary.kept) == ((0, 0, 2, 19), [])
    index_paths(index, [folder / "r.jsonl"])
    assert set(held(index)) == {"r3", "f/x.txt"}


def test_records_stay_while_their_file_has_a_broken_line(index: Index, letters: Path) -> None:
    index_paths(index, [letters])
    first, *_ = FILES["sub/d.jsonl"].splitlines(keepends=True)
    write_files(letters, {"sub/d.jsonl": first + '{"id": "d2", "te'})
    summary = index_paths(index, [letters])
    assert (figures(summary), summary.errors_total) == ((0, 0, 4, 0), 1)
    assert set(held(index)) == IDS


def test_a_record_may_move_to_another_file(index: Index, letters: Path) -> None:
    index_paths(index, [letters])
    (letters / "sub/d.jsonl").rename(letters / "moved.jsonl")
    summary = index_paths(index, [letters])
    assert figures(summary) == (0, 3, 3, 0)
    assert held(index)["d1"]["origin"] == str(letters / "moved.jsonl")
    assert_settled(index, [letters], summary)


# Guards


def test_a_missing_folder_removes_nothing(index: Index, letters: Path) -> None:
    index_paths(index, [letters])
    shutil.rmtree(letters)
    summary = index_paths(index, [letters])
    assert errors(summary) == [f"{letters}: does not exist; check the spelling of the path"]
    assert summary.kept == [
        f"{letters} is missing: its documents were kept in the index; "
        "remove them with --prune if that is meant"
    ]
    assert (figures(summary), set(held(index))) == ((0, 0, 0, 0), IDS)
    pruned = index_paths(index, [letters], prune=True)
    assert (figures(pruned), pruned.kept, held(index)) == ((0, 0, 0, 6), [], {})


def test_an_empty_folder_removes_nothing(index: Index, letters: Path) -> None:
    index_paths(index, [letters])
    shutil.rmtree(letters)
    letters.mkdir()
    summary = index_paths(index, [letters])
    assert [sentence.partition(":")[0] for sentence in summary.kept] == [f"{letters} is empty"]
    assert (figures(summary), set(held(index))) == ((0, 0, 0, 0), IDS)
    assert figures(index_paths(index, [letters], prune=True)) == (0, 0, 0, 6)


def test_a_folder_with_over_half_its_files_gone_removes_nothing(index: Index, many: Path) -> None:
    index_paths(index, [many])
    for n in range(6):
        (many / f"{n}.txt").unlink()
    write_files(many, {"9.txt": "changed", "10.txt": "new"})
    summary = index_paths(index, [many])
    assert figures(summary) == (1, 1, 3, 0)
    assert [sentence.partition(":")[0] for sentence in summary.kept] == [
        f"{many} lacks 6 of its 10 files"
    ]
    assert len(held(index)) == 11
    assert figures(index_paths(index, [many], prune=True)) == (0, 0, 5, 6)


def test_half_of_the_files_may_go(index: Index, many: Path) -> None:
    index_paths(index, [many])
    for n in range(5):
        (many / f"{n}.txt").unlink()
    summary = index_paths(index, [many])
    assert (figures(summary), summary.kept) == ((0, 0, 5, 5), [])


def test_a_vanished_file_that_is_named_needs_pruning(index: Index, many: Path) -> None:
    index_paths(index, [many])
    (many / "3.txt").unlink()
    summary = index_paths(index, [many / "3.txt"])
    assert (figures(summary), len(summary.kept)) == ((0, 0, 0, 0), 1)
    assert figures(index_paths(index, [many / "3.txt"], prune=True)) == (0, 0, 0, 1)
    assert len(held(index)) == 9


def test_a_guard_holds_for_its_own_folder_only(index: Index, letters: Path, many: Path) -> None:
    index_paths(index, [letters, many])
    shutil.rmtree(letters)
    (many / "3.txt").unlink()
    summary = index_paths(index, [letters, letters, many])
    assert (figures(summary), len(summary.kept)) == ((0, 0, 9, 1), 1)


@pytest.mark.parametrize("inner_first", [True, False])
def test_what_is_kept_is_not_removed_with_the_folder_around_it(
    index: Index, letters: Path, inner_first: bool
) -> None:
    paths = [letters / "sub", letters] if inner_first else [letters, letters / "sub"]
    index_paths(index, paths)
    before = held(index)
    shutil.rmtree(letters / "sub")
    summary = index_paths(index, paths)
    assert (figures(summary), len(summary.kept)) == ((0, 0, 3, 0), 1)
    assert held(index) == before
    assert figures(index_paths(index, [letters])) == (0, 0, 3, 3)


# Whose documents are removed


def test_removal_touches_only_what_came_from_the_folder(index: Index, letters: Path) -> None:
    others = [
        write_files(letters.parent / name, {"x.txt": name}) for name in ("letters2", "letters-old")
    ]
    above = write_files(letters.parent, {"y.txt": "above"}) / "y.txt"
    index_paths(index, [letters, *others, above])
    with index.writer() as writer:
        writer.add(Document(id="letters/by-hand", text="added by a program"))
    for path in (letters / "a.txt", others[0] / "x.txt", above):
        path.unlink()
    assert figures(index_paths(index, [letters])) == (0, 0, 5, 1)
    kept = {"letters2/x.txt", "letters-old/x.txt", "y.txt", "letters/by-hand"}
    assert set(held(index)) == IDS - {"letters/a.txt"} | kept
    assert figures(index_paths(index, [letters], prune=True)) == (0, 0, 5, 0)


def test_a_folder_below_removes_only_its_own(index: Index, letters: Path) -> None:
    write_files(letters, {"sub/e.txt": "e", "sub/f.txt": "f"})
    index_paths(index, [letters])
    (letters / "a.txt").unlink()
    (letters / "sub/e.txt").unlink()
    assert figures(index_paths(index, [letters / "sub"])) == (0, 0, 4, 1)
    assert set(held(index)) == IDS | {"letters/sub/f.txt"}


# One file by several ways


def test_a_file_keeps_its_id_however_it_is_found(
    index: Index, letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = index_paths(index, [letters])
    before = held(index)
    (letters.parent / "link").symlink_to(letters)
    monkeypatch.chdir(letters)
    for path in ("a.txt", ".", "../letters", "../link", "../link/a.txt", ".."):
        found = index_paths(index, [path])
        assert (found.added, found.changed, found.removed, found.errors) == (0, 0, 0, []), path
    assert held(index) == before
    assert_settled(index, [letters], summary)


def test_a_file_that_was_first_found_alone_keeps_its_id(index: Index, letters: Path) -> None:
    index_paths(index, [letters / "a.txt"])
    assert set(held(index)) == {"a.txt"}
    write_files(letters, {"a.txt": "changed"})
    summary = index_paths(index, [letters])
    assert figures(summary) == (5, 1, 0, 0)
    assert set(held(index)) == IDS - {"letters/a.txt"} | {"a.txt"}
    assert_settled(index, [letters], summary)


@pytest.mark.parametrize("names", [(".", "sub"), ("sub", "."), (".", "."), (".", "a.txt")])
def test_what_is_named_twice_is_read_once(
    index: Index, letters: Path, names: tuple[str, str]
) -> None:
    paths = [letters / name for name in names]
    told: list[Progress] = []
    summary = index_paths(index, paths, progress=told.append)
    assert (figures(summary), summary.errors) == ((6, 0, 0, 0), [])
    assert (told[-1].files_done, told[-1].files_total) == (4, 4)
    assert_settled(index, paths, summary)
    (letters / "b.md").unlink()
    assert figures(index_paths(index, paths)) == (0, 0, 5, 1)


def test_a_link_to_a_folder_that_is_read_anyway_adds_nothing(index: Index, letters: Path) -> None:
    (letters / "other").symlink_to("sub")
    write_files(letters, {"sub/e.txt": "e"})
    summary = index_paths(index, [letters])
    assert (figures(summary), summary.errors) == ((7, 0, 0, 0), [])
    assert_settled(index, [letters], summary)


def test_a_link_to_a_file_does_not_remove_the_file(index: Index, letters: Path) -> None:
    index_paths(index, [letters])
    link = letters.parent / "link.txt"
    link.symlink_to(letters / "a.txt")
    summary = index_paths(index, [link])
    assert figures(summary) == (1, 0, 0, 0)
    assert set(held(index)) == IDS | {"link.txt"}


def test_the_folder_of_the_index_is_passed_over(letters: Path) -> None:
    index = Index.create(letters / "index")
    summary = index_paths(index, [letters])
    assert (figures(summary), summary.errors, summary.skipped) == ((6, 0, 0, 0), [], {})
    # Not even what looks like a text: whatever lies there belongs to the index.
    write_files(letters, {"index/note.txt": "a note"})
    again = index_paths(index, [letters, letters / "index", letters / "index/note.txt"])
    assert (figures(again), again.errors, again.skipped) == ((0, 0, 6, 0), [], {})
    assert index.latest_generation() == 1


# One id for several


def test_files_of_one_id_in_different_folders(index: Index, tmp_path: Path) -> None:
    one = write_files(tmp_path / "1" / "letters", {"x.txt": "the one"})
    two = write_files(tmp_path / "2" / "letters", {"x.txt": "the other"})
    index_paths(index, [one])
    expected = [
        f"{two}/x.txt: the id 'letters/x.txt' was given before, in {one}/x.txt; "
        "index the folder that holds both, so that their ids differ"
    ]
    for paths in ([two], [two], [one, two]):
        summary = index_paths(index, paths)
        assert errors(summary) == expected
        assert texts(index) == {"letters/x.txt": "the one"}
    assert index.latest_generation() == 1
    summary = index_paths(index, [tmp_path])
    assert (figures(summary), summary.errors) == ((1, 0, 1, 0), [])
    assert sorted(texts(index).values()) == ["the one", "the other"]


def test_files_of_one_id_in_one_run(index: Index, tmp_path: Path) -> None:
    one = write_files(tmp_path / "1" / "letters", {"x.txt": "the one"})
    two = write_files(tmp_path / "2" / "letters", {"x.txt": "the other"})
    summary = index_paths(index, [one, two])
    assert figures(summary) == (1, 0, 0, 0)
    assert errors(summary) == [
        f"{two}/x.txt: the id 'letters/x.txt' was given before, in {one}/x.txt; "
        "index the folder that holds both, so that their ids differ"
    ]
    assert texts(index) == {"letters/x.txt": "the one"}
    assert_settled(index, [one, two], summary)


def test_a_file_that_moved_to_another_folder_keeps_its_id(index: Index, tmp_path: Path) -> None:
    one = write_files(tmp_path / "1" / "letters", {"x.txt": "text"})
    index_paths(index, [one])
    (tmp_path / "2").mkdir()
    two = one.rename(tmp_path / "2" / "letters")
    summary = index_paths(index, [two])
    assert (figures(summary), summary.errors) == ((0, 1, 0, 0), [])
    assert held(index)["letters/x.txt"]["origin"] == str(two / "x.txt")


def test_a_name_that_is_not_utf8_is_still_seen_to_be_there(index: Index, tmp_path: Path) -> None:
    folders = [tmp_path / os.fsdecode(b"caf\xe9-%d" % n) / "letters" for n in (1, 2)]
    for folder in folders:
        write_files(folder, {"x.txt": str(folder)[-9:]})
    index_paths(index, folders[:1])
    before = held(index)
    assert index_paths(index, folders[1:]).errors_total == 1
    assert held(index) == before


def repeated(folder: Path) -> list[str]:
    """What is to be said of `REPEATED`."""
    return sorted(
        f"{folder}/{where}: the id '{name}' was given before, in {folder}/{first}; "
        "give every document an id of its own; the first was kept"
        for where, name, first in (
            ("a.jsonl:3", "x", "a.jsonl:1"),
            ("a.jsonl:4", "x", "a.jsonl:1"),
            ("b.jsonl:2", "y", "a.jsonl:2"),
            ("b.jsonl:3", "z", "b.jsonl:1"),
        )
    )


REPEATED = {
    "a.jsonl": lines(
        {"id": "x", "text": "the first x"},
        {"id": "y", "text": "the first y"},
        {"id": "x", "text": "the second x"},
        {"id": "x", "text": "the first x"},
    ),
    "b.jsonl": lines(
        {"id": "z", "text": "the first z"},
        {"id": "y", "text": "the second y"},
        {"id": "z", "text": "the first z"},
        {"id": "w", "text": "the only w"},
    ),
}


@pytest.mark.parametrize("jobs", [1, 2])
def test_of_an_id_given_again_the_first_is_kept(index: Index, tmp_path: Path, jobs: int) -> None:
    folder = write_files(tmp_path / "records", REPEATED)
    summary = index_paths(index, [folder], jobs=jobs)
    assert (figures(summary), errors(summary)) == ((4, 0, 0, 0), repeated(folder))
    assert texts(index) == {
        "x": "the first x",
        "y": "the first y",
        "z": "the first z",
        "w": "the only w",
    }
    assert_settled(index, [folder], summary)


def test_an_id_repeated_after_an_unchanged_one(index: Index, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "r", {"a.jsonl": lines({"id": "x", "text": "first"})})
    index_paths(index, [folder])
    write_files(folder, {"b.jsonl": lines({"id": "x", "text": "second"})})
    summary = index_paths(index, [folder])
    assert (figures(summary), summary.errors_total) == ((0, 0, 1, 0), 1)
    assert texts(index) == {"x": "first"}
    assert index.latest_generation() == 1
    assert_settled(index, [folder], summary)
    # Once the first is gone, the second takes its place.
    (folder / "a.jsonl").unlink()
    assert figures(index_paths(index, [folder])) == (0, 1, 0, 0)
    assert texts(index) == {"x": "second"}


def test_an_id_repeated_before_an_unchanged_one(index: Index, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "r", {"b.jsonl": lines({"id": "x", "text": "old"})})
    index_paths(index, [folder])
    write_files(folder, {"a.jsonl": lines({"id": "x", "text": "new"})})
    summary = index_paths(index, [folder])
    assert (figures(summary), summary.errors_total) == ((0, 1, 0, 0), 1)
    assert texts(index) == {"x": "new"}
    assert_settled(index, [folder], summary)


def test_a_record_with_the_id_of_a_file(index: Index, tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "r",
        {"a.txt": "the file", "b.jsonl": lines({"id": "r/a.txt", "text": "the record"})},
    )
    summary = index_paths(index, [folder])
    assert (figures(summary), summary.errors_total) == ((1, 0, 0, 0), 1)
    assert_settled(index, [folder], summary)


def test_a_document_of_a_program_is_replaced_by_a_file(index: Index, letters: Path) -> None:
    with index.writer() as writer:
        writer.add(Document(id="d1", text="by hand"))
        writer.add(Document(id="letters/a.txt", text="by hand"))
    summary = index_paths(index, [letters])
    assert figures(summary) == (4, 2, 0, 0)
    assert "by hand" not in texts(index).values()
    assert_settled(index, [letters], summary)


# What is told meanwhile


def test_progress_ends_at_its_totals(index: Index, letters: Path) -> None:
    write_files(letters, {"bom.jsonl": b"\xef\xbb\xbf" + lines({"id": "e", "text": "e"}).encode()})
    for jobs in (1, 2):
        told: list[Progress] = []
        index_paths(index, [letters], jobs=jobs, progress=told.append)
        last = told[-1]
        size = sum(path.stat().st_size for path in letters.rglob("*.*"))
        assert (last.files_done, last.files_total) == (5, 5)
        assert (last.bytes_done, last.bytes_total) == (size, size)
        assert last.documents == 7
        for before, after in pairwise(told):
            assert before.bytes_done <= after.bytes_done


def test_errors_are_told_as_they_happen(index: Index, letters: Path) -> None:
    write_files(letters, {"bad.txt": b"", "sub/bad.jsonl": "{\n[]\n"})
    told: list[str] = []
    summary = index_paths(index, [letters], on_error=lambda error: told.append(str(error)))
    assert len(told) == 3
    assert sorted(told) == errors(summary)


@pytest.mark.parametrize("jobs", [1, 2])
def test_of_many_errors_only_the_first_are_kept(index: Index, letters: Path, jobs: int) -> None:
    bad = "{\n" * 1500
    write_files(letters, {"bad.jsonl": bad + lines({"id": "good", "text": "good"}) + bad})
    told: list[object] = []
    summary = index_paths(index, [letters], jobs=jobs, on_error=told.append)
    assert summary.errors_total == 3000
    assert (len(summary.errors), told) == (1000, summary.errors)
    assert "good" in held(index)


def test_a_callback_that_raises_leaves_the_index_as_it_was(index: Index, letters: Path) -> None:
    index_paths(index, [letters])
    before = held(index)
    write_files(letters, {"a.txt": "changed", "bad.jsonl": "{"})

    def refuse(_: object) -> None:
        raise RuntimeError("no more")

    for jobs, name in ((1, "on_error"), (1, "progress"), (2, "on_error")):
        with pytest.raises(RuntimeError, match="no more"):
            index_paths(index, [letters], jobs=jobs, **{name: refuse})  # type: ignore[arg-type]
        assert (held(index), index.latest_generation()) == (before, 1)
    assert figures(index_paths(index, [letters])) == (0, 1, 5, 0)


# The same in one process and in several


def corpus(folder: Path) -> Path:
    """Files and records enough for several blocks and tasks."""
    records = [
        {
            "id": f"r{n}",
            "title": " ".join(WORDS[n % 40 : n % 40 + 3]),
            "text": " ".join(WORDS[(n * k) % len(WORDS)] for k in range(1, 30)),
        }
        for n in range(300)
    ]
    files = {f"{n}.txt": " ".join(WORDS[n : n + 20]) for n in range(0, 150, 2)}
    return write_files(folder, {**files, "r.jsonl": lines(*records)})


QUERIES = ("armée", "جيش", "prisoners war", '"armée armees"', "vlasof", "general -prison", "muse*")


def ranking(index: Index) -> list[object]:
    searcher = Searcher(index)
    found: list[object] = []
    for query in QUERIES:
        results = searcher.search(query, limit=1000)
        found += [results.total, results.suggestion]
        found += sorted((hit.id, round(hit.score, 5), hit.snippets) for hit in results.hits)
    return found


def test_several_jobs_and_blocks_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus(tmp_path / "corpus")

    def indexed(name: str, jobs: int) -> tuple[Summary, Index]:
        index = Index.create(tmp_path / name)
        return index_paths(index, [folder], jobs=jobs), index

    _, one = indexed("one", 1)
    monkeypatch.setattr(jsonl.blocks, "__defaults__", (1000, jsonl.MAX_LINE_BYTES))
    expected, scores = held(one), ranking(one)
    assert len(expected) == 375
    for name, jobs in (("blocks", 1), ("jobs", 2)):
        summary, index = indexed(name, jobs)
        assert (figures(summary), summary.errors) == ((375, 0, 0, 0), [])
        assert held(index) == expected
        assert ranking(index) == scores
        assert len(index.segments()[1]) == 1
