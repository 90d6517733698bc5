"""The pieces of a text that show best why it was found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np
import regex

from ..indexer.arrayfile import Array
from ..indexer.passagetable import BODY
from ..indexer.segment import SegmentFiles
from ..indexer.words import spans
from .marks import Marks
from .results import Snippet

#: A snippet is no longer than this, in code points, unless one word alone is.
MAX_LENGTH = 300
# Shorter sentences take a neighbour along.
_GOOD_LENGTH = 160
_MAX_SNIPPETS = 3
# Passages looked at for each hit: the most promising ones.
_MAX_PASSAGES = 6
# What a word tells that another snippet shows already.
_SHOWN_BEFORE = 0.2
# What a word tells that the same sentence holds already.
_REPEATED = 0.1
# The end of a sentence: its sign, closing quotes, white space. Not after one letter (J. Hayes).
_SENTENCE = regex.compile(r"(?<!\b\p{Lu})[.!?؟۔…]+[\"'»”’)\]]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    worth: float
    leaf: int


@dataclass(frozen=True, slots=True)
class _Window:
    start: int
    end: int
    marks: tuple[_Mark, ...]

    def worth(self, shown: set[int]) -> float:
        """What the window tells: each word of the query once, repetitions a little."""
        best: dict[int, float] = {}
        extra = 0.0
        for mark in self.marks:
            worth = mark.worth * (_SHOWN_BEFORE if mark.leaf in shown else 1)
            extra += _REPEATED * min(worth, best.get(mark.leaf, 0.0))
            best[mark.leaf] = max(worth, best.get(mark.leaf, 0.0))
        return sum(best.values()) + extra


def snippets(files: SegmentFiles, doc: int, text: str, found: Marks) -> tuple[Snippet, ...]:
    """Up to three snippets in the order of the text; the beginning when nothing is marked in it."""
    windows: list[_Window] = []
    for start, end, first in _passages(files, doc, text, found):
        windows.extend(_windows(text, start, end, _marks(text, start, end, first, found)))
    chosen: list[_Window] = []
    shown: set[int] = set()
    while windows and len(chosen) < _MAX_SNIPPETS:
        best = max(windows, key=lambda window: (window.worth(shown), -window.start))
        chosen.append(best)
        shown |= {mark.leaf for mark in best.marks}
        windows = [w for w in windows if w.end <= best.start or w.start >= best.end]
    if not chosen:
        chosen = _opening(text)
    chosen.sort(key=lambda window: window.start)
    return tuple(_snippet(text, window) for window in chosen)


def highlights(text: str, positions: Array) -> tuple[tuple[int, int], ...]:
    """Start and end of the words at some positions of a short text, such as a title."""
    wanted = set(positions.tolist())
    places = {(s, e) for n, (_, s, e) in enumerate(spans(text)) if n in wanted}
    return tuple(sorted(places))


def _passages(files: SegmentFiles, doc: int, text: str, found: Marks) -> list[tuple[int, int, int]]:
    """Start, end and first position of the passages that hold the most."""
    arrays = files.documents
    low, high = (int(n) for n in arrays["passages.edges"][doc : doc + 2])
    body = np.flatnonzero(arrays["passages.kinds"][low:high] == BODY) + low
    if not len(body) or not len(found.positions):
        return []
    starts = arrays["passages.starts"][body].astype(np.int64)
    firsts = arrays["passages.positions"][body].astype(np.int64)
    of_mark = np.searchsorted(firsts, found.positions, "right") - 1
    inside = of_mark >= 0
    of_mark, worth, leaf = of_mark[inside], found.worth[inside], found.leaf[inside]
    if not len(of_mark):
        return []
    # The worth of a passage: of each of its words of the query the most.
    order = np.lexsort((-worth, leaf, of_mark))
    first = np.append(True, (np.diff(of_mark[order]) > 0) | (np.diff(leaf[order]) != 0))
    total = np.bincount(of_mark[order][first], weights=worth[order][first], minlength=len(body))
    best = [n for n in np.argsort(-total, kind="stable")[:_MAX_PASSAGES] if total[n] > 0]
    ends = np.append(starts[1:], len(text))
    return [(int(starts[n]), int(ends[n]), int(firsts[n])) for n in sorted(best)]


def _marks(text: str, start: int, end: int, first: int, found: Marks) -> list[_Mark]:
    """The marked words of a passage with their places in the text."""
    words = spans(text[start:end])
    low = bisect_left(found.positions, first)
    high = bisect_left(found.positions, first + len(words))
    marked = []
    for place in range(low, high):
        _, a, b = words[int(found.positions[place]) - first]
        marked.append(
            _Mark(start + a, start + b, float(found.worth[place]), int(found.leaf[place]))
        )
    return marked


def _windows(text: str, start: int, end: int, marked: list[_Mark]) -> list[_Window]:
    """The sentences of a passage that hold marks; of long ones the densest windows."""
    edges = [start, *(match.end() for match in _SENTENCE.finditer(text, start, end)), end]
    edges = sorted({min(edge, end) for edge in edges})
    windows = []
    place = 0
    while place < len(edges) - 1:
        a, b = edges[place], edges[place + 1]
        # Short sentences join as long as there is room.
        while (
            place + 2 < len(edges) and b - a < _GOOD_LENGTH and edges[place + 2] - a <= MAX_LENGTH
        ):
            place += 1
            b = edges[place + 1]
        place += 1
        inside = [mark for mark in marked if a <= mark.start < b]
        if not inside:
            continue
        a, b = _trimmed(text, a, b)
        if b - a <= MAX_LENGTH:
            windows.append(_Window(a, b, tuple(inside)))
        else:
            windows.extend(_dense_windows(text, a, b, inside))
    return windows


def _dense_windows(text: str, start: int, end: int, marked: list[_Mark]) -> list[_Window]:
    """Windows of a long sentence, around each run of marks that fits into one."""
    windows = []
    starts = [mark.start for mark in marked]
    for n, mark in enumerate(marked):
        last = bisect_right(starts, mark.start + MAX_LENGTH - 60) - 1
        run = [m for m in marked[n : last + 1] if m.end - mark.start <= MAX_LENGTH] or [mark]
        spare = max(0, MAX_LENGTH - (run[-1].end - mark.start)) // 2
        a, b = max(start, mark.start - spare), min(end, run[-1].end + spare)
        a = start if a == start else _next_border(text, a, mark.start)
        b = end if b == end else _last_border(text, run[-1].end, b)
        inside = tuple(m for m in marked if a <= m.start and m.end <= b)
        windows.append(_Window(*_trimmed(text, a, b), inside))
    return windows


def _next_border(text: str, start: int, limit: int) -> int:
    """The beginning of the first word that begins in a stretch."""
    match = regex.compile(r"(?<=\s)\S").search(text, start, limit)
    return match.start() if match else limit


def _last_border(text: str, limit: int, end: int) -> int:
    """The end of the last word that ends in a stretch."""
    for place in range(end, limit, -1):
        if text[place - 1 : place].isspace():
            return place
    return limit


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _opening(text: str) -> list[_Window]:
    start, end = _trimmed(text, 0, min(len(text), 20 * MAX_LENGTH))
    if start >= end:
        return []
    if end - start > MAX_LENGTH or end < len(text):
        cut = min(end, start + MAX_LENGTH)
        ends = [m.end() for m in _SENTENCE.finditer(text, start, cut)]
        end = ends[-1] if ends else _last_border(text, start, cut)
        if end <= start:
            end = cut
    return [_Window(*_trimmed(text, start, end), ())]


def _snippet(text: str, window: _Window) -> Snippet:
    places = sorted({(m.start - window.start, m.end - window.start) for m in window.marks})
    before = text[max(0, window.start - 12) : window.start]
    after = text[max(window.start, window.end - 4) : window.end + 4]
    return Snippet(
        text[window.start : window.end],
        tuple(places),
        window.start,
        cut_before=bool(before.strip()) and not _SENTENCE.search(before + " "),
        cut_after=bool(text[window.end : window.end + 200].strip())
        and not _SENTENCE.search(after + " "),
    )
