"""Looking up what an index holds."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fihris.indexer import Document, Index
from fihris.indexer.builder import Origin
from fihris.indexer.known import Known

ORIGINS = {
    "root": "/r/in/x.txt",
    "deep": "/r/in/deep/er/y.txt",
    "arabic": "/r/in/رسائل/z.txt",
    "record-1": "/r/in/r.jsonl",
    "record-2": "/r/in/r.jsonl",
    "sibling": "/r/in2/x.txt",
    "dash": "/r/in-old/x.txt",
    "dot": "/r/in.txt",
    "by hand": "",
    "last": "/r/in/\U0010ffff.txt",
}
BELOW = {"root", "deep", "arabic", "record-1", "record-2", "last"}


def write(index: Index, names: Sequence[str], text: str = "text") -> None:
    with index.writer() as writer:
        for number, name in enumerate(names):
            writer.add(Document(id=name, text=text), Origin(ORIGINS[name], number + 1))


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """Two segments; what is in the first again is deleted there."""
    index = Index.create(tmp_path / "index")
    write(index, ["root", "sibling", "record-1", "dot", "last"])
    write(index, ["deep", "arabic", "record-2", "dash", "by hand", "root"], "changed")
    return index


@pytest.fixture
def known(index: Index) -> Known:
    return Known(index.segments()[1])


def below(known: Known, root: str) -> set[str]:
    found = [
        known.segments[number].files.id_of(int(doc))
        for number in range(len(known.segments))
        for doc in known.below(number, root)
    ]
    assert len(set(found)) == len(found)
    return set(found)


def test_by_id(known: Known) -> None:
    assert len(known.segments) == 2
    for name, origin in ORIGINS.items():
        place = known.by_id(name)
        assert place is not None
        assert (place.id, place.origin) == (name, origin)
        assert known.segments[place.segment].files.id_of(place.doc) == name
    place = known.by_id("root")
    assert place is not None
    assert (place.segment, place.fingerprint) == (1, 6)
    assert known.by_id("missing") is None


def test_by_origin(known: Known) -> None:
    place = known.by_origin("/r/in/x.txt")
    assert place is not None
    assert (place.id, place.segment) == ("root", 1)
    place = known.by_origin("/r/in/r.jsonl")
    assert place is not None
    assert place.id in ("record-1", "record-2")
    for origin in ("/r/in", "/r/in/x.tx", "/r/in/x.txt2"):
        assert known.by_origin(origin) is None


def test_what_is_deleted_is_not_known(index: Index) -> None:
    with index.writer() as writer:
        for name in ("root", "record-1"):
            writer.delete(name)
    known = Known(index.segments()[1])
    assert known.by_id("root") is None
    assert known.by_origin("/r/in/x.txt") is None
    place = known.by_origin("/r/in/r.jsonl")
    assert place is not None
    assert place.id == "record-2"
    assert below(known, "/r/in") == BELOW - {"root", "record-1"}


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("/r/in", BELOW),
        ("/r/in/", BELOW),
        ("/r/in/deep", {"deep"}),
        ("/r/in/رسائل", {"arabic"}),
        ("/r/in/x.txt", {"root"}),
        ("/r/in/r.jsonl", {"record-1", "record-2"}),
        ("/r/in.txt", {"dot"}),
        ("/r", set(ORIGINS) - {"by hand"}),
        ("/", set(ORIGINS) - {"by hand"}),
        ("/r/i", set()),
        ("/r/in/x.tx", set()),
        ("/zzz", set()),
    ],
)
def test_below(known: Known, root: str, expected: set[str]) -> None:
    assert below(known, root) == expected


def test_files(known: Known) -> None:
    docs = [known.below(number, "/r/in") for number in range(2)]
    assert known.origins(docs) == {ORIGINS[name] for name in BELOW}
    assert known.origins([docs[0][:0], docs[1][:0]]) == set()
    codes = known.origin_codes(1, np.arange(3))
    assert [known.origin(1, int(code)) for code in codes] == [
        ORIGINS[name] for name in ("deep", "arabic", "record-2")
    ]


def test_an_empty_index_knows_nothing() -> None:
    known = Known([])
    assert known.by_id("x") is None
    assert known.by_origin("/x") is None
    assert known.origins([]) == set()
