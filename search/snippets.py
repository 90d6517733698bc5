"""The pieces of a text that show best why it was found."""

from __future__ import annotations

import numpy as np
import regex
from msgspec.structs import replace

from ..indexer.arrayfile import Array
from ..indexer.passagetable import BODY
from ..indexer.segment import SegmentFiles
from ..indexer.vocabulary import places
from .marks import Marks
from .results import Snippet
from .sentences import begins_sentence, sentence_ends
from .windows import MAX_LENGTH, Mark, Region, Span, Window, clear_of, last_end, trimmed, windows_of

_MAX_SNIPPETS = 3
# Passages looked at for each hit: the most promising ones.
_MAX_PASSAGES = 5
# More of a text than this is not looked at for its opening.
_OPENING = 3 * MAX_LENGTH
_NO_LETTERS = regex.compile(r"[^\w]+")


def snippets(
    files: SegmentFiles, doc: int, text: str, found: Marks, title: str = ""
) -> tuple[Snippet, ...]:
    """Up to three snippets in the order of the text; the beginning when nothing is marked in it.

    Args:
        text: of the document.
        found: what is to be marked.
        title: of the document; a heading that only says it again makes no snippet of its own.
    """
    windows: list[Window] = []
    for region in _regions(files, doc, text, found):
        windows.extend(windows_of(text, region))
    heading = _letters(title)
    headings = [w for w in windows if _says(text[w.start : w.end], heading)]
    windows = [w for w in windows if w not in headings]
    chosen: list[Window] = []
    shown: set[int] = set()
    while windows and len(chosen) < _MAX_SNIPPETS:
        best = max(windows, key=lambda window: (window.worth(shown), -window.start))
        chosen.append(best)
        shown |= best.shows
        shown_text = text[best.start : best.end]
        clear = (clear_of(text, window, best) for window in windows)
        windows = [w for w in clear if w and text[w.start : w.end] != shown_text]
    if not chosen:
        # A heading with the only marks is shown with what follows it.
        chosen = _opening(text, "" if headings else heading)
        in_headings = [mark for window in headings for mark in window.marks]
        chosen = [
            replace(window, marks=[mark for mark in in_headings if mark.end <= window.end])
            for window in chosen
        ]
    chosen.sort(key=lambda window: window.start)
    return tuple(_snippet(text, window) for window in chosen)


def highlights(text: str, positions: Array) -> tuple[Span, ...]:
    """Start and end of the words at some positions of a short text, such as a title."""
    words = places(text) if len(positions) else []
    return tuple(sorted({words[n] for n in positions.tolist() if n < len(words)}))


def _letters(text: str) -> str:
    return _NO_LETTERS.sub(" ", text).strip()


def _says(text: str, heading: str) -> bool:
    """Whether the words of a text are those of a heading and no others."""
    # Most texts are told by the first one.
    return heading.partition(" ")[0] in text and _letters(text) == heading


def _regions(files: SegmentFiles, doc: int, text: str, found: Marks) -> list[Region]:
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
    regions: list[Region] = []
    for n in sorted(wanted):
        words = [(edges[n] + a, edges[n] + b) for a, b in places(text[edges[n] : edges[n + 1]])]
        marked = _marks(words, int(firsts[n]), found)
        last = regions[-1] if regions else None
        if last and last.end == edges[n] and not begins_sentence(text, edges[n]):
            regions[-1] = Region(last.start, edges[n + 1], last.words + words, last.marks + marked)
        else:
            regions.append(Region(edges[n], edges[n + 1], words, marked))
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


def _marks(words: list[Span], first: int, found: Marks) -> list[Mark]:
    """The marked ones of a passage's words, whose positions count from `first` on."""
    low, high = np.searchsorted(found.positions, [first, first + len(words)]).tolist()
    return [
        Mark(*words[int(found.positions[n]) - first], float(found.worth[n]), int(found.leaf[n]))
        for n in range(low, high)
    ]


def _opening(text: str, heading: str) -> list[Window]:
    """The first sentences of a text, without the heading when there is more."""
    start = len(text) - len(text.lstrip())
    limit = min(len(text), start + _OPENING)
    borders = list(sentence_ends(text, start, limit))
    if limit == len(text):
        borders.append(limit)
    if borders[:-1] and heading and _letters(text[start : borders[0]]) == heading:
        start = borders[0]
    for border in reversed(borders):
        a, b = trimmed(text, start, border)
        if 0 < b - a <= MAX_LENGTH:
            return [Window(a, b, ())]
    if start == limit:
        return []
    # The first sentence is too long.
    words = [(start + a, start + b) for a, b in places(text[start:limit])]
    end = start + MAX_LENGTH
    if words:
        end = max(words[0][1], last_end(text, words, words[0][1], end))
    return [Window(*trimmed(text, start, end), (), cut_after=True)]


def _snippet(text: str, window: Window) -> Snippet:
    marked = sorted({(m.start - window.start, m.end - window.start) for m in window.marks})
    return Snippet(
        text[window.start : window.end],
        tuple(marked),
        window.start,
        window.cut_before,
        window.cut_after,
    )
