"""Windows of a text: sentences that hold marked words, and pieces of those that are too long."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import msgspec
import regex

from .sentences import begins_sentence, sentence_ends

#: A snippet is no longer than this, in code points, unless one word alone is.
MAX_LENGTH = 300
# Shorter sentences take a neighbour along.
_GOOD_LENGTH = 160
# In a long sentence full of marks, a window is tried every so many code points.
_STEP = 75
# What a word tells that another window shows already.
_SHOWN_BEFORE = 0.2
# What a word tells that the same window holds already, and how many times at most.
_REPEATED, _MOST_REPEATED = 0.1, 3
_AFTER_SPACE = regex.compile(r"(?<=\s)\S")
_LAST_SPACE = regex.compile(r"(?r)\s")

Span = tuple[int, int]


class Mark(msgspec.Struct, frozen=True):
    start: int
    end: int
    worth: float
    leaf: int


class Region(msgspec.Struct, frozen=True):
    """Passages that follow each other, with the places of their words and marks in the text."""

    start: int
    end: int
    words: list[Span]
    marks: list[Mark]


class Window(msgspec.Struct, frozen=True, dict=True):
    start: int
    end: int
    marks: Sequence[Mark]
    cut_before: bool = False
    cut_after: bool = False

    @cached_property
    def _leaves(self) -> dict[int, float]:
        """What the window tells of each leaf of the query: repetitions count a little."""
        best: dict[int, float] = {}
        times: dict[int, int] = {}
        for mark in self.marks:
            best[mark.leaf] = max(mark.worth, best.get(mark.leaf, 0.0))
            times[mark.leaf] = times.get(mark.leaf, -1) + 1
        return {
            leaf: worth * (1 + _REPEATED * min(times[leaf], _MOST_REPEATED))
            for leaf, worth in best.items()
        }

    def worth(self, shown: set[int]) -> float:
        """What the window tells, when some leaves are shown elsewhere."""
        return sum(
            worth * (_SHOWN_BEFORE if leaf in shown else 1) for leaf, worth in self._leaves.items()
        )

    @property
    def shows(self) -> set[int]:
        """The leaves that it shows."""
        return set(self._leaves)


def windows_of(text: str, region: Region) -> list[Window]:
    """The sentences of a region that hold marks; of long ones the densest windows."""
    borders = sorted({region.start, *sentence_ends(text, region.start, region.end), region.end})
    sentences = [trimmed(text, a, b) for a, b in pairwise(borders)]
    starts = [mark.start for mark in region.marks]
    edges = [bisect_left(starts, border) for border in borders]
    closed = region.end == len(text) or begins_sentence(text, region.end)
    windows: list[Window] = []
    taken = n = 0
    while n < len(sentences):
        start, end = sentences[n]
        first, last = n, n + 1
        n += 1
        if edges[first] == edges[last]:
            continue
        if end - start > MAX_LENGTH:
            marked = region.marks[edges[first] : edges[last]]
            windows.extend(_dense_windows(text, start, end, region.words, marked))
            taken = n
            continue
        # Short sentences take along those that follow, or else those that come before.
        while last < len(sentences) and end - start < _GOOD_LENGTH:
            if sentences[last][1] - start > MAX_LENGTH:
                break
            end = sentences[last][1]
            last += 1
        while first > taken and end - start < _GOOD_LENGTH:
            if end - sentences[first - 1][0] > MAX_LENGTH:
                break
            first -= 1
            start = sentences[first][0]
        windows.append(
            Window(
                start,
                end,
                region.marks[edges[first] : edges[last]],
                first == 0 and not begins_sentence(text, region.start),
                last == len(sentences) and not closed,
            )
        )
        taken = n = last
    return windows


def _dense_windows(
    text: str, start: int, end: int, words: list[Span], marked: list[Mark]
) -> list[Window]:
    """Windows of a long sentence, around the runs of marks that fit into one."""
    windows: list[Window] = []
    starts, ends = [mark.start for mark in marked], [mark.end for mark in marked]
    before = -_STEP
    for n, mark in enumerate(marked):
        if mark.start < before + _STEP:
            continue  # the window before holds it
        before = mark.start
        last = max(n, bisect_right(ends, mark.start + MAX_LENGTH) - 1)
        spare = max(0, MAX_LENGTH - (ends[last] - mark.start))
        a = max(start, mark.start - spare // 2)
        b = min(end, max(a + MAX_LENGTH, ends[last]))
        a = max(start, min(a, b - MAX_LENGTH, mark.start))
        if a > start:
            a = _next_start(text, words, a, mark.start)
        if b < end:
            b = last_end(text, words, ends[last], b)
        inside = marked[bisect_left(starts, a) : bisect_right(ends, b)]
        windows.append(Window(*trimmed(text, a, b), inside, a > start, b < end))
    return windows


def clear_of(text: str, window: Window, other: Window) -> Window | None:
    """What of a window does not overlap with another, if it shows anything."""
    if window.end <= other.start or window.start >= other.end:
        return window
    if window.end > other.end:
        start, end = trimmed(text, other.end, window.end)
        inside = [mark for mark in window.marks if mark.start >= start]
        rest = Window(start, end, inside, True, window.cut_after)
    else:
        start, end = trimmed(text, window.start, max(window.start, other.start))
        inside = [mark for mark in window.marks if mark.end <= end]
        rest = Window(start, end, inside, window.cut_before, True)
    return rest if inside else None


def _next_start(text: str, words: list[Span], place: int, limit: int) -> int:
    """The first good place to begin from a place on: behind white space, else before a word.

    Args:
        limit: where a word begins, at or after the place.
    """
    match = _AFTER_SPACE.search(text, place, limit)
    return match.start() if match else words[bisect_left(words, (place, 0))][0]


def last_end(text: str, words: list[Span], limit: int, place: int) -> int:
    """The last good place to end up to a place: before white space, else behind a word.

    Args:
        limit: where a word ends, at or before the place.
    """
    match = _LAST_SPACE.search(text, limit, place + 1)
    if match:
        return match.start()
    return words[bisect_right(words, place, key=lambda word: word[1]) - 1][1]


def trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
