"""Where the passages of a segment's documents begin: in their text, and among their words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .arrayfile import Array, ArrayFile, ArrayWriter

#: What a passage is: of the text; the title, posted as text too; a title that the text begins with.
BODY, TITLE, REPEATED_TITLE = range(3)
#: The passage's language is not known.
NO_LANGUAGE = 255


class PassageTable:
    """The passages of a segment, as parallel arrays.

    Attributes:
        docs: the document of each, ascending.
        starts: where it begins in the document's text, in code points.
        kinds: body or one of the two kinds of title.
        languages: the number of its language, or NO_LANGUAGE.
        positions: the position of its first word in the field `text`.
    """

    def __init__(self, docs: Array, starts: Array, kinds: Array, languages: Array) -> None:
        self.docs, self.starts, self.kinds, self.languages = docs, starts, kinds, languages
        self.positions = np.zeros(len(docs), np.uint32)

    def write(self, writer: ArrayWriter, documents: int) -> None:
        """Writes the passages of the text (a title is one with `starts` 0 and another kind)."""
        edges = np.zeros(documents + 1, np.uint32)
        np.cumsum(np.bincount(self.docs, minlength=documents), out=edges[1:])
        writer.add("passages.edges", edges)
        writer.add("passages.starts", self.starts)
        writer.add("passages.positions", self.positions)
        writer.add("passages.languages", self.languages)
        writer.add("passages.kinds", self.kinds)


def merge_passages(writer: ArrayWriter, parts: Sequence[tuple[ArrayFile, Array]]) -> None:
    """Writes the passages of several segments as those of one.

    Args:
        parts: for each segment its arrays of documents, and which documents are kept.
    """
    counts = [np.diff(file["passages.edges"]) for file, _ in parts]
    kept = [live.repeat(own) for own, (_, live) in zip(counts, parts, strict=True)]
    edges = np.zeros(sum(int(live.sum()) for _, live in parts) + 1, np.uint32)
    of_docs = [own[live] for own, (_, live) in zip(counts, parts, strict=True)]
    np.cumsum(np.concatenate(of_docs), out=edges[1:])
    writer.add("passages.edges", edges)
    for name in ("passages.starts", "passages.positions", "passages.languages", "passages.kinds"):
        writer.begin(name, max(file[name].dtype for file, _ in parts))
        for own, (file, _) in zip(kept, parts, strict=True):
            writer.extend(file[name][own])
