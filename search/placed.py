"""What it costs to look where words stand, and in which documents they are looked for so that it
does not cost too much.

How many places are read is reckoned twice. First as if all documents were of average length and
every sixteenth word a stop word: that takes nothing to be read, and chooses how many documents are
looked at. Words that are repeated without end stand there far more often. So where that could be,
it is counted what they really have there, of their frequencies alone: with all that an ordinary
query would read it is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.hashing import UInt64Array
from ..indexer.stretches import distinct
from . import positions
from .shares import Bound, share
from .snapshot import Part, Snapshot
from .variants import Variants
from .weights import Weights

# A stop word is one in about so many words of a text.
_STOP_WORD = 16
# So many times as many places as are reckoned with may really be there.
_SLACK = 2

#: What a word stands for in each segment.
Forms = Sequence[Variants]
#: Words side by side.
Term = Sequence[Forms]
#: For each segment the documents that are looked at, ascending; None for all.
Among = Sequence[Array | None]
# For each segment documents, ascending, and how many places are read in each.
_Counted = list[tuple[Array, Array]]


class Sought(NamedTuple):
    """Words that are looked for by where they stand.

    Attributes:
        field: where.
        operands: what must stand in a document, the rarest first: any term of each.
        documents: no more than so many hold them.
        postings: no more than so many of the words are in these.
    """

    field: str
    operands: Sequence[Sequence[Term]]
    documents: int
    postings: int

    @property
    def words(self) -> Iterator[Forms]:
        """All words of all terms."""
        return chain.from_iterable(chain.from_iterable(self.operands))


class Chosen(NamedTuple):
    """Where something is looked for.

    Attributes:
        among: in these documents.
        partial: whether there may be others.
    """

    among: Among
    partial: bool


def together(frequencies: Sequence[Sequence[int]]) -> int:
    """The postings of words of terms where they may stand together: in no more documents than the
    rarest of each term."""
    return sum(len(words) * min(words) for words in frequencies)


def is_little(
    snapshot: Snapshot, weights: Weights, field: str, postings: int, words: Iterable[Forms]
) -> bool:
    """Whether words of which so many postings may stand together can have no more places than a
    query may read; told of most in a microsecond."""
    if _reckoned(snapshot, field, postings) > weights.places_cap:
        return False
    most = _SLACK * weights.places_cap
    if postings * snapshot.longest(field) <= most:
        return True
    return sum(_of_forms(snapshot, field, forms) for forms in words) <= most


def where(snapshot: Snapshot, weights: Weights, wanted: Sequence[Sought]) -> list[Chosen]:
    """In which documents each of some things is looked for."""
    chosen = _sampled(snapshot, weights.places_cap, wanted)
    most = _SLACK * weights.places_cap
    pairs = list(zip(wanted, chosen, strict=True))
    if sum(_at_most(snapshot, *each) for each in pairs) <= most:
        return chosen
    counted = [
        [
            _counted(part, n, sought, among)
            for n, (part, among) in enumerate(zip(snapshot.parts, each.among, strict=True))
        ]
        for sought, each in pairs
    ]
    needs = [sum(int(counts.sum()) for _, counts in each) for each in counted]
    # Where some of the words are missing nothing is read.
    known = [
        Chosen([docs for docs, _ in of_one], each.partial)
        for each, of_one in zip(chosen, counted, strict=True)
    ]
    least = share(needs, most)
    if least is None:
        return known
    return [
        _shortened(snapshot, of_one, least) if need > least else each
        for each, need, of_one in zip(known, needs, counted, strict=True)
    ]


def _reckoned(snapshot: Snapshot, field: str, postings: int) -> int:
    """About how many places of a field so many postings of words have that may stand together."""
    return postings * (1 + int(snapshot.averages[field]) // _STOP_WORD)


def _sampled(snapshot: Snapshot, most: int, wanted: Sequence[Sought]) -> list[Chosen]:
    """Of each the documents whose ids have the smallest hashes, as many as it may look at by what
    is reckoned."""
    everywhere = Chosen([None] * len(snapshot.parts), partial=False)
    needs = [_reckoned(snapshot, each.field, each.postings) for each in wanted]
    least = share(needs, most)
    return [
        Chosen([_sample(part, (least << 64) // need) for part in snapshot.parts], partial=True)
        if least is not None and need > least
        else everywhere
        for need in needs
    ]


def _at_most(snapshot: Snapshot, sought: Sought, chosen: Chosen) -> int:
    """How many places can be read in some documents, as nothing but their number tells."""
    there = sum(
        part.count if among is None else len(among)
        for part, among in zip(snapshot.parts, chosen.among, strict=True)
    )
    longest = min(there, sought.documents) * snapshot.longest(sought.field)
    return sum(min(longest, _of_forms(snapshot, sought.field, forms)) for forms in sought.words)


def _of_forms(snapshot: Snapshot, field: str, forms: Forms) -> int:
    """No fewer places than what a word stands for has."""
    return sum(
        positions.at_most(part, field, variants.ids)
        for part, variants in zip(snapshot.parts, forms, strict=True)
    )


def _counted(part: Part, number: int, sought: Sought, among: Array | None) -> tuple[Array, Array]:
    """The documents of a segment, ascending, that hold a term of each operand, and how many places
    are read in each.

    Args:
        number: the segment's.
        among: only in these documents (ascending).
    """
    known: tuple[Array, Array] | None = None
    for terms in sought.operands:
        left = among if known is None else known[0]
        found = [
            positions.frequencies(part, sought.field, [word[number].ids for word in term], left)
            for term in terms
        ]
        docs = distinct(np.concatenate([each for each, _ in found]))
        counts = np.zeros(len(docs), np.int64)
        if known:
            counts += known[1][known[0].searchsorted(docs)]
        for each, freqs in found:
            counts[docs.searchsorted(each)] += freqs
        known = docs, counts
    assert known
    return known[0].astype(np.uint32, copy=False), known[1]


def _shortened(snapshot: Snapshot, counted: _Counted, most: int) -> Chosen:
    """The documents with the fewest places, that have so many together."""
    sizes = np.concatenate([counts for _, counts in counted])
    pairs = list(zip(snapshot.parts, counted, strict=True))
    identities = np.concatenate([_hashes(part)[docs] for part, (docs, _) in pairs])
    bound = Bound.of(sizes, identities, most)
    assert bound
    there = np.split(bound.within(sizes, identities), np.cumsum([len(docs) for docs, _ in counted]))
    return Chosen([docs[kept] for (docs, _), kept in zip(counted, there[:-1], strict=True)], True)


def _hashes(part: Part) -> UInt64Array:
    """Those of the ids of all documents."""
    documents = part.files.documents
    hashes = np.empty(part.count, np.uint64)
    hashes[documents["ids.docs"]] = documents["ids.hashes"]
    return hashes


def _sample(part: Part, hashes: int) -> Array:
    """The documents, ascending, whose ids have smaller hashes than that."""
    documents = part.files.documents
    count = int(documents["ids.hashes"].searchsorted(np.uint64(hashes)))
    return np.sort(documents["ids.docs"][:count])
