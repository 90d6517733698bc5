"""A hit as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from .output import isolated, plain

if TYPE_CHECKING:
    from ..search import Hit, Match, Snippet

_BOLD, _FOUND, _FAINT, _RESET = "\033[1m", "\033[1;31m", "\033[2m", "\033[0m"
_INDENT = "    "
# Of a document's words that are related in one way, so many are named.
_WORDS = 5

#: How the words of a document are related to those of the query; exact ones need no remark.
WHY = {
    "folded": "accents or marks",
    "stem": "other form",
    "synonym": "synonym",
    "root": "same root",
    "similar": "similar spelling",
    "corrected": "corrected",
}


class Style(NamedTuple):
    """How to write for what reads it.

    Attributes:
        colour: use escape sequences.
        isolate: set texts apart by their direction, as terminals need.
    """

    colour: bool = False
    isolate: bool = False

    def text(self, text: str) -> str:
        """Words of a document, made harmless."""
        text = plain(text)
        return isolated(text) if self.isolate else text

    def marked(self, text: str, highlights: Sequence[tuple[int, int]], base: str = "") -> str:
        """Words of a document with those that were found in colour.

        Args:
            highlights: in code points of `text`.
            base: the escape sequence of the other words.
        """
        if not self.colour:
            return self.text(text)
        pieces, place = [base], 0
        for start, end in highlights:
            pieces += [plain(text[place:start]), _FOUND, plain(text[start:end]), _RESET, base]
            place = end
        marked = "".join([*pieces, plain(text[place:]), _RESET if base else ""])
        return isolated(marked) if self.isolate else marked

    def faint(self, text: str) -> str:
        """What matters less."""
        return f"{_FAINT}{text}{_RESET}" if self.colour else text


def lines(hit: Hit, number: int, style: Style) -> Iterator[str]:
    """A hit: its title, where it comes from, why it was found, and where it was found.

    Args:
        number: its place in the ranking, from 1.
    """
    title = style.marked(hit.title or hit.id, hit.title_highlights if hit.title else (), _BOLD)
    facts = style.faint(f"[{style.text(hit.language) or '?'}]  {hit.score:.2f}")
    yield f"{number:>2}. {title}  {facts}"
    origin = style.text(hit.id)
    if hit.source and hit.source != hit.id:
        origin += f"  ({style.text(hit.source)})"
    yield _INDENT + style.faint(origin)
    if why := "; ".join(_reasons(hit.matched, style)):
        yield _INDENT + style.faint(why)
    for snippet in hit.snippets:
        yield _INDENT + _snippet(snippet, style)


def _reasons(matches: Sequence[Match], style: Style) -> Iterator[str]:
    for layer, why in WHY.items():
        words = dict.fromkeys(match.word for match in matches if match.layer == layer)
        if words:
            named = ", ".join(style.text(word) for word in list(words)[:_WORDS])
            yield f"{why}: {named}{' …' if len(words) > _WORDS else ''}"


def _snippet(snippet: Snippet, style: Style) -> str:
    before = "… " if snippet.cut_before else ""
    after = " …" if snippet.cut_after else ""
    shift = len(before)
    return style.marked(
        f"{before}{snippet.text}{after}",
        [(start + shift, end + shift) for start, end in snippet.highlights],
    )
