"""Fields of whole values (id, language, source): which documents have which value.

Arrays of a field: `blob` and `edges` (the distinct values, in the order of their UTF-8 bytes),
`starts` and `docs` (the documents of each), and unless a document may have several, `codes` (the
place of each document's value). A document without a value has "".
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import repeat
from typing import Any

import numpy as np

from .arrayfile import Array, ArrayFile, ArrayWriter
from .blobs import blob_of, offsets_of
from .schema import SEVERAL

# Values that are read at a time, and bytes of them that are written at a time.
_AT_A_TIME = 4096
_PIECE = 1 << 20


def write_values(writer: ArrayWriter, columns: Mapping[str, list[Any]]) -> None:
    """Writes fields given as one value, or one list of values, for each document."""
    for name, column in columns.items():
        several = name in SEVERAL
        flat = [value for row in column for value in row] if several else column
        docs = np.arange(len(column), dtype=np.uint32)
        if several:
            docs = np.repeat(docs, [len(row) for row in column])
        distinct = sorted({value.encode() for value in flat})
        place = {value: number for number, value in enumerate(distinct)}
        codes = np.fromiter((place[value.encode()] for value in flat), np.uint32, len(flat))
        blob, edges = blob_of(distinct)
        writer.add(f"{name}.blob", blob)
        writer.add(f"{name}.edges", edges)
        _write_column(writer, name, len(distinct), docs, codes, several)


def merge_values(writer: ArrayWriter, name: str, parts: Sequence[tuple[Values, Array]]) -> None:
    """Writes one field of several segments as one.

    Args:
        parts: for each segment its field, and the new number of each document (-1: deleted).
    """
    docs, codes = [], []
    for values, renumbered in parts:
        own, places = values.pairs()
        new = renumbered[own]
        docs.append(new[new >= 0].astype(np.uint32))
        codes.append(places[new >= 0].astype(np.uint32))
    used = [np.unique(own) for own in codes]
    count, places = _merge_distinct(
        writer, name, [(values, own) for (values, _), own in zip(parts, used, strict=True)]
    )
    recoded = [
        new[np.searchsorted(old, own)] for new, old, own in zip(places, used, codes, strict=True)
    ]
    several = parts[0][0].codes is None
    _write_column(writer, name, count, np.concatenate(docs), np.concatenate(recoded), several)


def _merge_distinct(
    writer: ArrayWriter, name: str, parts: Sequence[tuple[Values, Array]]
) -> tuple[int, list[Array]]:
    """Writes the distinct values of several segments, of each those of some places (ascending).

    None is held any longer than until it is written: of ids there are as many as documents.

    Returns:
        How many there are, and the new place of each value that was given.
    """
    places, lengths, piece, last = [array("I") for _ in parts], array("I"), bytearray(), None
    writer.begin(f"{name}.blob", np.dtype(np.uint8))
    streams = [zip(values.each(codes), repeat(n)) for n, (values, codes) in enumerate(parts)]
    for value, part in merge(*streams):
        if value != last:
            last = value
            piece += value
            lengths.append(len(value))
            if len(piece) >= _PIECE:
                writer.extend(np.frombuffer(piece, np.uint8))
                piece = bytearray()
        places[part].append(len(lengths) - 1)
    writer.extend(np.frombuffer(piece, np.uint8))
    sizes = np.frombuffer(lengths, np.uint32)
    writer.add(f"{name}.edges", offsets_of(sizes))
    return len(sizes), [np.frombuffer(each, np.uint32) for each in places]


def _write_column(
    writer: ArrayWriter, name: str, distinct: int, docs: Array, codes: Array, several: bool
) -> None:
    """Writes which documents have which of so many distinct values."""
    order = np.lexsort((docs, codes))
    starts = np.zeros(distinct + 1, np.uint32)
    np.cumsum(np.bincount(codes, minlength=distinct), out=starts[1:])
    writer.add(f"{name}.starts", starts)
    writer.add(f"{name}.docs", docs[order])
    if not several:
        of_doc = np.zeros(len(docs), np.uint32)
        of_doc[docs] = codes
        writer.add(f"{name}.codes", of_doc)


def write_id_hashes(writer: ArrayWriter, hashes: Array) -> None:
    """Writes the hash of each document's id, in order, so that many ids are found at once."""
    order = np.argsort(hashes, kind="stable")
    writer.add("ids.hashes", hashes[order])
    writer.add("ids.docs", order.astype(np.uint32))


class Values:
    """One field of whole values, mapped from its file."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._blob = file[f"{name}.blob"]
        self._edges = file[f"{name}.edges"]
        self._starts = file[f"{name}.starts"]
        self._docs = file[f"{name}.docs"]
        #: The place of each document's value in the order of values; None when it may have several.
        self.codes: Array | None = file[f"{name}.codes"] if f"{name}.codes" in file else None

    def __len__(self) -> int:
        return len(self._starts) - 1

    def at(self, code: int) -> bytes:
        """The value of that place, as UTF-8."""
        return self._blob[self._edges[code] : self._edges[code + 1]].tobytes()

    def several(self, codes: Array) -> list[bytes]:
        """The values of some places."""
        data = self._blob.data
        borders = zip(self._edges[codes].tolist(), self._edges[codes + 1].tolist(), strict=True)
        return [bytes(data[start:end]) for start, end in borders]

    def each(self, codes: Array) -> Iterator[bytes]:
        """The same, one after another, of which few are held at a time."""
        for first in range(0, len(codes), _AT_A_TIME):
            yield from self.several(codes[first : first + _AT_A_TIME])

    def place_of(self, value: bytes) -> int:
        """The place of the first value that is not before the given one."""
        return bisect_left(range(len(self)), value, key=self.at)

    def find(self, value: bytes) -> int:
        """The place of a value, or -1."""
        code = self.place_of(value)
        return code if code < len(self) and self.at(code) == value else -1

    def pairs(self) -> tuple[Array, Array]:
        """Parallel arrays: a document, the place of a value that it has; in the order of values."""
        return self._docs, np.repeat(np.arange(len(self)), np.diff(self._starts))

    def docs(self, code: int) -> Array:
        """The documents that have the value of that place, ascending."""
        return self._docs[self._starts[code] : self._starts[code + 1]]

    def docs_of(self, value: str) -> Array:
        """The documents that have a value."""
        code = self.find(value.encode())
        return self.docs(code) if code >= 0 else self._docs[:0]
