"""What a search gives back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from .facets import Facets


class Snippet(msgspec.Struct, frozen=True):
    """A piece of a document's text, exactly as it stands there.

    Attributes:
        text: whole sentences, or a window that begins and ends between words.
        highlights: start and end of each marked word, in code points of `text`.
        start: where `text` begins in the document's text, in code points.
        cut_before, cut_after: whether a sentence goes on outside, so that an ellipsis is due.
    """

    text: str
    highlights: tuple[tuple[int, int], ...]
    start: int
    cut_before: bool = False
    cut_after: bool = False


class Match(msgspec.Struct, frozen=True):
    """Why a document was found.

    Attributes:
        query: the word of the query.
        word: the word of the document.
        layer: how they are related: exact, folded, stem, root, similar, corrected or
            synonym.
    """

    query: str
    word: str
    layer: str


class RankedIds(list[tuple[str, float]]):
    """The ids and scores of the best documents, the best first.

    Attributes:
        partial: whether the query was too much to be looked for everywhere, so that some may be
            missing.
        notes: remarks on how the query was read, as in `Results`.
    """

    partial = False
    notes: tuple[str, ...] = ()


class Hit(msgspec.Struct, frozen=True):
    """A document found.

    Attributes:
        title_highlights: as in a Snippet, of the title.
        similar: it holds only words of the same root or of similar spelling, and is not counted
            in the total.
        places: how many times words of the query, alone or side by side, stand in the text.
        metadata: date, creator, collection, languages and extra, as far as they were given.
    """

    id: str
    title: str
    language: str
    score: float
    source: str
    snippets: tuple[Snippet, ...] = ()
    matched: tuple[Match, ...] = ()
    title_highlights: tuple[tuple[int, int], ...] = ()
    similar: bool = False
    places: int = 0
    metadata: Mapping[str, Any] = msgspec.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The hit as JSON values, the same on the command line and on the web."""
        return {
            "id": self.id,
            "title": self.title,
            "title_highlights": [list(span) for span in self.title_highlights],
            "language": self.language,
            "score": round(self.score, 6),
            "source": self.source,
            "similar": self.similar,
            "snippets": [
                {
                    "text": snippet.text,
                    "highlights": [list(span) for span in snippet.highlights],
                    "start": snippet.start,
                }
                for snippet in self.snippets
            ],
            "matched": [
                {"query": match.query, "word": match.word, "layer": match.layer}
                for match in self.matched
            ],
            **self.metadata,
        }


class Results(msgspec.Struct, frozen=True):
    """The answer to a query.

    Attributes:
        query: as it was asked.
        total: how many documents match, or where the answer is partial, how many do at least.
        total_similar: how many more hold only words of the same root or of similar spelling.
        hits: those asked for, the best first.
        suggestion: the query as it may have been meant, or "".
        took: seconds.
        notes: remarks on how the query was read, such as "unbalanced-quote".
        facets: what can be chosen among the matching documents, when it was asked for.
        partial: whether the query was too much to be answered whole (see `budget`): what is found
            matches, but more may.
    """

    query: str
    total: int
    total_similar: int
    hits: tuple[Hit, ...]
    suggestion: str
    took: float
    notes: tuple[str, ...] = ()
    facets: Facets | None = None
    partial: bool = False

    def as_json(self) -> dict[str, Any]:
        """The results as JSON values."""
        return {
            "query": self.query,
            "total": self.total,
            "total_similar": self.total_similar,
            "partial": self.partial,
            "suggestion": self.suggestion,
            "took": round(self.took, 6),
            "notes": list(self.notes),
            "hits": [hit.as_json() for hit in self.hits],
            **({"facets": self.facets.as_json()} if self.facets else {}),
        }
