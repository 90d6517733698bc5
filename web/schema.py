"""The shapes of what the API answers; its description is generated from them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

Layer = Literal["exact", "folded", "stem", "root", "similar", "corrected", "synonym"]
#: Start and end of a marked word in code points; the end is the first one that is not marked.
Span = Annotated[
    list[Annotated[int, Meta(ge=0)]],
    Meta(min_length=2, max_length=2, description="Start and end, in code points from 0."),
]


class Snippet(Struct, forbid_unknown_fields=True):
    """A piece of a document's text, exactly as it stands there."""

    text: str
    highlights: list[Span]
    start: Annotated[int, Meta(ge=0, description="Where it begins in the text, in code points.")]


class Match(Struct, forbid_unknown_fields=True):
    """Why a document was found: a word of the query, one of the document, and how they relate."""

    query: str
    word: str
    layer: Layer


class Hit(Struct, forbid_unknown_fields=True):
    """A document found. Metadata stands there as far as the document has it."""

    id: str
    title: str
    title_highlights: list[Span]
    language: str
    score: float
    source: str
    similar: Annotated[bool, Meta(description="It holds related or similar words only.")]
    snippets: list[Snippet]
    matched: list[Match]
    date: str | UnsetType = UNSET
    creator: str | UnsetType = UNSET
    collection: str | UnsetType = UNSET
    languages: list[str] | UnsetType = UNSET
    extra: dict[str, Any] | UnsetType = UNSET


class Count(Struct, forbid_unknown_fields=True):
    """A value of a field, and how many documents one finds with it."""

    value: str
    count: Annotated[int, Meta(ge=0)]


class Years(Struct, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """A stretch of years, ends included, and how many documents have a date that touches it."""

    first: int
    last: int
    count: Annotated[int, Meta(ge=0)]


class Facets(Struct, forbid_unknown_fields=True):
    """What can be chosen among the matching documents. The counts of a field heed the choices in
    all other fields."""

    language: list[Count]
    collection: list[Count]
    creator: list[Count]
    source: list[Count]
    type: list[Count]
    years: list[Years]


class Results(Struct, forbid_unknown_fields=True):
    """The answer to a search."""

    query: str
    total: Annotated[
        int, Meta(ge=0, description="How many documents match; where partial, how many at least.")
    ]
    total_similar: Annotated[
        int, Meta(ge=0, description="How many more hold related or similar words only.")
    ]
    partial: Annotated[
        bool,
        Meta(
            description="The query asks for more than one search reads: what is found matches, "
            "but documents may be missing."
        ),
    ]
    suggestion: Annotated[str, Meta(description='The query as it may have been meant, or "".')]
    took: Annotated[float, Meta(ge=0, description="Seconds.")]
    notes: Annotated[list[str], Meta(description="What was passed over in the query.")]
    hits: list[Hit]
    facets: Facets
    page: Annotated[int, Meta(ge=1)]
    pages: Annotated[int, Meta(ge=0, description="How many pages there are.")]


class Title(Struct, forbid_unknown_fields=True):
    """The title of a document that goes on as what is being typed."""

    title: str
    id: Annotated[str, Meta(description='Of its document; "" when several have this title.')]


class Suggestions(Struct, forbid_unknown_fields=True):
    """How what is being typed may go on, the best first."""

    query: str
    suggestions: Annotated[
        list[str], Meta(description="What was typed with its last word completed.")
    ]
    titles: list[Title]


class Document(Struct, forbid_unknown_fields=True):
    """A document with its text and metadata, as far as they were given."""

    id: str
    title: str
    text: str
    language: str
    languages: list[str]
    date: str | UnsetType = UNSET
    creator: str | UnsetType = UNSET
    collection: str | UnsetType = UNSET
    source: str | UnsetType = UNSET
    extra: dict[str, Any] | UnsetType = UNSET


class Health(Struct, forbid_unknown_fields=True):
    """Whether searches can be answered."""

    status: Literal["ok", "unavailable"]
    documents: int | UnsetType = UNSET
    commit: int | UnsetType = UNSET


class Problem(Struct, forbid_unknown_fields=True):
    """What is wrong with a request, or with us (RFC 9457)."""

    type: str
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: Annotated[str, Meta(description="In the language of the reader.")]
    request_id: Annotated[str, Meta(description="Names the request in the log.")]
