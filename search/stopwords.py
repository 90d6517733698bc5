"""Words that carry little meaning are left out of a query, once its language is clear.

`son` is French for his and English for a sound; `pour`, `fut`, `but`, `or` are words of both. The
words of the query themselves give its language away; no guess is made where they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whoosh.query import Or

from ..indexer.detect import script_of
from ..indexer.folding import fold
from ..indexer.language import Language
from ..indexer.languages import LANGUAGES
from .nodes import Word


def query_language(words: Sequence[str]) -> Language | None:
    """The language that the stop words among some keys give away: the one with the most of them.

    None when there are no stop words, or two languages have as many.
    """
    forms = [fold(word) for word in words]
    counts = [
        (sum(form in language.stop_words for form in forms), language) for language in LANGUAGES
    ]
    counts.sort(key=lambda each: -each[0])
    if not counts[0][0] or counts[0][0] == counts[1][0]:
        return None
    return counts[0][1]


def lighten(query: Any, elsewhere: float) -> Any:
    """The query with stop words left out of its alternatives, as long as other words remain.

    Args:
        query: a tree of Whoosh's objects and `nodes`.
        elsewhere: the boost of a word that is a stop word, but of another language than the
            query's, or when that is not clear.
    """
    if type(query) is not Or:
        return query
    words = [child for child in query.subqueries if isinstance(child, Word) and not child.strict]
    language = query_language([word.text for word in words])
    kept = []
    for child in query.subqueries:
        if isinstance(child, Word) and not child.strict:
            form = fold(child.text)
            if language is not None and form in language.stop_words:
                continue
            script = script_of(form)
            if any(form in other.stop_words for other in LANGUAGES if other.script == script):
                child = child.with_boost(child.boost * elsewhere)
        kept.append(child)
    return Or(kept) if kept else query
