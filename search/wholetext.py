"""The words of a query in the whole of a document, to be marked and gone through one by one."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.passagetable import BODY
from ..indexer.vocabulary import places
from .execute import execute
from .marks import marks
from .snapshot import Part, Snapshot
from .snippets import highlights
from .weights import Weights

Span = tuple[int, int]


class WholeText(msgspec.Struct, frozen=True):
    """Where the words of a query stand in a document.

    Words next to each other are one *place*; places are numbered from 0 in the order of the text.

    Attributes:
        title: start and end of the words to be marked in the title, in code points.
        positions: of the words to be marked in the text.
        places: the number of the place of each.
        starts: where each passage of the text begins, in code points.
        firsts: the position of its first word.
        headed: whether the text begins with its title on a line of its own, whose words count as
            the title's.
    """

    title: tuple[Span, ...]
    positions: Array
    places: Array
    starts: Array
    firsts: Array
    headed: bool

    @property
    def count(self) -> int:
        """How many places there are."""
        return int(self.places[-1]) + 1 if len(self.places) else 0

    def near(self, place: int) -> int:
        """Where the passage of a place begins, in code points of the text."""
        position = self.positions[np.searchsorted(self.places, place)]
        return int(self.starts[np.searchsorted(self.firsts, position, "right") - 1])

    def within(self, text: str, start: int, end: int) -> list[tuple[int, int, int]]:
        """Start, end and place of the words to be marked in a stretch of the text, ascending.

        Only the passages of the stretch are cut into words: a text may be a whole book.

        Args:
            text: of the document.
            start, end: of the stretch, in code points.
        """
        found: list[tuple[int, int, int]] = []
        edges = [*self.starts.tolist(), len(text)]
        for n, first in enumerate(self.firsts.tolist()):
            begin, stop = edges[n], edges[n + 1]
            if stop <= start or begin >= end:
                continue
            low = bisect_left(self.positions, first)
            if low == len(self.positions):
                break
            if n + 1 < len(self.firsts) and self.positions[low] >= self.firsts[n + 1]:
                continue
            words = places(text[begin:stop])
            high = bisect_left(self.positions, first + len(words))
            for position, place in zip(
                self.positions[low:high].tolist(), self.places[low:high].tolist(), strict=True
            ):
                a, b = words[position - first]
                found.append((begin + a, begin + b, place))
        return found


def places_of(positions: Array, title_words: int) -> tuple[Array, Array]:
    """The positions outside the title, ascending, and the number of the place of each."""
    positions = positions[positions >= title_words]
    places = np.zeros(len(positions), np.int64)
    np.cumsum(positions[1:] - positions[:-1] > 1, out=places[1:])
    return positions, places


def whole_text(
    snapshot: Snapshot, weights: Weights, tree: Any, part: Part, doc: int, title: str
) -> WholeText:
    """Where the words of a query tree stand in a document.

    Args:
        doc: the number of the document in its segment.
        title: of the document.
    """
    plan = execute(snapshot, weights, tree, 0).plan
    number = snapshot.parts.index(part)
    (found,) = marks(plan, number, part, np.array([doc], np.int64))
    arrays = part.files.documents
    low, high = (int(n) for n in arrays["passages.edges"][doc : doc + 2])
    body = np.flatnonzero(arrays["passages.kinds"][low:high] == BODY) + low
    firsts = arrays["passages.positions"][body].astype(np.int64)
    first_line = part.files.text(doc).lstrip().partition("\n")[0]
    headed = bool(title) and first_line.split() == title.split()
    begin = (
        int(part.files.lengths["title"][doc]) if headed else int(firsts[0]) if len(firsts) else 0
    )
    positions, places = places_of(found.positions, begin)
    return WholeText(
        highlights(title, found.title),
        positions,
        places,
        arrays["passages.starts"][body].astype(np.int64),
        firsts,
        headed,
    )
