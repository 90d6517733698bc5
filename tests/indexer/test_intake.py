"""What becomes of the tasks of one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fihris.indexer import Index, InputError
from fihris.indexer.found import Found
from fihris.indexer.ingest import index_paths
from fihris.indexer.intake import (
    MAX_ERRORS,
    BlockTask,
    FileTask,
    Intake,
    Outcome,
    Task,
    given_before,
)
from fihris.indexer.known import Known
from fihris.indexer.readers import Block
from fihris.indexer.sources import Source, origin_of

from .folders import lines, write_files


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.create(tmp_path / "index")


@contextmanager
def intake(index: Index, flush_bytes: int = 1 << 30) -> Iterator[Intake]:
    made = Intake(index.folder, Known(index.segments()[1]), flush_bytes)
    try:
        yield made
    finally:
        made.abort()


def outcome_of(index: Index, task: Task) -> Outcome:
    with intake(index) as one:
        return one.run(task)


def files(*paths: Path) -> FileTask:
    return FileTask(
        [
            Source(Found(path, str(path.parent), f"in/{path.name}", 7, 0), origin_of(path))
            for path in paths
        ]
    )


def records(content: str, first_line: int = 1) -> BlockTask:
    return BlockTask("in/r.jsonl", "/somewhere/in/r.jsonl", Block(first_line, content.encode()))


def record(name: str, text: str = "text") -> dict[str, str]:
    return {"id": name, "text": text}


def test_records_are_told_by_their_lines(index: Index) -> None:
    content = lines(record("a")) + "\n{\n" + lines(record("b"))
    outcome = outcome_of(index, records(content, first_line=10))
    assert (outcome.added, outcome.changed, outcome.unchanged) == (2, 0, 0)
    assert list(outcome.lines) == [10, 13]
    assert (list(outcome.segments), list(outcome.docs)) == ([0, 0], [0, 1])
    assert (outcome.documents, outcome.bytes, outcome.files) == (3, len(content), 0)
    assert [error.where for error in outcome.errors] == ["in/r.jsonl:12"]
    assert (outcome.errors_total, outcome.failed) == (1, {"/somewhere/in/r.jsonl"})


def test_files_are_told_by_their_paths(index: Index, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.txt": "a", "b.txt": "", "c.txt": "c"})
    paths = [folder / name for name in ("a.txt", "b.txt", "c.txt", "missing.txt")]
    outcome = outcome_of(index, files(*paths))
    assert (outcome.added, outcome.documents, outcome.bytes, outcome.files) == (2, 4, 28, 4)
    assert list(outcome.lines) == [0, 0]
    assert [error.where for error in outcome.errors] == [str(paths[1]), str(paths[3])]
    assert outcome.failed == {str(paths[1]), str(paths[3])}


def test_a_document_that_breaks_a_rule_is_told_by_its_file(index: Index) -> None:
    outcome = outcome_of(index, records(lines(record("x" * 5000))))
    (error,) = outcome.errors
    assert (error.where, error.what.startswith("document 'xxx")) == ("in/r.jsonl:1", True)
    assert "id is 5,000 characters long" in error.what
    assert error.advice == "at most 4,096"


def test_what_the_index_holds_is_compared(index: Index, tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "in", {"a.txt": "a", "r.jsonl": lines(record("same"), record("other"))}
    )
    index_paths(index, [folder])
    (segment,) = index.segments()[1]
    held = {segment.files.id_of(doc): doc for doc in range(3)}
    content = lines(record("same"), record("other", "changed"), record("new"))
    task = BlockTask("r.jsonl", str(folder / "r.jsonl"), Block(1, content.encode()))
    outcome = outcome_of(index, task)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 1, 1)
    assert outcome.replaced == [(0, held["other"])]
    # What is unchanged stands in the first committed segment, the rest in the first new one.
    assert list(outcome.segments) == [-1, 0, 0]
    assert list(outcome.docs) == [held["same"], 0, 1]
    again = outcome_of(index, files(folder / "a.txt"))
    assert (again.unchanged, list(again.docs)) == (1, [held["in/a.txt"]])


@pytest.mark.parametrize(
    "other",
    [
        {"title": "t"},
        {"date": "1944"},
        {"language": "fr"},
        {"creator": "c"},
        {"collection": "c"},
        {"source": "s"},
        {"x": 1},
    ],
)
def test_any_field_makes_a_document_another(
    index: Index, tmp_path: Path, other: dict[str, Any]
) -> None:
    folder = write_files(tmp_path / "in", {"r.jsonl": lines(record("a"))})
    index_paths(index, [folder])
    content = lines({**record("a"), **other}).encode()
    outcome = outcome_of(index, BlockTask("r.jsonl", str(folder / "r.jsonl"), Block(1, content)))
    assert (outcome.changed, outcome.unchanged) == (1, 0)


def test_segments_are_written_as_memory_fills(index: Index) -> None:
    with intake(index, flush_bytes=10_000) as one:
        outcomes = [one.run(records(lines(record(f"r{n}", "word " * 100)))) for n in range(12)]
        segments = one.finish()
    assert len(segments) > 2
    places = [(outcome.segments[0], outcome.docs[0]) for outcome in outcomes]
    assert places == [
        (number, doc) for number, segment in enumerate(segments) for doc in range(segment.documents)
    ]
    assert one.finish() == segments


def test_what_is_aborted_leaves_no_file(index: Index) -> None:
    before = sorted(index.folder.list())
    with intake(index) as one:
        one.run(records(lines(record("a"))))
        assert sorted(index.folder.list()) != before
        one.abort()
        assert sorted(index.folder.list()) == before
        assert one.finish() == []


def test_errors_are_bounded(index: Index) -> None:
    outcome = outcome_of(index, records("{\n" * (MAX_ERRORS + 5)))
    assert (len(outcome.errors), outcome.errors_total) == (MAX_ERRORS, MAX_ERRORS + 5)
    assert outcome.errors[-1].where == f"in/r.jsonl:{MAX_ERRORS}"


def test_errors_and_outcomes_survive_the_way_between_processes(index: Index) -> None:
    import pickle  # what multiprocessing sends

    outcome = outcome_of(index, records(lines(record("a")) + "{\n"))
    back = pickle.loads(pickle.dumps(outcome))
    assert (back.ids, back.failed) == (outcome.ids, outcome.failed)
    assert type(back.errors[0]) is InputError
    assert str(back.errors[0]) == str(outcome.errors[0])


def test_where_the_first_of_two_stands() -> None:
    assert str(given_before("/a.jsonl", 3, "x", "/b.jsonl", 7)) == (
        "/a.jsonl:3: the id 'x' was given before, in /b.jsonl:7; "
        "give every document an id of its own; the first was kept"
    )
    assert str(given_before("/a.jsonl", 3, "x", "/b.txt")).partition(";")[0] == (
        "/a.jsonl:3: the id 'x' was given before, in /b.txt"
    )
    assert str(given_before("/a.txt", 0, "x", "/b.jsonl", 7)) == (
        "/a.txt: the id 'x' was given before, in /b.jsonl; "
        "index the folder that holds both, so that their ids differ"
    )
