from types import MappingProxyType
from typing import Any

import pytest
from fihris.indexer import Document, DocumentError
from fihris.indexer.document import (
    FIELD_NAMES,
    MAX_DEPTH,
    MAX_SHORT_FIELD,
    MAX_TEXT_BYTES,
    validated,
    without_surrogates,
)
from hypothesis import given
from hypothesis import strategies as st

SHORT = ("title", "language", "date", "creator", "collection", "source")


def refused(*args: Any, **fields: Any) -> str:
    with pytest.raises(DocumentError) as caught:
        validated(Document(*args, **fields))
    return str(caught.value)


def test_a_document_stays_as_it_is() -> None:
    document = Document(
        id="letters/17",
        title="رسالة",
        text=" Text,\r\nkept as\tgiven \0 \u200f",
        language="ar",
        date="1943/1945",
        creator="Nadia",
        collection="letters",
        source="box 3",
        extra={"pages": 3, "seen": [True, None, 1.5], "of": {"deeper": ("a",)}},
    )
    assert validated(document) == Document(
        **{
            **{name: getattr(document, name) for name in FIELD_NAMES},
            "extra": {"pages": 3, "seen": [True, None, 1.5], "of": {"deeper": ["a"]}},
        }
    )
    assert validated(validated(document)) == validated(document)


@pytest.mark.parametrize("identity", [None, "", " ", "\t\n\u3000"])
def test_an_id_is_needed(identity: Any) -> None:
    assert "the id is missing or empty; give every document an id" in refused(identity)


@pytest.mark.parametrize("value", [0, 7, b"x", ["x"], 1.5, {"a": 1}])
def test_what_is_no_text_is_named(value: Any) -> None:
    kind = type(value).__name__
    assert f"id is {kind}, not text" in refused(value)
    for name in ("text", *SHORT):
        assert f"document 'a': {name} is {kind}, not text" in refused("a", **{name: value})


def test_only_title_and_text_are_always_there() -> None:
    assert "title is NoneType" in refused("a", title=None)
    assert "text is NoneType" in refused("a", text=None)
    assert validated(Document("a")).creator is None


def test_short_fields_are_short() -> None:
    longest = "ة" * MAX_SHORT_FIELD
    validated(Document(id=longest, **dict.fromkeys(SHORT, longest)))
    for name in SHORT:
        assert f"{name} is 4,097 characters long; at most 4,096" in refused(
            "a", **{name: longest + "x"}
        )
    # An id that is too long is not shown as a whole.
    assert len(refused(longest + "x")) < 300


@pytest.mark.parametrize("letter", ["a", "é", "ش", "字", "😀"])
def test_a_text_has_at_most_32_mib(letter: str) -> None:
    size = len(letter.encode())
    most = letter * (MAX_TEXT_BYTES // size)
    assert validated(Document("a", text=most)).text == most
    message = refused("a", text=most + letter)
    assert "the text is over 32 MiB; split it into documents of a chapter" in message


def test_half_characters_are_replaced() -> None:
    broken = "a\ud83d b\udc00\udfff 😀 \ud7ff\ue000"
    mended = "a\ufffd b\ufffd\ufffd 😀 \ud7ff\ue000"
    document = validated(
        Document(id=broken, text=broken, extra={broken: [broken]}, **dict.fromkeys(SHORT, broken))
    )
    assert {document.id, document.text, *(getattr(document, name) for name in SHORT)} == {mended}
    assert document.extra == {mended: [mended]}


@given(st.text(st.characters(codec=None)))
def test_what_is_mended_can_be_stored(text: str) -> None:
    mended = without_surrogates(text)
    assert mended.encode().decode() == mended
    assert len(mended) == len(text)
    try:
        text.encode()
    except UnicodeEncodeError:
        assert mended != text
    else:
        assert mended == text


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ({"a": object()}, "object"),
        ({"a": b"x"}, "bytes"),
        ({"a": {1, 2}}, "set"),
        ({"a": [float("nan")]}, "float"),
        ({"a": float("inf")}, "float"),
        ({"a": 2**63}, "int"),
        ({"a": {1: 2}}, "dict"),
        ({7: "a"}, "dict"),
    ],
)
def test_extra_holds_what_json_can_hold(extra: Any, kind: str) -> None:
    assert f"document 'a': extra holds a {kind} that JSON cannot hold" in refused("a", extra=extra)


@pytest.mark.parametrize("extra", [[], "x", 1])
def test_extra_is_a_mapping(extra: Any) -> None:
    assert "extra is not a mapping" in refused("a", extra=extra)
    assert validated(Document("a", extra=MappingProxyType({"x": 1}))).extra == {"x": 1}


def test_extra_is_not_nested_without_end() -> None:
    assert validated(Document("a", extra={"x": nested(MAX_DEPTH - 1)})).extra
    assert "nested over 100 levels" in refused("a", extra={"x": nested(100_000)})
    endless: dict[str, Any] = {}
    endless["x"] = endless
    assert "nested over" in refused("a", extra=endless)
