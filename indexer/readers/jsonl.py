"""JSON Lines: one document a line, read in blocks of lines so that any file fits in memory.

A line is an object with "id" and "title" or "text", and if wanted "language" (or "lang"), "date",
"creator", "collection", "source", "extra"; other keys are kept in `extra`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from ..document import Document
from ..errors import InputError
from .encoding import binary_kind
from .parsed import primary_language

#: A longer line is named and passed over without being held in memory.
MAX_LINE_BYTES = 64 * 1024 * 1024
_BLOCK_BYTES = 4 * 1024 * 1024
#: Deeper values could not be stored or shown again.
_MAX_DEPTH = 64

_TEXTS = ("title", "text", "date", "creator", "collection", "source")
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_decoder = msgspec.json.Decoder()
# Values of these types can all be stored.
_SIMPLE = (str, bool, float, type(None))


class Block(msgspec.Struct, frozen=True):
    """Some whole lines of a file; `first_line` is the number of the first, counted from 1."""

    first_line: int
    data: bytes


def blocks(
    file: BinaryIO, where: str, size: int = _BLOCK_BYTES, max_line: int = MAX_LINE_BYTES
) -> Iterator[Block | InputError]:
    """Cut a file into blocks of whole lines.

    Args:
        file: open for reading bytes, at its start.
        where: the name of the file, for errors.
        size: bytes to read at once; a block is about that long, or one line if that is longer.
        max_line: bytes that a line may have; a longer one gives an InputError in its place.

    Raises:
        InputError: the file is binary or cannot be read on.
    """
    line, parts, held, skipping = 1, [], 0, False
    chunk = _read(file, size, where).removeprefix(codecs.BOM_UTF8)
    kind = binary_kind(chunk) or ("UTF-16" if chunk[:2] in (b"\xff\xfe", b"\xfe\xff") else None)
    if kind or b"\0" in chunk:
        raise InputError(
            where,
            "looks like a binary file" + (f" ({kind})" if kind else ""),
            "JSON Lines are UTF-8 text, one object a line",
        )
    while chunk:
        end = chunk.rfind(b"\n") + 1
        if skipping and end:
            # The over-long line ends here; what follows it is whole lines and a rest.
            start = chunk.index(b"\n") + 1
            yield _too_long(where, line, max_line)
            line, skipping = line + 1, False
            chunk, end = chunk[start:], end - start
        if not skipping:
            if end:
                data = b"".join((*parts, chunk[:end]))
                yield Block(line, data)
                line += data.count(b"\n")
                parts, held = [], 0
            if end < len(chunk):
                parts.append(chunk[end:])
                held += len(chunk) - end
            if held > max_line:
                parts, held, skipping = [], 0, True
        chunk = _read(file, size, where)
    if skipping:
        yield _too_long(where, line, max_line)
    elif parts:
        yield Block(line, b"".join(parts))


def parse_block(block: Block, where: str) -> Iterator[tuple[int, Document | InputError]]:
    """The documents of a block, each with the number of its line; a line that cannot be used
    gives an InputError in its place."""
    for number, line in enumerate(block.data.split(b"\n"), block.first_line):
        if line and not line.isspace():
            try:
                yield number, parse_line(line, where, number)
            except InputError as error:
                yield number, error


def parse_line(line: bytes, where: str, number: int) -> Document:
    """The document in one line; raises InputError naming the file and the line."""
    place = f"{where}:{number}"
    record = _object(line, place)
    identity = record.pop("id", None)
    if isinstance(identity, int) and not isinstance(identity, bool):
        identity = str(identity)
    if not isinstance(identity, str) or not identity.strip():
        what = "has no id" if identity in (None, "") else "its id is neither text nor a number"
        raise InputError(place, what, 'give it one, such as "id": "letters/17"')
    texts: dict[str, str | None] = {name: _text(record, name, place) for name in _TEXTS}
    title, text = texts.pop("title") or "", texts.pop("text") or ""
    if not title.strip() and not text.strip():
        raise InputError(place, "has neither title nor text", 'put the words under "text"')
    language, lang = (_text(record, name, place) for name in ("language", "lang"))
    extra = record.pop("extra", None)
    if extra is not None and not isinstance(extra, dict):
        raise InputError(place, "its extra is not an object", 'write "extra": {"name": "value"}')
    extra = {**record, **(extra or {})}
    simple = all(type(value) in _SIMPLE for value in extra.values())
    if not simple and (flaw := _unstorable(extra)):
        raise InputError(place, flaw, "change it or leave it out")
    return Document(
        id=identity,
        title=title,
        text=text,
        language=primary_language(language or lang),
        extra=extra or None,
        **texts,
    )


def _read(file: BinaryIO, size: int, where: str) -> bytes:
    try:
        return file.read(size)
    except OSError as error:
        raise InputError(where, f"cannot be read on ({error.strerror})", "check the disk") from None


def _too_long(where: str, line: int, max_line: int) -> InputError:
    return InputError(
        f"{where}:{line}",
        f"the line is over {max_line:,} bytes long",
        "split it into documents of a chapter or a page each",
    )


def _object(line: bytes, place: str) -> dict[str, Any]:
    try:
        try:
            value = _decoder.decode(line)
        except msgspec.DecodeError:
            # Half of a character written as \ud83d is refused too; it becomes U+FFFD.
            mended = _ESCAPE.sub(_whole_character, line)
            if mended == line:
                raise
            value = _decoder.decode(mended)
    except UnicodeDecodeError:
        raise InputError(place, "is not UTF-8", "save the file as UTF-8") from None
    except RecursionError:
        raise InputError(place, "is nested too deep", "flatten it") from None
    except msgspec.DecodeError as error:
        reason = str(error).removeprefix("JSON is malformed: ")
        raise InputError(place, f"is not valid JSON ({reason})", "mend the line") from None
    if not isinstance(value, dict):
        raise InputError(
            place, "is not a JSON object", 'write one {"id": …, "title": …, "text": …} a line'
        )
    return value


def _whole_character(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape[1] else escape[0]


def _text(record: dict[str, Any], name: str, place: str) -> str | None:
    value = record.pop(name, None)
    if value is None or isinstance(value, str):
        return value
    if name == "date" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    kind = {dict: "an object", list: "a list", bool: "true or false"}.get(type(value), "a number")
    raise InputError(place, f"its {name} is {kind}, not text", "put it in quotes")


def _unstorable(value: object) -> str | None:
    """Why the metadata cannot be stored, or None when it can."""
    level = [value]
    for _ in range(_MAX_DEPTH):
        if any(isinstance(inner, int) and not -(2**63) <= inner < 2**63 for inner in level):
            return "holds a whole number of over 64 bits"
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return None
    return f"is nested over {_MAX_DEPTH} levels deep"
