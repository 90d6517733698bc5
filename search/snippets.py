"""The pieces of a text that show best why it was found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import regex

from ..indexer.arrayfile import Array
from ..indexer.passagetable import BODY
from ..indexer.segment import SegmentFiles
from ..indexer.words import spans
from .marks import Marks
from .results import Snippet
from .sentences import begins_sentence, sentence_ends

#: A snippet is no longer than this, in code points, unless one word alone is.
MAX_LENGTH = 300
# Shorter sentences take a neighbour along.
_GOOD_LENGTH = 160
_MAX_SNIPPETS = 3
# Passages looked at for each hit: the most promising ones.
_MAX_PASSAGES = 5
# In a long sentence full of marks, a window is tried every so many code points.
_STEP = 75
# What a word tells that another snippet shows already.
_SHOWN_BEFORE = 0.2
# What a word tells that the same window holds already, and how many times at most.
_REPEATED, _MOST_REPEATED = 0.1, 3
# More of a text than this is not looked at for its opening.
_OPENING = 3 * MAX_LENGTH
_AFTER_SPACE = regex.compile(r"(?<=\s)\S")
_LAST_SPACE = regex.compile(r"(?r)\s")
_NO_LETTERS = regex.compile(r"[^\w]+")

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    worth: float
    leaf: int


@dataclass(frozen=True, slots=True)
class _Region:
    """Passages that follow each other, with the places of their words and marks in the text."""

    start: int
    end: int
    words: list[_Span]
    marks: list[_Mark]


@dataclass(frozen=True)
class _Window:
    start: int
    end: int
    marks: Sequence[_Mark]
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


def snippets(
    files: SegmentFiles, doc: int, text: str, found: Marks, title: str = ""
) -> tuple[Snippet, ...]:
    """Up to three snippets in the order of the text; the beginning when nothing is marked in it.

    Args:
        text: of the document.
        found: what is to be marked.
        title: of the document; a heading that only says it again makes no snippet.
    """
    windows: list[_Window] = []
    for region in _regions(files, doc, text, found):
        windows.extend(_windows(text, region))
    heading = _letters(title)
    windows = [w for w in windows if _letters(text[w.start : w.end]) != heading]
    chosen: list[_Window] = []
    shown: set[int] = set()
    while windows and len(chosen) < _MAX_SNIPPETS:
        best = max(windows, key=lambda window: (window.worth(shown), -window.start))
        chosen.append(best)
        shown |= best.shows
        windows = [
            w
            for w in windows
            if (w.end <= best.start or w.start >= best.end)
            and text[w.start : w.end] != text[best.start : best.end]
        ]
    if not chosen:
        chosen = _opening(text, heading)
    chosen.sort(key=lambda window: window.start)
    return tuple(_snippet(text, window) for window in chosen)


def highlights(text: str, positions: Array) -> tuple[_Span, ...]:
    """Start and end of the words at some positions of a short text, such as a title."""
    words = spans(text) if len(positions) else []
    return tuple(sorted({words[n][1:] for n in positions.tolist() if n < len(words)}))


def _letters(text: str) -> str:
    return _NO_LETTERS.sub(" ", text).strip()


def _regions(files: SegmentFiles, doc: int, text: str, found: Marks) -> list[_Region]:
    """The passages that tell the most. Where a border is amid a sentence, the neighbour too."""
    arrays = files.documents
    low, high = (int(n) for n in arrays["passages.edges"][doc : doc + 2])
    body = np.flatnonzero(arrays["passages.kinds"][low:high] == BODY) + low
    firsts = arrays["passages.positions"][body].astype(np.int64)
    chosen = _most_telling(firsts, found)
    if not chosen:
        return []
    edges = [*arrays["passages.starts"][body].tolist(), len(text)]
    wanted: set[int] = set()
    for n in chosen:
        wanted.add(n)
        if n and not begins_sentence(text, edges[n]):
            wanted.add(n - 1)
        if n + 1 < len(body) and not begins_sentence(text, edges[n + 1]):
            wanted.add(n + 1)
    regions: list[_Region] = []
    for n in sorted(wanted):
        words = [(edges[n] + a, edges[n] + b) for _, a, b in spans(text[edges[n] : edges[n + 1]])]
        marked = _marks(words, int(firsts[n]), found)
        last = regions[-1] if regions else None
        if last and last.end == edges[n] and not begins_sentence(text, edges[n]):
            regions[-1] = _Region(last.start, edges[n + 1], last.words + words, last.marks + marked)
        else:
            regions.append(_Region(edges[n], edges[n + 1], words, marked))
    return regions


def _most_telling(firsts: Array, found: Marks) -> list[int]:
    """The numbers of the passages whose marks are worth most, each word of the query once.

    Args:
        firsts: the position of each passage's first word.
    """
    of_mark = np.searchsorted(firsts, found.positions, "right") - 1
    inside = of_mark >= 0
    of_mark, worth, leaf = of_mark[inside], found.worth[inside], found.leaf[inside]
    if not len(of_mark):
        return []
    order = np.lexsort((-worth, leaf, of_mark))
    of_mark, worth, leaf = of_mark[order], worth[order], leaf[order]
    first = np.append(True, (np.diff(of_mark) > 0) | (np.diff(leaf) != 0))
    total = np.bincount(of_mark[first], weights=worth[first], minlength=len(firsts))
    marked = np.bincount(of_mark, minlength=len(firsts)) > 0
    best = np.argsort(-total, kind="stable")
    return best[marked[best]][:_MAX_PASSAGES].tolist()


def _marks(words: list[_Span], first: int, found: Marks) -> list[_Mark]:
    """The marked ones of a passage's words, whose positions count from `first` on."""
    low, high = np.searchsorted(found.positions, [first, first + len(words)]).tolist()
    return [
        _Mark(*words[int(found.positions[n]) - first], float(found.worth[n]), int(found.leaf[n]))
        for n in range(low, high)
    ]


def _windows(text: str, region: _Region) -> list[_Window]:
    """The sentences of a region that hold marks; of long ones the densest windows."""
    borders = sorted({region.start, *sentence_ends(text, region.start, region.end), region.end})
    sentences = [_trimmed(text, a, b) for a, b in pairwise(borders)]
    starts = [mark.start for mark in region.marks]
    edges = [bisect_left(starts, border) for border in borders]
    windows: list[_Window] = []
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
            _Window(
                start,
                end,
                region.marks[edges[first] : edges[last]],
                first == 0 and not begins_sentence(text, region.start),
                last == len(sentences) and not _over(text, region.end),
            )
        )
        taken = n = last
    return windows


def _dense_windows(
    text: str, start: int, end: int, words: list[_Span], marked: list[_Mark]
) -> list[_Window]:
    """Windows of a long sentence, around the runs of marks that fit into one."""
    windows: list[_Window] = []
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
            b = _last_end(text, words, ends[last], b)
        inside = marked[bisect_left(starts, a) : bisect_right(ends, b)]
        windows.append(_Window(*_trimmed(text, a, b), inside, a > start, b < end))
    return windows


def _next_start(text: str, words: list[_Span], place: int, limit: int) -> int:
    """The first good place to begin from a place on: behind white space, else before a word.

    Args:
        limit: where a word begins, at or after the place.
    """
    match = _AFTER_SPACE.search(text, place, limit)
    return match.start() if match else words[bisect_left(words, (place, 0))][0]


def _last_end(text: str, words: list[_Span], limit: int, place: int) -> int:
    """The last good place to end up to a place: before white space, else behind a word.

    Args:
        limit: where a word ends, at or before the place.
    """
    match = _LAST_SPACE.search(text, limit, place + 1)
    if match:
        return match.start()
    return words[bisect_right(words, place, key=lambda word: word[1]) - 1][1]


def _trimmed(text: str, start: int, end: int) -> _Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _over(text: str, place: int) -> bool:
    """Whether a sentence is over at a place, or the text is."""
    return not text[place : place + _OPENING].strip() or begins_sentence(text, place)


def _opening(text: str, heading: str) -> list[_Window]:
    """The first sentences of a text, without the heading when there is more."""
    start = len(text) - len(text.lstrip())
    limit = min(len(text), start + _OPENING)
    borders = list(sentence_ends(text, start, limit))
    if limit == len(text):
        borders.append(limit)
    if borders[:-1] and heading and _letters(text[start : borders[0]]) == heading:
        start = borders[0]
    for border in reversed(borders):
        a, b = _trimmed(text, start, border)
        if 0 < b - a <= MAX_LENGTH:
            return [_Window(a, b, ())]
    if start == limit:
        return []
    # The first sentence is too long.
    words = [(start + a, start + b) for _, a, b in spans(text[start:limit])]
    end = start + MAX_LENGTH
    if words:
        end = max(words[0][1], _last_end(text, words, words[0][1], end))
    return [_Window(*_trimmed(text, start, end), (), cut_after=True)]


def _snippet(text: str, window: _Window) -> Snippet:
    places = sorted({(m.start - window.start, m.end - window.start) for m in window.marks})
    return Snippet(
        text[window.start : window.end],
        tuple(places),
        window.start,
        window.cut_before,
        window.cut_after,
    )
