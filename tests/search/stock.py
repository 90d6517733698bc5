"""Whoosh's own searcher as the oracle, with its known defects put right or gone round."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fihris.search.bm25 import BM25
from whoosh import query as q
from whoosh.matching import AndNotMatcher
from whoosh.searching import Searcher

from ..collections import Collection

#: Kinds whose hits can be compared and whose scores cannot. Whoosh 2.7.4 scores the first ones as
#: a term in segments where just one term fits, otherwise by a constant; and of two alternatives it
#: takes the better score though it be another document's.
_SCORED_AT_RANDOM = (
    q.Prefix, q.Wildcard, q.Regex, q.TermRange, q.FuzzyTerm, q.DisjunctionMax
)  # fmt: skip


@contextmanager
def searcher_of(collection: Collection) -> Iterator[Searcher]:
    """A Whoosh searcher of an index, its plain matchers scoring by BM25."""
    with pytest.MonkeyPatch.context() as patch, collection.index.searcher(weighting=BM25()) as it:
        patch.setattr(AndNotMatcher, "_find_first", _find_next)
        patch.setattr(AndNotMatcher, "_find_next", _find_next)
        yield it


_original = AndNotMatcher._find_next


def _find_next(self: AndNotMatcher) -> bool | None:
    # Whoosh looks whether the first document is excluded only if both lists begin with it, and
    # looks for another document when there is none left.
    active = self.a.is_active() and self.b.is_active()
    return _original(self) if active else False


def results(searcher: Searcher, query: q.Query) -> dict[str, float]:
    """The score of each hit, by id. Not with a limit: then Whoosh may lose hits."""
    return {hit["id"]: hit.score for hit in searcher.search(without_not(query), limit=None)}


def without_not(query: q.Query) -> q.Query:
    """The query with every Not in other words: Whoosh's matcher for it finds deleted documents
    that stand behind an excluded one, and in an And it adds 1 to the score of each hit."""
    if isinstance(query, q.Not):
        return q.AndNot(q.Every(), without_not(query.query))
    if isinstance(query, q.AndNot):
        return q.AndNot(without_not(query.a), without_not(query.b))
    if isinstance(query, q.Or):
        return q.Or([without_not(part) for part in query], boost=query.boost)
    if isinstance(query, q.And):
        excluded = [without_not(part.query) for part in query if isinstance(part, q.Not)]
        sought = [without_not(part) for part in query if not isinstance(part, q.Not)]
        found = q.And(sought, boost=query.boost) if sought or not excluded else q.Every()
        return q.AndNot(found, q.Or(excluded)) if excluded else found
    return query


def is_scored_alike(query: q.Query) -> bool:
    """Whether what the query holds is scored by a rule and not at random."""
    if isinstance(query, q.AndNot):
        return is_scored_alike(query.a)
    if isinstance(query, q.Not):
        return True
    return not isinstance(query, _SCORED_AT_RANDOM) and all(map(is_scored_alike, query.children()))
