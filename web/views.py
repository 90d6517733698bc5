"""What the templates show of hits, texts and examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import regex

from ..indexer.languages import LANGUAGES
from ..search import Hit, Match, Searcher, Snippet
from ..search.snapshot import Snapshot
from .highlighting import Spans
from .markup import line
from .wording import Wording

# What a reader is told of a relation between words, the closest first.
_BADGES = {
    "exact": "exact",
    "folded": "form",
    "stem": "form",
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


@dataclass(frozen=True, slots=True)
class Example:
    """A query to try: whether it finds anything, and the key of what it teaches."""

    query: str
    key: str
    finds: bool


@dataclass(frozen=True, slots=True)
class Badge:
    """Why a document was found: the kind of relation, and the words of the document that have it
    to the query's; `more` when not all of them are named."""

    kind: str
    words: tuple[str, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class HitView:
    """A hit, its badges, and those of its snippets that tell more than its title."""

    hit: Hit
    badges: tuple[Badge, ...]
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of a text with the stretches to be marked in it; `close` when no blank line stands
    before it."""

    text: str
    spans: Spans
    close: bool


def offered_languages(chosen: str) -> list[str]:
    """The codes of the languages to choose from, with the one that is chosen."""
    known = [language.code for language in LANGUAGES]
    return known if not chosen or chosen in known else [*known, chosen]


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


def paragraphs(text: str, spans: Spans, title: str) -> list[Paragraph]:
    """The lines of a text that hold anything, each to be set in its own direction; without the
    first one when it repeats the title."""
    found: list[Paragraph] = []
    place = end = 0
    for match in _LINES.finditer(text):
        start, stop = match.span()
        if match.group().isspace():
            continue
        inside: Spans = []
        while place < len(spans) and spans[place][0] < stop:
            inside.append((spans[place][0] - start, min(spans[place][1], stop) - start))
            place += 1
        close = bool(found) and len(text[end:start].splitlines()) < 2
        end = stop
        found.append(Paragraph(match.group(), inside, close))
    if found and line(found[0].text) == line(title):
        del found[0]
    return found
