"""What goes into an index: one document, and the rules that it must keep."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

import msgspec
import regex

from .errors import DocumentError

#: A document's text may hold this many bytes of UTF-8 at most; longer ones are to be split.
MAX_TEXT_BYTES = 32 * 1024 * 1024
#: Ids, titles and the other short fields may hold this many code points at most.
MAX_SHORT_FIELD = 4096

#: How deep the lists and mappings of extra may be nested.
MAX_DEPTH = 100

_SURROGATE = regex.compile("[\ud800-\udfff]")


class Document(msgspec.Struct, frozen=True, array_like=True):
    """One document, as given.

    Attributes:
        id: names the document in the index; adding another one with the same id replaces it.
        title: shown in results and searched with a weight of its own.
        text: the whole text; blank lines or line ends part its paragraphs.
        language: ISO 639-1 code when it is known; otherwise each paragraph's is found out.
        date: EDTF: 1944, 1943/1945, 1944-11-14.
        creator, collection, source: metadata to show and to filter by.
        extra: anything else (JSON values), stored and given back, not searched.
    """

    id: str
    title: str = ""
    text: str = ""
    language: str | None = None
    date: str | None = None
    creator: str | None = None
    collection: str | None = None
    source: str | None = None
    extra: Mapping[str, Any] | None = None


_OPTIONAL = ("language", "date", "creator", "collection", "source")
FIELD_NAMES = Document.__struct_fields__


def without_surrogates(text: str) -> str:
    """The text with each lone surrogate (half of a broken character) as U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _is_whole(text: str) -> bool:
    """Whether a text has no half of a character."""
    if not text.isascii():
        try:
            text.encode()  # many times faster than looking for one
        except UnicodeEncodeError:
            return False
    return True


_SIMPLE = (str, bool, type(None))


def _is_sound(document: Document) -> bool:
    """Whether a document is safe to store as it is; of most of those that are it is told here."""
    text, extra = document.text, document.extra
    for value in (
        document.title,
        document.language,
        document.date,
        document.creator,
        document.collection,
        document.source,
        document.id,
    ):
        if value is not None and not (
            type(value) is str and len(value) <= MAX_SHORT_FIELD and _is_whole(value)
        ):
            return False
    if extra is not None:
        if type(extra) is not dict:
            return False
        for name, value in extra.items():
            if type(name) is not str or type(value) not in _SIMPLE or not _is_whole(name):
                return False
            if type(value) is str and not _is_whole(value):
                return False
    # A code point takes at most four bytes.
    return (
        type(text) is str
        and len(text) * 4 <= MAX_TEXT_BYTES
        and _is_whole(text)
        and document.title is not None
        and document.id is not None
        and not document.id.isspace()
        and document.id != ""
    )


def validated(document: Document) -> Document:
    """The document, made safe to store; raises DocumentError when it breaks a rule."""
    if _is_sound(document):
        return document
    where = f"document {document.id!r:.100}" if document.id else "a document without an id"
    if document.id is None or (isinstance(document.id, str) and not document.id.strip()):
        raise DocumentError(where, "the id is missing or empty", "give every document an id")
    short: dict[str, str | None] = {}
    for name in ("id", "title", *_OPTIONAL):
        value = getattr(document, name)
        if value is None and name in _OPTIONAL:
            short[name] = None
            continue
        if not isinstance(value, str):
            raise DocumentError(where, f"{name} is {type(value).__name__}, not text")
        if len(value) > MAX_SHORT_FIELD:
            raise DocumentError(
                where, f"{name} is {len(value):,} characters long", f"at most {MAX_SHORT_FIELD:,}"
            )
        short[name] = without_surrogates(value)
    if not isinstance(document.text, str):
        raise DocumentError(where, f"text is {type(document.text).__name__}, not text")
    text = without_surrogates(document.text)
    # A code point takes at most four bytes, so that most texts need not be encoded to be measured.
    if len(text) * 4 > MAX_TEXT_BYTES and len(text.encode()) > MAX_TEXT_BYTES:
        raise DocumentError(
            where,
            f"the text is over {MAX_TEXT_BYTES // 2**20} MiB",
            "split it into documents of a chapter or a page each",
        )
    if document.extra is not None and not isinstance(document.extra, Mapping):
        raise DocumentError(where, "extra is not a mapping of names to values")
    extra = None if document.extra is None else _storable(document.extra, where, 0)
    return Document(text=text, extra=extra, **short)  # type: ignore[arg-type]


def _storable(value: Any, where: str, depth: int) -> Any:
    """A copy of a value of `extra` as JSON gives it back; raises DocumentError."""
    if isinstance(value, str):
        return without_surrogates(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return int(value)
    if isinstance(value, float) and isfinite(value):
        return float(value)
    if depth > MAX_DEPTH:
        raise DocumentError(where, f"extra is nested over {MAX_DEPTH} levels deep", "flatten it")
    if isinstance(value, list | tuple):
        return [_storable(inner, where, depth + 1) for inner in value]
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return {
            without_surrogates(name): _storable(inner, where, depth + 1)
            for name, inner in value.items()
        }
    raise DocumentError(
        where,
        f"extra holds a {type(value).__name__} that JSON cannot hold",
        "use text, numbers of up to 64 bits, true, false, null, lists, and mappings from text",
    )
