"""What a query may cost: it reads so many postings and so many places and no more.

Only what a query finds too much of is cut, and never by the clock: what is read is counted over
all segments, so that the same documents give the same answer however they are spread. What is
found is found rightly, but something may be missing, so totals are lower bounds: where what is
excluded would be cut, everything is excluded. docs/design.md says what chose the caps.

Patterns: those with an open beginning are looked for in the whole lexicon, so that of many only
the longest are looked for. Postings: patterns, and words where a query has many, lose the words
that the most documents hold, as stop words do not count either. Places: phrases, NEAR and synonyms
of several words are looked for in fewer documents (`placed`).
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
from .placed import Among, Sought, where
from .plan import Leaf, Scored
from .shares import Bound
from .snapshot import Part, Snapshot
from .variants import Resolved, all_as_written
from .weights import Weights

# A pattern with fewer letters than this before its first wildcard has an open beginning: it is to
# be looked for in the whole lexicon, or in a tenth of it.
_TELLING_HEAD = 2

#: Finds the places of a leaf.
Find = Callable[[Among], None]
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
    sought: Sought
    find: Find
    excluded: bool


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

    def placed(self, leaf: Leaf, sought: Sought, find: Find, *, excluded: bool) -> None:
        """A leaf that wants the places of words that stand together.

        Args:
            find: is called when it is known in which documents.
        """
        self._placed.append(_Placed(leaf, sought, find, excluded))

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
        found = where(self._snapshot, self._weights, [each.sought for each in self._placed])
        for each, chosen in zip(self._placed, found, strict=True):
            each.find(chosen.among)
            if chosen.partial:
                self._cut(each.leaf, excluded=each.excluded)
        # What finds places holds on to this budget, and both to all files that are mapped.
        self._placed.clear()

    def _cut(self, leaf: Leaf, *, excluded: bool) -> None:
        leaf.partial = True
        if excluded:
            leaf.main, leaf.extra, leaf.word, leaf.spans = self._everything, [], None, None

    @cached_property
    def _everything(self) -> Scored:
        """All documents, one list for as many leaves as need it."""
        return self._lookups.constant(lambda part: np.arange(part.count), 0.0)


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
