"""The formats that Fihris reads. A new one is a file here and a line in `READERS`."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec

from ..document import MAX_SHORT_FIELD, Document
from ..errors import InputError
from ..found import Found
from ..titles import guess_title
from . import html, jsonl, markdown, text
from .jsonl import Block
from .parsed import Parsed

#: A file that is one document may have this many bytes; larger ones are refused unread.
MAX_FILE_BYTES = 64 * 1024 * 1024


class FileReader(msgspec.Struct, frozen=True):
    """A format whose files are one document each.

    Attributes:
        name: of the format.
        suffixes: of its file names, in small letters.
        read: takes the bytes of a file and its name; raises InputError.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str], Parsed]


class RecordReader(msgspec.Struct, frozen=True):
    """A format whose files hold many documents and may be larger than memory.

    Attributes:
        name: of the format.
        suffixes: of its file names, in small letters.
        blocks: takes an open file and its name; gives blocks, which other processes may parse.
        parse_block: takes a block and the file's name; gives the documents in it with their lines.
    """

    name: str
    suffixes: tuple[str, ...]
    blocks: Callable[[BinaryIO, str], Iterator[Block | InputError]]
    parse_block: Callable[[Block, str], Iterator[tuple[int, Document | InputError]]]


Reader = FileReader | RecordReader

PLAIN_TEXT = FileReader("plain text", (".txt", ".text"), text.read)

READERS: tuple[Reader, ...] = (
    PLAIN_TEXT,
    FileReader("Markdown", (".md", ".markdown"), markdown.read),
    FileReader("HTML", (".html", ".htm", ".xhtml"), html.read),
    RecordReader("JSON Lines", (".jsonl", ".ndjson"), jsonl.blocks, jsonl.parse_block),
)


def reader_for(path: str) -> Reader | None:
    """The reader of files with such a name; None when there is none for its suffix."""
    name = path.lower()
    return next((reader for reader in READERS if name.endswith(reader.suffixes)), None)


def kind_of(origin: str) -> str:
    """What kind of file a document came from: the first suffix of its format, as "md" or "jsonl";
    "" when it came from no file."""
    reader = (reader_for(origin) or PLAIN_TEXT) if origin else None
    return reader.suffixes[0].removeprefix(".") if reader else ""


def read_file(found: Found) -> Document:
    """The document in a file that holds one; with a suffix of no format it is plain text.

    Raises:
        InputError: the file cannot be opened, is over 64 MiB, or cannot be used.
        TypeError: its format holds many documents.
    """
    where = found.where
    reader = reader_for(found.path.name) or PLAIN_TEXT
    if not isinstance(reader, FileReader):
        raise TypeError(f"{where} holds many documents: use its reader's blocks")
    parsed = reader.read(_contents(found), where)
    title = parsed.title.strip()
    if not title or len(title) > MAX_SHORT_FIELD:
        title = guess_title(title or parsed.text)
    if not title and not parsed.text.strip():
        raise InputError(where, "holds no text", "leave it out or fill it")
    return Document(
        id=found.id,
        title=title,
        text=parsed.text,
        language=parsed.language,
        date=parsed.date,
        creator=parsed.creator,
        collection=parsed.collection,
        source=parsed.source,
        extra=parsed.extra,
    )


def _contents(found: Found) -> bytes:
    try:
        # A pipe put in the file's place since it was found must not be waited for.
        descriptor = os.open(found.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:  # noqa: PTH123
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise InputError(found.where, "is no longer a file", "index it again")
            if status.st_size <= MAX_FILE_BYTES:
                data = file.read(MAX_FILE_BYTES + 1)
                if len(data) <= MAX_FILE_BYTES:
                    return data
    except OSError as error:
        raise InputError(
            found.where, f"cannot be read ({error.strerror})", "check its permissions"
        ) from None
    raise InputError(
        found.where,
        f"is over {MAX_FILE_BYTES // 2**20} MiB",
        "split it into documents of a chapter or a page each, or make it JSON Lines",
    )
