"""The fields of an index, as Fihris and Whoosh see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.fields import ID, KEYWORD, TEXT, Schema

from .words import spans

#: Fields of words: posted with positions, sharing one lexicon.
WORD_FIELDS = ("text", "title")
#: Fields of whole values: filtered by, counted, never ranked. `languages` are those of all
#: passages, `origin` is the file that a document was read from.
VALUE_FIELDS = (
    "id",
    "language",
    "languages",
    "source",
    "collection",
    "creator",
    "date",
    "origin",
)
#: Those of which a document may have several.
SEVERAL = frozenset({"languages"})


class WordsAnalyzer(Analyzer):
    """Whoosh's view of `words.spans`, for its own parsers and highlighters."""

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        start_pos: int = 0,
        start_char: int = 0,
        **kwargs: Any,
    ) -> Iterator[Token]:
        token: Any = Token(positions, chars, **kwargs)
        for number, (key, start, end) in enumerate(spans(value)):
            token.text = token.original = key
            token.boost, token.stopped = 1.0, False
            token.pos = start_pos + number
            token.startchar, token.endchar = start_char + start, start_char + end
            yield token


def make_schema() -> Schema:
    """The schema, the same for every index."""
    return Schema(
        text=TEXT(analyzer=WordsAnalyzer(), phrase=True, stored=True),
        title=TEXT(analyzer=WordsAnalyzer(), phrase=True, stored=True),
        **{
            name: ID(stored=True, unique=name == "id")
            for name in VALUE_FIELDS
            if name != "languages"
        },
        languages=KEYWORD(stored=True, commas=True),
    )
