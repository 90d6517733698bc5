"""Words that carry little meaning are left out of a query, once its language is clear.

`son` is French for his and English for a sound; `pour`, `fut`, `but`, `or` are words of both. The
words of the query themselves give its language away; no guess is made where they do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeGuard

from whoosh.query import And, AndNot, Or

from ..indexer.detect import script_of
from ..indexer.folding import fold
from ..indexer.language import Language
from ..indexer.languages import LANGUAGES
from .nodes import Synonyms, Word


def query_languages(words: Sequence[str]) -> tuple[Language, ...]:
    """The languages that the stop words among some keys give away: those with the most of them.

    None when there are no stop words; mostly one; several when they have as many.
    """
    forms = [fold(word) for word in words]
    counts = [sum(form in language.stop_words for form in forms) for language in LANGUAGES]
    most = max(counts)
    pairs = zip(LANGUAGES, counts, strict=True)
    return tuple(language for language, count in pairs if count == most) if most else ()


def lighten(query: Any, elsewhere: float) -> Any:
    """The query with stop words left out of its alternatives, as long as other words remain.

    A stop word is left out when it is one in every language that the query may be in. Words in a
    field, with a =, in quotes, joined by AND or NEAR, or excluded stay as they are.

    Args:
        query: a tree of Whoosh's objects and `nodes`.
        elsewhere: the boost of a word that is a stop word, but of another language than the
            query's.
    """
    languages = query_languages([word.text for word in plain_words(query)])
    return _lightened(query, languages, elsewhere)


def _is_plain(query: Any) -> TypeGuard[Word]:
    return isinstance(query, Word) and not query.strict and query.fieldname is None


def plain_words(query: Any) -> Iterator[Word]:
    """The words that a tree looks for anywhere and in any form, in order."""
    if _is_plain(query):
        yield query
    elif isinstance(query, AndNot):
        yield from plain_words(query.a)
    elif type(query) in (And, Or):
        for child in query.subqueries:
            yield from plain_words(child)


def neighbours(query: Any) -> Iterator[tuple[str, str]]:
    """The keys of such words that stand side by side."""
    if isinstance(query, AndNot):
        yield from neighbours(query.a)
    elif type(query) in (And, Or):
        for one, other in pairwise(query.children()):
            if _is_plain(one) and _is_plain(other):
                yield one.text, other.text
        for child in query.children():
            yield from neighbours(child)


def _lightened(query: Any, languages: Sequence[Language], elsewhere: float) -> Any:
    if isinstance(query, AndNot):
        return AndNot(_lightened(query.a, languages, elsewhere), query.b)
    if type(query) is And:
        children = [_lightened(child, languages, elsewhere) for child in query.subqueries]
        return And(children, boost=query.boost)
    if type(query) is not Or:
        return query
    kept = []
    for child in query.subqueries:
        if not _is_plain(child):
            kept.append(_lightened(child, languages, elsewhere))
            continue
        form = fold(child.text)
        if languages and all(form in language.stop_words for language in languages):
            continue
        script = script_of(form)
        if any(form in other.stop_words for other in LANGUAGES if other.script == script):
            child = child.with_boost(child.boost * elsewhere)
        kept.append(child)
    # Synonyms of words that are left out are no words that remain.
    remain = any(not isinstance(child, Synonyms) for child in kept)
    return Or(kept, boost=query.boost) if remain else query
