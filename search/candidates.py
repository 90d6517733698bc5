"""The words of an index that begin as what is being typed, the most frequent of all segments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.lexicon import Lexicon
from ..indexer.stretches import distinct
from .snapshot import Part, Snapshot

#: Of a short prefix's many words only so many, the most frequent, are looked at.
MAX_CANDIDATES = 300
# Of the words of a prefix one in so many tells how frequent the most frequent are.
_EVERY = 16
# A prefix of fewer letters is one letter from everything.
_LEAST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Candidates:
    """Different words, the most frequent first.

    Attributes:
        frequencies: how many live documents hold each (int64), at least one.
        ids: for each segment the id of each, -1 where it is not there (int64).
    """

    frequencies: Array
    ids: list[Array]

    def __len__(self) -> int:
        return len(self.frequencies)

    @property
    def nbytes(self) -> int:
        """The size of all its arrays."""
        return sum(each.nbytes for each in (self.frequencies, *self.ids))

    def among(self, ids: Sequence[Array]) -> Array:
        """Which of them are among some words of each segment, given in ascending order (bool)."""
        found = np.zeros(len(self), bool)
        for mine, others in zip(self.ids, ids, strict=True):
            if len(others):
                at = others.searchsorted(mine)
                at[at == len(others)] = 0
                found |= others[at] == mine
        return found


def exact(snapshot: Snapshot, prefix: str) -> Candidates:
    """The words whose folded form begins with a folded prefix."""
    return snapshot.recent.get(
        ("exact", prefix), lambda: _candidates(snapshot, lambda each: each.beginning_with(prefix))
    )


def almost(snapshot: Snapshot, prefix: str) -> Candidates:
    """The same with one typing error in the prefix, those without one included; none for a prefix
    of fewer than four letters."""
    if len(prefix) < _LEAST_LETTERS:
        nothing = np.zeros(0, np.int64)
        return Candidates(nothing, [nothing] * len(snapshot.parts))
    return snapshot.recent.get(
        ("almost", prefix),
        lambda: _candidates(snapshot, lambda each: each.with_prefix_almost(prefix)),
    )


def _candidates(snapshot: Snapshot, look_up: Callable[[Lexicon], Array]) -> Candidates:
    parts = snapshot.parts
    found = [look_up(part.lexicon).astype(np.int64) for part in parts]
    listed = [_counts(part, ids) for part, ids in zip(parts, found, strict=True)]
    wanted = 2 * MAX_CANDIDATES
    while True:
        chosen, bound = [], 0
        for ids, counts in zip(found, listed, strict=True):
            # A word with fewer postings than this in a segment is not looked at there.
            least = _cut(counts, wanted)
            bound += least - 1
            chosen.append(ids[counts >= least])
        identities, frequencies, ids = _totals(parts, chosen)
        order = np.lexsort((identities, -frequencies))[:MAX_CANDIDATES]
        order = order[frequencies[order] > 0]
        least = int(frequencies[order[-1]]) if len(order) == MAX_CANDIDATES else 0
        # No word that was not looked at can be more frequent than the last one, or as frequent.
        if least > bound or bound <= 0:
            break
        wanted *= 4
    return Candidates(frequencies[order], [each[order] for each in ids])


def _counts(part: Part, ids: Array) -> Array:
    """How many documents hold each word, deleted ones included."""
    offsets = part.files.postings["text"].offsets
    return offsets[ids + 1] - offsets[ids]


def _cut(counts: Array, wanted: int) -> int:
    """A number that about so many counts reach, or a few more; 1 when there are no more."""
    sample = counts[::_EVERY]
    if wanted >= len(counts) or wanted // _EVERY >= len(sample) - 1:
        return 1
    return max(1, int(np.partition(sample, -1 - wanted // _EVERY)[-1 - wanted // _EVERY]))


def _totals(parts: Sequence[Part], chosen: Sequence[Array]) -> tuple[Array, Array, list[Array]]:
    """The different words among some of each segment: their identities, in how many live documents
    of all segments each stands, and its id in each."""
    nothing = np.zeros(0, np.uint64)
    pairs = zip(parts, chosen, strict=True)
    every = np.concatenate([nothing, *(part.lexicon.identities[ids] for part, ids in pairs)])
    identities = distinct(every)
    totals, places = np.zeros(len(identities), np.int64), []
    for part, own in zip(parts, chosen, strict=True):
        ids = np.full(len(identities), -1, np.int64)
        ids[identities.searchsorted(part.lexicon.identities[own])] = own
        if len(parts) > 1:
            # What was chosen elsewhere may be here too.
            others = np.flatnonzero(ids < 0)
            there, which = part.lexicon.having(identities[others])
            same = part.lexicon.identities[there] == identities[others[which]]
            ids[others[which[same]]] = there[same]
        held = np.flatnonzero(ids >= 0)
        totals[held] += part.frequencies(ids[held])
        places.append(ids)
    return identities, totals, places
