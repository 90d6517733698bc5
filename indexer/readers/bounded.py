"""Keeping a page of HTML from costing more time and memory than its length deserves."""

from __future__ import annotations

import re
from collections import Counter

_ATTRIBUTES = r"""((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)"""
_TOKEN = re.compile(
    rf"""<!--(?:-?>|.*?--!?>|.*)
    |<(script|style|noscript|svg)(?=[\s/>]){_ATTRIBUTES}>?(?:.*?</\1(?=[\s/>])[^>]*+>?|.*)
    |<(/?)([a-z][^\s/>]*+){_ATTRIBUTES}>?""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
# Marks within a line. They say nothing of the text, and left open they are what makes a small page
# grow without bound in memory: the parser opens all of them again in each paragraph.
_INLINE = frozenset((
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong",
    "tt", "u", "option", "optgroup",
))  # fmt: skip
# Elements that a parser ends by itself, so that being left open does not nest them.
_FLAT = frozenset((
    "html", "head", "body", "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead",
    "tfoot", "caption", "colgroup", "col", "rt", "rp", "br", "hr", "img", "input", "meta",
    "link", "base", "area", "wbr", "source", "track", "param",
))  # fmt: skip
#: Deeper elements than browsers nest are opened as mere line ends; parsing time is their square.
_MAX_DEPTH = 500
#: Attributes longer than this in all are left out; parsing time is the square of their number.
_MAX_ATTRIBUTES = 4000


def bounded(source: str) -> str:
    """The page without scripts and comments, made safe to parse in bounded time and memory."""
    still_open: Counter[str] = Counter()
    too_deep: Counter[str] = Counter()
    depth = 0

    def rewritten(token: re.Match[str]) -> str:
        nonlocal depth
        closing, name, attributes = token[3], token[4], token[5]
        if name is None:
            return ""
        name = name.lower()
        if name in _INLINE:
            return ""
        if name not in _FLAT:
            if closing and too_deep[name]:
                too_deep[name] -= 1
                return "<br>"
            if closing and still_open[name]:
                still_open[name] -= 1
                depth -= 1
            elif not closing and depth >= _MAX_DEPTH:
                too_deep[name] += 1
                return "<br>"
            elif not closing:
                still_open[name] += 1
                depth += 1
        return f"<{closing}{name}>" if len(attributes) > _MAX_ATTRIBUTES else token[0]

    return _TOKEN.sub(rewritten, source)
