import io
import json
from pathlib import Path

import pytest
from fihris.indexer.document import Document
from fihris.indexer.errors import InputError
from fihris.indexer.readers.jsonl import Block, blocks, parse_block, parse_line
from hypothesis import given
from hypothesis import strategies as st


def test_a_line() -> None:
    record = {
        "id": "a",
        "title": "T",
        "text": "x",
        "language": "fr-FR",
        "date": "1944",
        "creator": "C",
        "collection": "L",
        "source": "S",
        "extra": {"box": 7},
        "shelf": [1, None],
    }
    assert parse_line(json.dumps(record).encode(), "f", 1) == Document(
        id="a",
        title="T",
        text="x",
        language="fr",
        date="1944",
        creator="C",
        collection="L",
        source="S",
        extra={"shelf": [1, None], "box": 7},
    )


def test_what_is_tolerated() -> None:
    assert parse_line(b'{"id":7,"text":"x","lang":"AR","date":1944}\r', "f", 1) == Document(
        id="7", text="x", language="ar", date="1944"
    )
    assert parse_line(b'{"id":"a","title":"T","text":null}', "f", 1) == Document(id="a", title="T")


@pytest.mark.parametrize(
    ("escaped", "expected"),
    [
        (r"\ud800", "\ufffd"),
        (r"\udc00 x", "\ufffd x"),
        (r"\ud800A", "\ufffdA"),
        (r"\ud83d\ude00\ud83d", "😀\ufffd"),
        (r"\\ud800 \" \ud800", '\\ud800 " \ufffd'),
    ],
)
def test_half_characters_are_replaced(escaped: str, expected: str) -> None:
    line = f'{{"id":"a","text":"{escaped}"}}'.encode()
    assert parse_line(line, "f", 1).text == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"text":"x"}', "has no id; give it one"),
        (b'{"id":"","text":"x"}', "has no id"),
        (b'{"id":true,"text":"x"}', "its id is neither text nor a number"),
        (b'{"id":[1],"text":"x"}', "its id is neither"),
        (b'{"id":"a"}', "has neither title nor text"),
        (b'{"id":"a","text":" "}', "has neither title nor text"),
        (b'{"id":"a","text":7}', "its text is a number, not text"),
        (b'{"id":"a","text":["x"]}', "its text is a list, not text"),
        (b'{"id":"a","text":"x","date":true}', "its date is true or false"),
        (b'{"id":"a","text":"x","lang":{}}', "its lang is an object"),
        (b'{"id":"a","text":"x","extra":[]}', "its extra is not an object"),
        (b'{"id":"a","text":"x","n":NaN}', "is not valid JSON"),
        (b'{"id":"a","text":"x","n":1e999}', "is not valid JSON"),
        (b'{"id":"a","text":"x","n":[12345678901234567890]}', "holds a whole number"),
        (b'{"id":"a","text":"x"', "is not valid JSON"),
        (b'{"id":"a","text":"x"} x', "is not valid JSON"),
        (b'{"id":"a","text":"\xe9"}', "is not UTF-8; save the file as UTF-8"),
        (b'["a"]', "is not a JSON object"),
        (b"[" * 100_000, "is nested too deep"),
        (b'{"id":"a","text":"x","n":' + b"[" * 100 + b"]" * 100 + b"}", "is nested over 64"),
    ],
)
def test_a_broken_line_is_named(line: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_line(line, "letters.jsonl", 12)
    assert str(caught.value).startswith("letters.jsonl:12: ")
    assert message in str(caught.value)


def test_the_rest_of_a_block_goes_on() -> None:
    data = b'{"id":"a","text":"x"}\n\n  \r\nbroken\n{"id":"b","text":"y"}'
    first, (line, broken), last = parse_block(Block(10, data), "f")
    assert first == (10, Document(id="a", text="x"))
    assert isinstance(broken, InputError)
    assert (line, broken.where) == (13, "f:13")
    assert last == (14, Document(id="b", text="y"))


LINES = st.lists(st.binary(max_size=30).map(lambda b: b.replace(b"\n", b"").replace(b"\0", b"")))


@given(lines=LINES, size=st.integers(1, 20), last=st.booleans())
def test_blocks_hold_every_line_under_its_number(lines: list[bytes], size: int, last: bool) -> None:
    data = b"id\n" + b"\n".join(lines) + (b"\n" if last else b"")
    numbered = []
    for block in blocks(io.BytesIO(data), "f", size, max_line=12):
        if isinstance(block, InputError):
            numbered.append((int(block.where.partition(":")[2]), None))
        else:
            parts = block.data.removesuffix(b"\n").split(b"\n")
            numbered.extend(enumerate(parts, block.first_line))
    whole = dict(enumerate(data.removesuffix(b"\n").split(b"\n"), 1))
    assert [number for number, _ in numbered] == list(whole)
    for number, line in numbered:
        # A line may be a little over the limit when its end comes in with the same read.
        assert line == whole[number] if line is not None else len(whole[number]) > 12
        assert line is None or len(line) <= 12 + size


def test_a_byte_order_mark_is_passed_over() -> None:
    (block,) = blocks(io.BytesIO(b'\xef\xbb\xbf{"id":1}\n'), "f")
    assert block == Block(1, b'{"id":1}\n')
    assert list(blocks(io.BytesIO(b""), "f")) == []


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08", b"\xff\xfe{\0", b'{"id":"\0"}', b"PK\x03\x04"])
def test_a_binary_file_is_named(data: bytes) -> None:
    with pytest.raises(InputError, match=r"f\.jsonl: looks like a binary file"):
        list(blocks(io.BytesIO(data), "f.jsonl"))


def test_a_disk_that_fails_is_named() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match=r"f: cannot be read on \(Input/output error\)"):
        list(blocks(Failing(), "f"))


@pytest.mark.slow
def test_a_line_of_200_megabytes_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    good = b'{"id":"%d","text":"x"}\n'
    with path.open("wb") as file:
        file.write(good % 1 + b'{"id":"big","text":"')
        for _ in range(200):
            file.write(b"word " * 200_000)
        file.write(b'"}\n' + good % 3)
    with path.open("rb") as file:
        found = list(blocks(file, "big.jsonl"))
    assert sum(len(block.data) for block in found if isinstance(block, Block)) < 100
    first, error, last = found
    assert isinstance(error, InputError)
    assert str(error).startswith("big.jsonl:2: the line is over 67,108,864 bytes long; split it")
    assert first == Block(1, good % 1)
    assert last == Block(3, good % 3)
