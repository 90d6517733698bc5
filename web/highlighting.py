"""The words of a query in the whole of a document, as its page marks them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from ..indexer.passagetable import BODY
from ..indexer.segment import damage_named
from ..indexer.words import spans
from ..search import Searcher
from ..search.execute import execute
from ..search.marks import Marks, marks
from ..search.snapshot import Part
from ..search.snippets import highlights
from ..search.stopwords import lighten
from ..search.syntax import parse

Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Highlights:
    """Start and end of the words to be marked, in code points, ascending.

    Attributes:
        title: of the title.
        text: of the stretch of the text that was asked for, counted from the start of the text.
    """

    title: Spans
    text: Spans


def highlighted(
    searcher: Searcher,
    query: str,
    document_id: str,
    title: str,
    text: str,
    start: int,
    end: int,
) -> Highlights:
    """The words of a document that a query finds.

    Args:
        title: of the document.
        text: of the document.
        start: where the stretch of the text that is looked at begins, in code points.
        end: where it ends.
    """
    snapshot = searcher.snapshot
    place = snapshot.find(document_id)
    if place is None or not query:
        return Highlights([], [])
    part, doc = place
    tree = lighten(parse(query).query, searcher.weights.stop_elsewhere)
    with damage_named(part.files for part in snapshot.parts):
        plan = execute(snapshot, searcher.weights, tree, 1).plan
        (found,) = marks(plan, snapshot.parts.index(part), part, np.array([doc], np.int64))
        return Highlights(
            list(highlights(title, found.title)), _in_text(part, doc, text, start, end, found)
        )


def _in_text(part: Part, doc: int, text: str, start: int, end: int, found: Marks) -> Spans:
    """Only the passages of the stretch are cut into words: a text may be a whole book."""
    arrays = part.files.documents
    low, high = (int(n) for n in arrays["passages.edges"][doc : doc + 2])
    body = np.flatnonzero(arrays["passages.kinds"][low:high] == BODY) + low
    starts = [int(n) for n in arrays["passages.starts"][body]]
    firsts = [int(n) for n in arrays["passages.positions"][body]]
    marked: Spans = []
    for begin, stop, first in zip(starts, [*starts[1:], len(text)], firsts, strict=True):
        if stop <= start or begin >= end:
            continue
        words = spans(text[begin:stop])
        near = bisect_left(found.positions, first), bisect_left(found.positions, first + len(words))
        for position in found.positions[slice(*near)].tolist():
            _, a, b = words[position - first]
            marked.append((begin + a, begin + b))
    return marked
