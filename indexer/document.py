"""What goes into an index: one document, and the rules that it must keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any

import regex

from .errors import DocumentError

#: A document's text may hold this many bytes of UTF-8 at most; longer ones are to be split.
MAX_TEXT_BYTES = 32 * 1024 * 1024
#: Ids, titles and the other short fields may hold this many code points at most.
MAX_SHORT_FIELD = 4096

#: How deep the lists and mappings of extra may be nested.
MAX_DEPTH = 100

_SURROGATE = regex.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Document:
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
FIELD_NAMES = tuple(field.name for field in fields(Document))


def without_surrogates(text: str) -> str:
    """The text with each lone surrogate (half of a broken character) as U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def validated(document: Document) -> Document:
    """The document, made safe to store; raises DocumentError when it breaks a rule."""
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
