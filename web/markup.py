"""Texts of documents and queries as HTML: escaped first, then marked, in their own direction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from unicodedata import bidirectional

from markupsafe import Markup, escape

# Embeddings, overrides and isolates: in a single line they can make a text look like another one.
_DIRECTIONAL = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# This many characters tell the direction of a paragraph.
_LOOK = 300


def direction(text: str) -> str:
    """ "rtl" or "ltr", as most letters of a text are written; "auto" when it has none.

    HTML's own dir="auto" goes by the first letter alone: an Arabic sentence that happens to begin
    with a Latin name would be set from left to right.
    """
    text = text[:_LOOK]
    if text.isascii():
        return "ltr" if text.upper() != text.lower() else "auto"
    kinds = Counter(map(bidirectional, text))
    rtl, ltr = kinds["R"] + kinds["AL"], kinds["L"]
    if not rtl and not ltr:
        return "auto"
    return "rtl" if rtl > ltr else "ltr"


def line(text: str) -> str:
    """A text for a line with others (a title, a name): on one line, without the characters that
    turn the direction of what follows them."""
    return " ".join(text.translate(_DIRECTIONAL).split())


def filled(template: str, *values: object, **named: object) -> Markup:
    """HTML of ours with values in its {}, which are escaped unless they are HTML themselves. What
    `Markup.format` does too, but by steps in Python, which a page has hundreds of."""
    escaped = {name: escape(value) for name, value in named.items()}
    return Markup(template.format(*map(escape, values), **escaped))  # noqa: S704


def isolated(text: str) -> Markup:
    """A line of a user's text within a sentence of the interface."""
    return filled("<bdi>{}</bdi>", line(text))


def linked(address: str, text: str) -> Markup:
    """A line of a user's text as a link."""
    return filled('<a href="{}">{}</a>', address, isolated(text))


def marked(text: str, spans: Iterable[tuple[int, int]], *, in_line: bool = False) -> Markup:
    """A text with some stretches marked.

    Args:
        spans: start and end of each stretch in code points, ascending; where two overlap, the
            later one loses what the earlier one has.
        in_line: whether the directional characters are dropped, as `line` does.
    """
    pieces: list[Markup | str] = []
    place = 0

    def plain(start: int, end: int) -> Markup:
        piece = text[start:end]
        return escape(piece.translate(_DIRECTIONAL) if in_line else piece)

    for start, end in spans:
        start = max(start, place)
        if start < end:
            pieces += [plain(place, start), Markup("<mark>"), plain(start, end), Markup("</mark>")]
            place = end
    return Markup("").join([*pieces, plain(place, len(text))])


def placed(text: str, spans: Iterable[tuple[int, int, int]], current: int) -> Markup:
    """A text with words marked, those side by side as one place that can be led to.

    Args:
        spans: start, end and number of the place of each word, ascending.
        current: the number of the place that is being looked at, or -1.
    """
    pieces: list[Markup | str] = []
    end, before = 0, -1
    for start, stop, number in spans:
        pieces.append(escape(text[end:start]))
        named = filled(' id="hit-{}" tabindex="-1"', number + 1) if number != before else ""
        shown = Markup(' class="current"') if number == current else ""
        pieces.append(filled("<mark{}{}>{}</mark>", named, shown, text[start:stop]))
        end, before = stop, number
    return Markup("").join([*pieces, escape(text[end:])])
