"""What the templates show of hits, texts and examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import regex

from ..indexer.words import spans
from ..search import Hit, Match, Searcher, Snippet
from ..search.facets import Bar
from ..search.snapshot import Snapshot
from .markup import line
from .wording import Wording

# What a reader is told of a relation between words, the closest first.
_BADGES = {
    "exact": "exact",
    "folded": "form",
    "stem": "form",
    "synonym": "synonym",
    "root": "root",
    "similar": "similar",
    "corrected": "corrected",
}
_CLOSEST = list(_BADGES)
# So many words are named behind a badge.
_BADGE_WORDS = 4
_LINES = regex.compile(r"[^\r\n\f\u2028\u2029]+")

# Queries that teach, with the key of what they show; an empty one stands in the catalogue. Whoever
# has another collection still learns how to write them: those that find nothing are no links.
_EXAMPLES = (
    ("جيش التحرير", "example-words"),
    ("armee de liberation", "example-accents"),
    ('"prisoners of war"', "example-phrase"),
    ("Vlasov -Prague", "example-without"),
    ("", "example-title"),
    ("repatriaton", "example-spelling"),
    ("libér*", "example-beginning"),
)
_finding: WeakKeyDictionary[Snapshot, dict[str, bool]] = WeakKeyDictionary()


class Example(msgspec.Struct, frozen=True):
    """A query to try: whether it finds anything, and the key of what it teaches."""

    query: str
    key: str
    finds: bool


class Badge(msgspec.Struct, frozen=True):
    """Why a document was found: the kind of relation, and the words of the document that have it
    to the query's; `more` when not all of them are named."""

    kind: str
    words: tuple[str, ...]
    more: bool


class HitView(msgspec.Struct, frozen=True):
    """A hit, its badges, and those of its snippets that tell more than its title."""

    hit: Hit
    badges: tuple[Badge, ...]
    snippets: tuple[Snippet, ...]


class Paragraph(msgspec.Struct, frozen=True):
    """A line of a text.

    Attributes:
        start: where it begins in the document's text, in code points.
        spans: start, end and place of the words to be marked in it.
        close: whether no blank line stands before it.
    """

    text: str
    start: int
    spans: list[tuple[int, int, int]]
    close: bool


def simple_fields(extra: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """The names and values of further metadata that can be shown on a line."""
    shown: list[tuple[str, str]] = []
    for name, value in (extra or {}).items():
        values = value if isinstance(value, list) else [value]
        if all(isinstance(each, str | int | float) for each in values):
            shown.append((name, "; ".join(str(each) for each in values)))
    return shown


def examples(searcher: Searcher, words: Wording) -> list[Example]:
    """Queries to try; whether they find anything is asked once for each commit."""
    finding = _finding.setdefault(searcher.snapshot, {})
    found: list[Example] = []
    for query, key in _EXAMPLES:
        query = query or str(words(f"{key}-query"))
        if query not in finding:
            finding[query] = searcher.search(query, limit=1).total > 0
        found.append(Example(query, key, finding[query]))
    return found


def hit_views(hits: Iterable[Hit]) -> list[HitView]:
    """What is shown of some hits."""
    return [
        HitView(
            hit,
            badges(hit.matched),
            tuple(each for each in hit.snippets if line(each.text) != line(hit.title)),
        )
        for hit in hits
    ]


def badges(matched: Iterable[Match]) -> tuple[Badge, ...]:
    """For each word of the query its closest relation alone: that a document also holds similar
    words is no reason when it holds the word itself."""
    closest: dict[str, str] = {}
    matched = list(matched)
    for match in matched:
        best = closest.get(match.query, match.layer)
        closest[match.query] = min(best, match.layer, key=_CLOSEST.index)
    words: dict[str, dict[str, None]] = {}
    for match in matched:
        kind = _BADGES[match.layer]
        if kind == _BADGES[closest[match.query]]:
            words.setdefault(kind, {})[match.word] = None
    return tuple(
        Badge(kind, tuple(words[kind])[:_BADGE_WORDS], len(words[kind]) > _BADGE_WORDS)
        for kind in dict.fromkeys(_BADGES.values())
        if kind in words
    )


def paragraphs(
    text: str, start: int, spans: Iterable[tuple[int, int, int]], *, headed: bool = False
) -> list[Paragraph]:
    """The lines of a stretch of text that hold anything, each to be set in its own direction.

    Args:
        start: where the stretch begins in the document's text, in code points.
        spans: start, end and place of the words to be marked, in code points of that text,
            ascending.
        headed: whether the first line repeats the title and is left out.
    """
    found: list[Paragraph] = []
    marks = [(a - start, b - start, place) for a, b, place in spans]
    at = end = 0
    for match in _LINES.finditer(text):
        begin, stop = match.span()
        inside: list[tuple[int, int, int]] = []
        while at < len(marks) and marks[at][0] < stop:
            a, b, place = marks[at]
            if begin <= a:
                inside.append((a - begin, min(b, stop) - begin, place))
            at += 1
        if match.group().isspace():
            continue
        close = bool(found) and len(text[end:begin].splitlines()) < 2
        end = stop
        found.append(Paragraph(match.group(), start + begin, inside, close))
    return found[1:] if headed and not start else found


def citation(
    fields: Mapping[str, Any], name: str, address: str, words: Wording
) -> list[tuple[str, str, str]]:
    """How to refer to a document, part by part: who, what, when, where.

    Each is what stands before it (a quotation mark, which belongs to the sentence and has its
    direction), the text, and what stands after it.
    """
    before, after = {"fr": ("«\xa0", "\xa0»"), "ar": ("«", "»")}.get(words.code, ("“", "”"))
    title = line(fields["title"]) or words("untitled")
    parts = [
        ("", line(fields.get("creator", "")), ""),
        (before, title, after),
        ("", line(fields.get("date", "")) or words("undated"), ""),
        ("", line(fields.get("collection", "")), ""),
        ("", name, ""),
        ("", address, ""),
    ]
    return [part for part in parts if part[1]]


def strictly(query: str, matched: Iterable[Match]) -> list[tuple[str, str]]:
    """For each word of a query that was found in another form: the word, and the query with just
    this word in quotes."""
    loose = dict.fromkeys(
        match.query for match in matched if match.layer not in ("exact", "folded")
    )
    if '"' in query:
        return []
    found: list[tuple[str, str]] = []
    for key, start, end in spans(query):
        if key in loose and query[start - 1 : start] not in ("=", "*", ":"):
            del loose[key]
            found.append((query[start:end], f'{query[:start]}"{query[start:end]}"{query[end:]}'))
    return found


class BarView(msgspec.Struct, frozen=True):
    """A bar of the histogram.

    Attributes:
        x, y, height: of a drawing of 1000 by 100.
        width: of the place that it may take there.
    """

    bar: Bar
    x: float
    y: float
    width: float
    height: float


def histogram(bars: Sequence[Bar], *, mirrored: bool) -> list[BarView]:
    """The bars of the years, drawn from the right to the left when they are mirrored."""
    most = max((bar.count for bar in bars), default=0)
    width = 1000 / max(len(bars), 12)
    found: list[BarView] = []
    for n, bar in enumerate(bars):
        # Even a single document can be seen.
        height = max(6.0, 96 * bar.count / most) if bar.count else 0.0
        x = 1000 - (n + 1) * width if mirrored else n * width
        found.append(
            BarView(bar, round(x, 1), round(100 - height, 1), round(width, 1), round(height, 1))
        )
    return found
