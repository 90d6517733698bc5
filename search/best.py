"""The best of many scores, without putting all of them in order."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import islice, repeat
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.stretches import distinct
from .snapshot import Part, Snapshot

# Scores are laid out in so many columns for each one wanted. The best of the columns tell a score
# that as many documents reach, by a few passes over the scores that the processor does in vectors.
_COLUMNS = 8
# A document is told by so many of the words of a query, at first or at most.
_COUNTED = 2, 12
# So many more than are wanted are soonest put in order with them.
_FEW = 32


class Ranked(NamedTuple):
    """One document of a ranking: its segment's number, its number there, its score."""

    part: int
    doc: int
    score: float


def reached(scores: Array, limit: int) -> np.number:
    """A score that at least `limit` of some scores reach; 0 where that is not soon told."""
    columns = _COLUMNS * limit
    rows = len(scores) // columns if columns else 0
    if rows < 2:
        return np.float32(0)
    best = scores[: rows * columns].reshape(rows, columns).max(axis=0)
    best.partition(columns - limit)
    return best[columns - limit]


def best_documents(scores: Array, docs: Array, limit: int, part: Part) -> Array:
    """The documents with the best scores above 0, equal ones by id, and maybe few others; in no
    order (see `ranked`).

    Args:
        scores: of all documents of the segment.
        docs: the documents that may have a score, in any order and some of them several times.
    """
    if limit <= 0 or not len(docs):
        return docs[:0]
    found = scores.take(docs)
    # The best may be counted several times; only if they are, more must be looked at.
    for times in _COUNTED:
        border = reached(found, times * limit)
        if border <= 0:
            break
        few = distinct(docs[found >= border])
        if len(few) >= limit:
            return few[_best(scores.take(few), few, limit, part)]
    few = distinct(docs[found > 0])
    return few[_best(scores.take(few), few, limit, part)]


def best_of_all(scores: Array, limit: int, part: Part) -> Array:
    """The same when any document of the segment may have a score."""
    border = reached(scores, limit) if limit > 0 else np.float32(0)
    docs = np.flatnonzero(scores >= border if border > 0 else scores > 0)
    return docs[_best(scores.take(docs), docs, limit, part)]


def best_of_few(scores: Array, docs: Array, limit: int, part: Part) -> Array:
    """The places of the best of some documents with their scores."""
    border = reached(scores, limit) if limit > 0 else np.float32(0)
    if border <= 0:
        return _best(scores, docs, limit, part)
    few = (scores >= border).nonzero()[0]
    if len(few) == len(scores):  # all are equal
        return _best(scores, docs, limit, part)
    return few[_best(scores.take(few), docs.take(few), limit, part)]


def _best(scores: Array, docs: Array, limit: int, part: Part) -> Array:
    if limit <= 0:
        return np.zeros(0, np.int64)
    if len(scores) <= limit + _FEW:
        return np.arange(len(scores))
    border = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    above = np.flatnonzero(scores > border)
    equal = np.flatnonzero(scores == border)
    wanted = limit - len(above)
    if len(equal) > wanted:
        codes = part.files.values["id"].codes
        assert codes is not None
        # The first id is the largest number here.
        backwards = ~codes.take(docs.take(equal))
        few = (backwards >= reached(backwards, wanted)).nonzero()[0]
        others = len(few) - wanted
        equal = equal[few[np.argpartition(backwards[few], others)[others:]]]
    return np.concatenate([above, equal])


def ranked(number: int, part: Part, docs: Array, scores: Array, limit: int) -> list[Ranked]:
    """The best of some documents of a segment and their scores, in order, equal ones by id.

    Args:
        number: the segment's.
    """
    codes = part.files.values["id"].codes
    assert codes is not None
    order = np.lexsort((codes.take(docs), -scores))[:limit]
    found = map(Ranked, repeat(number), docs[order].tolist(), scores[order].tolist())
    return list(found)


def in_order(snapshot: Snapshot, hits: list[Ranked], limit: int) -> list[Ranked]:
    """The first of some hits, by falling scores; equal ones in the order of ids."""
    hits.sort(key=_SCORE, reverse=True)
    ordered, scores = hits[:limit], [hit.score for hit in hits]
    # Ids are looked up only where they are needed, to rank equal scores.
    for first, last in _ties(scores, limit) if len(set(scores)) < len(scores) else ():
        wanted = min(last, len(ordered)) - first
        ordered[first:last] = islice(_by_id(snapshot, hits[first:last]), wanted)
    return ordered


def _by_id(snapshot: Snapshot, hits: list[Ranked]) -> Iterator[Ranked]:
    """Some hits in the order of their ids. Within a segment codes tell it, so that ids are looked
    up only of those that are asked for and of one more of each segment."""
    of_parts: dict[int, list[Ranked]] = {}
    for hit in hits:
        of_parts.setdefault(hit.part, []).append(hit)
    for number, own in of_parts.items():
        codes = snapshot.parts[number].files.values["id"].codes
        assert codes is not None
        code_of = codes.item
        own.sort(key=lambda hit: code_of(hit.doc))
    return merge(*of_parts.values(), key=lambda hit: snapshot.id_of(hit.part, hit.doc))


_SCORE = itemgetter(2)


def _ties(scores: list[float], limit: int) -> Iterator[tuple[int, int]]:
    """The stretches of equal scores that begin before a limit."""
    first = 0
    while first < min(limit, len(scores)):
        last = first + 1
        while last < len(scores) and scores[last] == scores[first]:
            last += 1
        if last > first + 1:
            yield first, last
        first = last
