"""Whoosh's own query objects, found and scored as its own matchers do."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from whoosh import query as q

from ..indexer.arrayfile import Array
from ..indexer.schema import VALUE_FIELDS, WORD_FIELDS
from ..indexer.stretches import distinct
from . import positions
from .found import NOTHING, Found
from .lookups import LookUps
from .plan import AllOf, Leaf, Plan, Scored
from .reading import look_up
from .snapshot import Part, Snapshot
from .variants import Variants, as_written
from .weights import Weights


def leaf_of(query: Any, lookups: LookUps, weights: Weights) -> Plan:
    """The plan of a query of Whoosh's that is no And, Or or Not; those of an unknown kind are left
    to its own matchers."""
    if isinstance(query, q.Term):
        return _term(query, lookups)
    if type(query) is q.Phrase and query.slop == 1 and query.fieldname in WORD_FIELDS:
        return _phrase(query, lookups)
    if type(query) is q.Prefix:
        return Leaf(lookups.constant(lambda part: _with_prefix(part, query), 1.0, query.boost))
    return Leaf(Scored("text", _by_whoosh(lookups.snapshot, weights, query), given=True))


def _term(query: Any, lookups: LookUps) -> Leaf:
    name, encoded = query.fieldname, _encoded(query.text)
    parts = lookups.snapshot.parts
    if name in WORD_FIELDS:
        return Leaf(lookups.words(name, _word(encoded, lookups), query.boost))
    if name in VALUE_FIELDS:
        found = []
        for part in parts:
            values = part.files.values[name]
            code = values.find(encoded)
            docs = values.docs(code) if code >= 0 else np.zeros(0, np.int64)
            found.append(Found(docs.astype(np.int64), np.ones(len(docs), np.float32)))
        idf = lookups.idf(sum(each.frequency for each in found))
        # Fields of values have no lengths: BM25 of one occurrence in an average document.
        return Leaf(Scored(name, found, query.boost, constant=idf))
    return Leaf(Scored("text", [NOTHING] * len(parts), constant=0.0))


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _word(encoded: bytes, lookups: LookUps) -> list[Variants]:
    numbers = [part.lexicon.find(encoded) for part in lookups.snapshot.parts]
    return [as_written(np.array([n] if n >= 0 else [], np.int64)) for n in numbers]


def _phrase(query: Any, lookups: LookUps) -> Plan:
    name = query.fieldname
    words = [_word(_encoded(word), lookups) for word in query.words]
    found = []
    for n, part in enumerate(lookups.snapshot.parts):
        docs = positions.counted(
            positions.phrase(part, name, [variants[n].ids for variants in words])
        ).docs
        found.append(Found(docs, np.zeros(len(docs), np.float32)))
    where = Leaf(Scored(name, found, constant=0.0))
    return AllOf([where, *(Leaf(lookups.words(name, word, query.boost)) for word in words)])


def _with_prefix(part: Part, query: Any) -> Array:
    """The documents that hold a word or value that begins with some letters, ascending."""
    if query.fieldname in WORD_FIELDS:
        words = words_with_prefix(part, query)
        # Which documents these are is all that counts.
        (found,) = look_up(part, query.fieldname, [(words, len(words.ids))], defer=True)
        return found.matches
    values = part.files.values[query.fieldname]
    first, last = map(values.place_of, _range(query))
    lists = [values.docs(code) for code in range(first, last)]
    return distinct(np.concatenate(lists)) if lists else np.zeros(0, np.int64)


def words_with_prefix(part: Part, query: Any) -> Variants:
    """The words of a segment that begin with the letters of a Prefix, as they are written."""
    return as_written(part.lexicon.between(*_range(query)))


def _range(query: Any) -> tuple[bytes, bytes]:
    """What begins with a prefix is not before the first and before the second of these."""
    start = query.text.encode()
    return start, start + b"\xff"


def _by_whoosh(snapshot: Snapshot, weights: Weights, query: Any) -> list[Found]:
    """The documents and scores of a query of an unknown kind, by Whoosh's own matchers."""
    from whoosh.reading import MultiReader, SegmentReader
    from whoosh.searching import Searcher

    from ..indexer.codec import Segment
    from ..indexer.schema import make_schema
    from .bm25 import BM25

    schema = make_schema()
    readers = [
        SegmentReader(None, schema, Segment(part.files.info, part.files, None))
        for part in snapshot.parts
    ]
    searcher: Any = Searcher(MultiReader(readers), weighting=cast(Any, BM25(weights.k1, weights.b)))
    found = []
    for leaf, _ in searcher.leaf_searchers():
        matcher = query.matcher(leaf, searcher.context())
        docs, scores = [], []
        while matcher.is_active():
            docs.append(matcher.id())
            scores.append(matcher.score())
            matcher.next()
        found.append(Found(np.array(docs, np.int64), np.array(scores, np.float32)))
    return found
