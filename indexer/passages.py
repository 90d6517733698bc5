"""Cutting a text into passages: paragraphs, and long paragraphs into pieces.

A passage is what a language is told of and what a snippet is cut from; the index keeps where each
one begins, so that a hit deep in a long text is shown without reading all of it.
"""

from __future__ import annotations

import regex

#: A longer paragraph is cut, in code points; a snippet reads one or two passages.
MAX_PASSAGE = 2000
#: Shorter lines, one after another, are taken for one paragraph that was broken into lines.
_FULL_LINE = 100
_SENTENCE_END = regex.compile(r"[.!?؟۔…]+[\"'»”’)\]]*\s+")


def passages(text: str) -> list[tuple[int, int]]:
    """Where each passage of a text begins and ends, in code points; blank stretches are in none."""
    found: list[tuple[int, int]] = []
    if "\n" not in text:
        _add(text, 0, len(text), found)
        return found
    start = end = 0  # of the paragraph so far; empty where they are equal
    place = 0
    for line in text.split("\n"):
        length = len(line)
        if not line or line.isspace():
            _add(text, start, end, found)
            start = end = place + length + 1
        elif length >= _FULL_LINE and end - start < _FULL_LINE and start < end:
            # A heading right before a full line stands alone.
            _add(text, start, end, found)
            start, end = place, place + length
        elif end - start >= MAX_PASSAGE // 2 or (length >= _FULL_LINE and start < end):
            _add(text, start, end, found)
            start, end = place, place + length
        else:
            start = start if start < end else place
            end = place + length
        place += length + 1
    _add(text, start, end, found)
    return found


def _add(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    while end - start > MAX_PASSAGE:
        cut = _cut(text, start)
        found.append((start, cut))
        start = cut
    if start < end and not text[start:end].isspace():
        found.append((start, end))


def _cut(text: str, start: int) -> int:
    """A good place to cut within the next MAX_PASSAGE code points: behind the last sentence, else
    at the last space, else (no space at all) at the bound."""
    limit = start + MAX_PASSAGE
    cut = 0
    for match in _SENTENCE_END.finditer(text, start + MAX_PASSAGE // 2, limit):
        cut = match.end()
    if not cut:
        for match in regex.finditer(r"\s+", text, pos=start + MAX_PASSAGE // 2, endpos=limit):
            cut = match.end()
    return cut or limit
