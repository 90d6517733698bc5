"""Queries whose parts are alternatives: scores are added into an array of all documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..indexer.arrayfile import Array
from . import compiled
from .best import Ranked, best_documents, best_of_all, best_of_few, ranked
from .found import Found
from .plan import Leaf, Plan, Scored, leaves
from .searched import Searched
from .workspace import clean

# With more postings than this share of the documents all documents are looked at for the best,
# with fewer only those of the postings.
_DENSE = 0.3
# A word is common that more than one in so many documents hold. It is worth while to ask whether
# other words tell the best where all postings are so many times theirs.
_COMMON, _MORE = 16, 3
# Sums in single precision may be greater than what they are sums of, but never by so much.
_ROUNDED = 1.0001


def alternatives(
    segment: Searched, plan: Plan, limit: int, among: Array | None = None, wanted: bool = True
) -> tuple[list[Ranked], int, int]:
    """The best documents, in order, and how many match and are only alike.

    Args:
        among: marks (bool) of documents: only those count that match and have the mark `wanted`.
            For the compiled kernels alone.
    """
    number = segment.number
    sought = [leaf for leaf in leaves(plan) if len(leaf.main.found[number].docs)]
    if not sought:
        return [], 0, 0
    if compiled.kernels:
        return _compiled(segment, sought, limit, among, wanted)
    found = [leaf.main.found[number] for leaf in sought]
    if len(sought) == 1 and not sought[0].extra and _is_told_once(sought[0].main, found[0]):
        return _only(segment, sought[0].main, limit)
    if answer := _of_rare(segment, sought, found, limit):
        return answer
    part, scores = segment.part, segment.space.scores
    for leaf in sought:
        for scored in leaf.scored:
            _add(scores, segment, scored)
    if part.deleted is not None:
        scores[part.gone] = 0
    docs = found[0].docs if len(found) == 1 else np.concatenate([each.docs for each in found])
    dense = len(docs) > _DENSE * part.count
    best = best_of_all(scores, limit, part) if dense else best_documents(scores, docs, limit, part)
    hits = ranked(number, part, best, scores.take(best), limit)
    counts = _counts(segment, sought, found, dense)
    clean(scores, docs)
    return hits, *counts


def _compiled(
    segment: Searched, sought: Sequence[Leaf], limit: int, among: Array | None, wanted: bool
) -> tuple[list[Ranked], int, int]:
    """The same by the compiled kernels."""
    assert compiled.kernels
    number = segment.number
    finds, mains = [], []
    for leaf in sought:
        own = segment.finds(leaf)
        finds += own
        mains += [True, *[False] * (len(own) - 1)]
    best, matching, alike = compiled.kernels.rank_any(
        finds,
        bytes(mains),
        segment.codes,
        segment.part.deleted,
        among,
        wanted,
        segment.space.window,
        number,
        limit,
        Ranked,
    )
    return best, matching, alike


def _is_told_once(scored: Scored, found: Found) -> bool:
    """Whether all documents of a find are hits in the same way, and each has a score."""
    return scored.factor > 0 and (found.distinct or found.matching == len(found.docs))


def _only(segment: Searched, scored: Scored, limit: int) -> tuple[list[Ranked], int, int]:
    """The same where nothing has to be added up."""
    part, found = segment.part, scored.found[segment.number]
    docs = found.docs if found.distinct else found.matches
    freqs = segment.sums(found, docs)
    if part.deleted is not None:
        live = part.live.take(docs)
        docs, freqs = docs[live], freqs[live]
    scores = scored.scores(freqs, segment.norms(scored).take(docs))
    chosen = best_of_few(scores, docs, limit, part)
    matching = len(docs) if found.matching else 0
    best = ranked(segment.number, part, docs[chosen], scores[chosen], limit)
    return best, matching, len(docs) - matching


def _of_rare(
    segment: Searched, sought: Sequence[Leaf], found: Sequence[Found], limit: int
) -> tuple[list[Ranked], int, int] | None:
    """The same where documents that hold nothing but common words cannot be among the best, so that
    no others than those with rare ones are scored; None where that cannot be told."""
    part, scores, rows = segment.part, segment.space.scores, segment.space.rows
    sizes = [len(each.docs) for each in found]
    common = [size * _COMMON > part.count for size in sizes]
    rare = [each.docs for each, often in zip(found, common, strict=True) if not often]
    if (
        not 0 < sum(map(len, rare)) * _MORE < sum(sizes)
        or any(leaf.extra for leaf in sought)
        or not all(each.distinct and each.matching == len(each.docs) for each in found)
    ):
        return None
    docs, places = np.concatenate(rare), np.arange(max(sizes), dtype=np.int32)
    most = 0.0
    for leaf, each, often in zip(sought, found, common, strict=True):
        if often:
            rows[each.docs] = places[: len(each.docs)]
            _add_to_few(scores, segment, leaf.main, docs, rows.take(docs))
            most += leaf.main.factor
        else:
            _add(scores, segment, leaf.main)
    rows[docs] = 0
    if part.deleted is not None:
        scores[part.gone], rows[part.gone] = 0, -1
    matching = int(np.count_nonzero(rows >= 0))
    rows.fill(-1)
    best = best_documents(scores, docs, limit, part)
    hits = ranked(segment.number, part, best, scores.take(best), limit)
    clean(scores, docs)
    if len(hits) < max(limit, 1) or hits[-1].score <= most * _ROUNDED:
        return None
    return hits, matching, 0


def _add_to_few(
    scores: Array, segment: Searched, scored: Scored, docs: Array, places: Array
) -> None:
    """Adds the scores of a find to some documents, any of which may be given several times.

    Args:
        places: where each stands in the list of the find, if it does.
    """
    found = scored.found[segment.number]
    held = (found.docs.take(places, mode="clip") == docs).nonzero()[0]
    docs = docs.take(held)
    more = scored.scores(found.freqs_at(places.take(held)), segment.norms(scored).take(docs))
    scores[docs] = scores.take(docs) + more


def _add(scores: Array, segment: Searched, scored: Scored) -> None:
    """Adds the scores of a find to those of its documents."""
    found = scored.found[segment.number]
    docs = found.docs
    if not len(docs):
        return
    more = scored.scores(segment.sums(found, docs), segment.norms(scored).take(docs))
    if found.distinct:
        np.add.at(scores, docs, more)
    else:
        # A document of several postings is given the same score by each of them, not added to.
        scores[docs] = scores.take(docs) + more


def _counts(
    segment: Searched, sought: Sequence[Leaf], found: Sequence[Found], dense: bool
) -> tuple[int, int]:
    """How many documents match, and how many are found without matching."""
    if dense and all(
        leaf.main.factor > 0 and each.matching == len(each.docs) and each.freqs.min() > 0
        for leaf, each in zip(sought, found, strict=True)
    ):
        # All that match have a score, and nothing else has.
        return int(np.count_nonzero(segment.space.scores > 0)), 0
    marks, gone = segment.space.marks, segment.part.gone
    for each in found:
        marks[each.matching_docs] = True
    marks[gone] = False
    matching = int(np.count_nonzero(marks))
    alike = [each for each in found if each.matching < len(each.docs)]
    for each in alike:
        marks[each.docs[each.matching :]] = True
    marks[gone] = False
    everything = int(np.count_nonzero(marks)) if alike else matching
    marks.fill(False)
    return matching, everything - matching
