"""What a query may cost: it reads so many postings and so many places and no more.

Only what a query finds too much of is cut, and never by the clock: what is read is counted over
all segments, so that the same documents give the same answer however they are spread. What is
found is found rightly, but something may be missing, so totals are lower bounds: where what is
excluded would be cut, everything is excluded. docs/design.md says what chose the caps.

Patterns: those with an open beginning are looked for in the whole lexicon, so that of many only
the longest are looked for. Postings: patterns, and words where a query has many, lose the words
that the most documents hold, as stop words do not count either. Places: phrases, NEAR and synonyms
of several words are looked for in fewer documents, those whose ids have the smallest hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.hashing import UInt64Array, hash_of
from ..indexer.lexicon import head_of, is_prefix
from ..indexer.relations import EXACT
from ..indexer.stretches import order_of
from .lookups import LookUps
from .nodes import Wildcard
from .plan import Leaf, Scored
from .snapshot import Part, Snapshot
from .variants import Resolved, all_as_written
from .weights import Weights

# A stop word is one in about so many words of a text.
_STOP_WORD = 16
# A pattern with fewer letters than this before its first wildcard has an open beginning: it is to
# be looked for in the whole lexicon, or in a tenth of it.
_TELLING_HEAD = 2

#: Finds the places of a leaf: in some documents of each segment (ascending), or in all (None).
Find = Callable[[Sequence[Array | None]], None]
# The sizes of lists of documents, and the identities of their words.
_Lists = tuple[Array, UInt64Array]


class _Pattern(NamedTuple):
    leaf: Leaf
    query: Wildcard
    word: Resolved
    excluded: bool


class _Word(NamedTuple):
    leaf: Leaf
    word: Resolved
    excluded: bool


class _Placed(NamedTuple):
    leaf: Leaf
    need: int
    find: Find
    excluded: bool


class Bound(NamedTuple):
    """Where lists of documents become too long.

    Attributes:
        size: shorter ones are read, longer ones are not.
        identity: of those of this size only the ones with a smaller identity are read.
    """

    size: int
    identity: int

    @classmethod
    def of(cls, sizes: Array, identities: UInt64Array, most: int) -> Bound | None:
        """The bound up to which lists have `most` documents together; None when all have."""
        if int(sizes.sum()) <= most:
            return None
        ordered = np.sort(sizes)
        sums = ordered.cumsum()
        size = int(ordered[sums.searchsorted(most, "right")])
        shorter = int(ordered.searchsorted(size))
        left = most - (int(sums[shorter - 1]) if shorter else 0)
        return cls(size, int(np.sort(identities[sizes == size])[left // size]))

    def within(self, sizes: Array, identities: UInt64Array) -> Array:
        """Which lists are read."""
        tied = (sizes == self.size) & (identities < np.uint64(self.identity))
        return (sizes < self.size) | tied


class Budget:
    """Gathers what the leaves of a query want to read, and lets them have it or a part of it.

    Args:
        lookups: what the leaves promised to look up.
    """

    def __init__(self, snapshot: Snapshot, weights: Weights, lookups: LookUps) -> None:
        self._snapshot, self._weights, self._lookups = snapshot, weights, lookups
        self._patterns: list[_Pattern] = []
        self._words: list[_Word] = []
        self._placed: list[_Placed] = []

    def pattern(self, leaf: Leaf, query: Wildcard, word: Resolved, *, excluded: bool) -> None:
        """A leaf that wants all words that fit a pattern.

        Args:
            word: is given those that it may have.
        """
        self._patterns.append(_Pattern(leaf, query, word, excluded))

    def word(self, leaf: Leaf, word: Resolved, *, excluded: bool) -> None:
        """A leaf that wants all that a word stands for, or nothing."""
        self._words.append(_Word(leaf, word, excluded))

    def placed(self, leaf: Leaf, postings: int, find: Find, *, excluded: bool) -> None:
        """A leaf that wants the places of words that stand together.

        Args:
            postings: those of its words in the documents where they may stand together, at
                most.
            find: is called when it is known in which documents.
        """
        need = places_needed(self._snapshot, leaf.main.field, postings)
        self._placed.append(_Placed(leaf, need, find, excluded))

    def spend(self) -> None:
        """Gives all leaves what they may have, and marks those as partial that get less."""
        many = len(self._words) > self._weights.sure_words
        found = self._look_up_patterns()
        if self._patterns or many:
            self._read_lists(found, self._words if many else [])
        if self._placed:
            self._find_places()

    def _look_up_patterns(self) -> list[Array]:
        """The numbers of the words that fit each pattern; of those with an open beginning, the
        longest are looked for."""
        texts = {each.query.pattern for each in self._patterns}
        open_ = [
            text for text in texts if not is_prefix(text) and len(head_of(text)) < _TELLING_HEAD
        ]
        open_.sort(key=lambda text: (-len(text), text))
        left_out = {*open_[self._weights.open_patterns :]}
        known: dict[str, Array] = {}
        for pattern in self._patterns:
            text = pattern.query.pattern
            if text in left_out:
                self._cut(pattern.leaf, excluded=pattern.excluded)
                known[text] = np.zeros(0, np.int64)
            elif text not in known:
                known[text] = self._snapshot.lexicons.fitting(text)
        return [known[pattern.query.pattern] for pattern in self._patterns]

    def _read_lists(self, found: list[Array], words: Sequence[_Word]) -> None:
        """Gives the patterns those of the words that were found which may be read, and takes the
        others from `words`."""
        listed, bound = self._bound(found, words)
        lexicons = self._snapshot.lexicons
        if bound is None:
            for pattern, numbers in zip(self._patterns, found, strict=True):
                pattern.word.variants[:] = all_as_written(lexicons, numbers)
            return
        for pattern, numbers, lists in zip(self._patterns, found, listed, strict=True):
            kept = numbers[bound.within(*lists)]
            pattern.word.variants[:] = all_as_written(lexicons, kept)
            if len(kept) < len(numbers):
                self._cut(pattern.leaf, excluded=pattern.excluded)
        for word in words:
            if not bound.within(*self._size(word))[0]:
                self._lookups.forget(word.leaf.scored)
                word.leaf.word = None
                self._cut(word.leaf, excluded=word.excluded)

    def _bound(
        self, found: list[Array], words: Sequence[_Word]
    ) -> tuple[list[_Lists], Bound | None]:
        """The lists of the words that fit each pattern, and up to where these and the lists of
        some words are read."""
        snapshot, most = self._snapshot, self._weights.postings_cap
        longest = max((part.count for part in snapshot.parts), default=0)
        # Most queries are told at once to be far from the bound.
        if not words and sum(map(len, found)) * longest <= most:
            return [], None
        fields = [pattern.leaf.main.field for pattern in self._patterns]
        counts = [snapshot.sizes(*each) for each in zip(fields, found, strict=True)]
        if not words and sum(int(each.sum()) for each in counts) <= most:
            return [], None
        sizes, identities = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
        listed: list[_Lists] = []
        for numbers, own in zip(found, counts, strict=True):
            lists, once = _lists(snapshot, numbers, own)
            listed.append(lists)
            sizes.append(lists[0][once])
            identities.append(lists[1][once])
        for word in words:
            size, identity = self._size(word)
            sizes.append(size)
            identities.append(identity)
        return listed, Bound.of(np.concatenate(sizes), np.concatenate(identities), most)

    def _size(self, word: _Word) -> tuple[Array, UInt64Array]:
        """How many postings a word wants, as an array of one, and its identity."""
        field = word.leaf.main.field
        pairs = zip(self._snapshot.parts, word.word.variants, strict=True)
        size = sum(int(_counts(part, field, variants.ids).sum()) for part, variants in pairs)
        identity = np.array([hash_of(word.word.text, EXACT)], np.uint64)
        return np.array([size]), identity

    def _find_places(self) -> None:
        needs = [each.need for each in self._placed]
        found = where(self._snapshot, self._weights, needs)
        for each, docs in zip(self._placed, found, strict=True):
            each.find(docs or [None] * len(self._snapshot.parts))
            if docs:
                self._cut(each.leaf, excluded=each.excluded)

    def _cut(self, leaf: Leaf, *, excluded: bool) -> None:
        leaf.partial = True
        if excluded:
            leaf.main, leaf.extra, leaf.word, leaf.spans = self._everything, [], None, None

    @cached_property
    def _everything(self) -> Scored:
        """All documents, one list for as many leaves as need it."""
        return self._lookups.constant(lambda part: np.arange(part.count), 0.0)


def together(frequencies: Sequence[Sequence[int]]) -> int:
    """The postings of words of terms where they may stand together: in no more documents than the
    rarest of each term."""
    return sum(len(words) * min(words) for words in frequencies)


def places_needed(snapshot: Snapshot, field: str, postings: int) -> int:
    """About how many places of a field so many postings of words have that may stand together."""
    return postings * (1 + int(snapshot.averages[field]) // _STOP_WORD)


def where(snapshot: Snapshot, weights: Weights, needs: list[int]) -> list[list[Array] | None]:
    """In which documents of each segment places are looked for, for each that needs so many of
    them; None where it is in all."""
    most = share(needs, weights.places_cap)
    if most is None:
        return [None] * len(needs)
    return [
        None if need <= most else [_sample(part, (most << 64) // need) for part in snapshot.parts]
        for need in needs
    ]


def share(needs: list[int], most: int) -> int | None:
    """How much each may have, so that together they have `most` and those that want little have
    all of it; None when all have what they want."""
    if sum(needs) <= most:
        return None
    for waiting, need in zip(range(len(needs), 0, -1), sorted(needs), strict=True):
        if need > most // waiting:
            return most // waiting
        most -= need
    return None


def _counts(part: Part, field: str, ids: Array) -> Array:
    starts, ends = part.files.postings[field].bounds(ids)
    return ends - starts


def _lists(snapshot: Snapshot, numbers: Array, counts: Array) -> tuple[_Lists, Array | slice]:
    """How many documents of all segments hold each of some words, given with all their numbers and
    how many documents of its segment hold each, and the words' identities; and which of these to
    take to have each word once."""
    pairs = zip(snapshot.parts, snapshot.lexicons.split(numbers), strict=True)
    own = (part.lexicon.identities[ids] for part, ids in pairs)
    identities = np.concatenate([np.zeros(0, np.uint64), *own])
    if len(snapshot.parts) == 1:
        return (counts, identities), slice(None)
    order = order_of(identities)
    ascending = identities[order]
    new = np.ones(len(numbers), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    which = new.cumsum() - 1
    totals = np.empty(len(numbers), np.int64)
    totals[order] = np.bincount(which, counts[order]).astype(np.int64)[which]
    return (totals, identities), order[new]


def _sample(part: Part, hashes: int) -> Array:
    """The documents, ascending, whose ids have smaller hashes than that."""
    documents = part.files.documents
    count = int(documents["ids.hashes"].searchsorted(np.uint64(hashes)))
    return np.sort(documents["ids.docs"][:count])
