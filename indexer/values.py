"""Fields of whole values (id, language, source): which documents have which value.

Arrays of a field: `blob` and `edges` (the distinct values, in the order of their UTF-8 bytes),
`starts` and `docs` (the documents of each), and unless a document may have several, `codes` (the
place of each document's value). A document without a value has "".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .arrayfile import Array, ArrayFile, ArrayWriter
from .blobs import blob_of
from .schema import SEVERAL


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
        _write_column(writer, name, distinct, docs, codes, several)


def merge_values(writer: ArrayWriter, name: str, parts: Sequence[tuple[Values, Array]]) -> None:
    """Writes one field of several segments as one.

    Args:
        parts: for each segment its field, and the new number of each document (-1: deleted).
    """
    pairs = []
    for values, renumbered in parts:
        docs, codes = values.pairs()
        docs = renumbered[docs]
        pairs.append((docs[docs >= 0], codes[docs >= 0]))
    used = [np.unique(codes) for _, codes in pairs]
    kept = [values.several(codes) for (values, _), codes in zip(parts, used, strict=True)]
    distinct = sorted(set().union(*kept))
    place = {value: number for number, value in enumerate(distinct)}
    recoded = []
    for (_, codes), old, texts in zip(pairs, used, kept, strict=True):
        new = np.fromiter((place[text] for text in texts), np.uint32, len(texts))
        recoded.append(new[np.searchsorted(old, codes)])
    docs = np.concatenate([docs for docs, _ in pairs]).astype(np.uint32)
    several = parts[0][0].codes is None
    _write_column(writer, name, distinct, docs, np.concatenate(recoded), several)


def _write_column(
    writer: ArrayWriter, name: str, distinct: list[bytes], docs: Array, codes: Array, several: bool
) -> None:
    order = np.lexsort((docs, codes))
    starts = np.zeros(len(distinct) + 1, np.uint32)
    np.cumsum(np.bincount(codes, minlength=len(distinct)), out=starts[1:])
    blob, edges = blob_of(distinct)
    writer.add(f"{name}.blob", blob)
    writer.add(f"{name}.edges", edges)
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
