"""Judged collections: what is read, and what is wrong named with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from fihris.indexer.errors import InputError

from bench.relevance.collection import read

from .folders import CORPUS, JUDGED, QUERIES, write


def test_a_collection(tmp_path: Path) -> None:
    folder = write(tmp_path / "small", qrels=JUDGED, qrels_strict=JUDGED[:1])
    collection = read(folder)
    assert collection.name == "small"
    assert collection.queries == {"q1": "armies of the town", "q2": "armee", "q3": "shores"}
    assert collection.judgements == {
        "": {"q1": {"d1": 2}, "q2": {"d2": 1}, "q3": {"d3": 1}},
        "strict": {"q1": {"d1": 2}},
    }
    documents = list(collection.documents())
    assert [(each.id, each.title, each.language) for each in documents] == [
        ("d1", "Army", None),
        ("d2", "", None),
        ("d3", "", None),
    ]


def test_windows_line_ends_a_byte_order_mark_and_empty_lines(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "small",
        "\ufeff".encode() + "\r\n\r\n".join(CORPUS).encode(),
        "\ufeffq1\tarmies\r\n".encode(),
        qrels=b"\xef\xbb\xbfq1 0 d1 1\r\n\r\n",
    )
    collection = read(folder)
    assert [each.id for each in collection.documents()] == ["d1", "d2", "d3"]
    assert collection.queries == {"q1": "armies"}
    assert collection.judgements == {"": {"q1": {"d1": 1}}}
    assert collection.notes == []


def test_what_does_not_fit_together_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "small", qrels=["q1 0 d1 1", "q1 0 gone 1", "q1 0 lost 0"])
    unknown, unjudged = read(folder).notes
    qrels = folder / "qrels.txt"
    assert unknown == (
        f"{qrels}: 2 judged documents are not in corpus.jsonl and cannot be found, the first in "
        "line 2"
    )
    assert unjudged == (
        f"{qrels}: 2 of 3 queries have no judgement and do not count, the first is 'q2'"
    )


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.tsv", "qrels.txt"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "small")
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"{name}: is missing"):
        read(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none/corpus\.jsonl: is missing"):
        read(tmp_path / "none")


BAD = [
    ("corpus.jsonl", b"", "corpus.jsonl: holds no document"),
    ("corpus.jsonl", b"\n\n", "corpus.jsonl: holds no document"),
    ("corpus.jsonl", b'{"id": "a"}\n{"id": }\n', "corpus.jsonl, line 2: is no document"),
    ("corpus.jsonl", b'{"id": "a"}\n[1]\n', "corpus.jsonl, line 2: is no document"),
    ("corpus.jsonl", b'{"title": "a"}\n', "corpus.jsonl, line 1: is no document"),
    ("corpus.jsonl", b'{"id": 7}\n', "corpus.jsonl, line 1: is no document"),
    ("corpus.jsonl", b'{"id": "\xff"}\n', "corpus.jsonl, line 1: is no document"),
    ("corpus.jsonl", b'{"id": ""}\n', "corpus.jsonl, line 1: is a document with an empty id"),
    (
        "corpus.jsonl",
        b'{"id": "a"}\n\n{"id": "a"}\n',
        "corpus.jsonl, line 3: repeats the document id 'a' of line 1",
    ),
    ("queries.tsv", b"", "queries.tsv: holds no query"),
    ("queries.tsv", b"q1\ta\nno tab\n", "queries.tsv, line 2: has no tab"),
    ("queries.tsv", b"\ta\n", "queries.tsv, line 1: has no tab between a query's id"),
    ("queries.tsv", b"q1\ta\nq1\tb\n", "queries.tsv, line 2: repeats the query id 'q1'"),
    ("queries.tsv", b"q1\t \ten\n", "queries.tsv, line 1: has no text for the query 'q1'"),
    ("queries.tsv", b"q1\t\xff\n", "queries.tsv, line 1: is not UTF-8"),
    ("qrels.txt", b"", "qrels.txt: holds no judgement"),
    ("qrels.txt", b"q1 0 d1\n", "qrels.txt, line 1: is not: query id, 0, document id"),
    ("qrels.txt", b"q1 0 d1 1\nq1 0 d2 much\n", "qrels.txt, line 2: is not: query id"),
    ("qrels.txt", b"q9 0 d1 1\n", "qrels.txt, line 1: judges the query 'q9', which is not in"),
    ("qrels.txt", b"q1 0 d1 1\nq1 0 d1 0\n", "qrels.txt, line 2: judges 'd1' for 'q1' a second"),
    ("qrels.txt", b"q1 0 \xff 1\n", "qrels.txt, line 1: is not UTF-8"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    folder = write(tmp_path / "small")
    (folder / name).write_bytes(content)
    with pytest.raises(InputError) as raised:
        read(folder)
    assert said in str(raised.value)


def test_a_file_of_judgements_with_a_name_is_read_as_strictly(tmp_path: Path) -> None:
    folder = write(tmp_path / "small", CORPUS, QUERIES, qrels=JUDGED, qrels_other=["q1"])
    with pytest.raises(InputError, match=r"qrels\.other\.txt, line 1: is not"):
        read(folder)
