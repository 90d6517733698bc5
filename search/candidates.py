"""The words of an index that begin as what is being typed, the most frequent of all segments."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.hashing import UInt64Array
from ..indexer.stretches import among, order_of
from .snapshot import Part, Snapshot

#: Of a short prefix's many words only so many, the most frequent, are looked at.
MAX_CANDIDATES = 300
# Of the words of a prefix one in so many tells how frequent the most frequent are.
_EVERY = 16
# A prefix of fewer letters is one letter from everything.
_LEAST_LETTERS = 4


class Candidates(msgspec.Struct, frozen=True):
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
            found |= among(mine, others)
        return found


def exact(snapshot: Snapshot, prefix: str) -> Candidates:
    """The words whose folded form begins with a folded prefix."""
    return snapshot.recent.get(
        ("exact", prefix),
        lambda: _candidates(
            snapshot, [part.lexicon.beginning_with(prefix) for part in snapshot.parts]
        ),
    )


def almost(snapshot: Snapshot, prefix: str) -> Candidates:
    """The same with one typing error in the prefix, those without one included; none for a prefix
    of fewer than four letters."""
    if len(prefix) < _LEAST_LETTERS:
        nothing = np.zeros(0, np.int64)
        return Candidates(nothing, [nothing] * len(snapshot.parts))
    return snapshot.recent.get(
        ("almost", prefix),
        lambda: _candidates(snapshot, snapshot.lexicons.beginning_almost_as(prefix)),
    )


def _candidates(snapshot: Snapshot, words: Sequence[Array]) -> Candidates:
    """The most frequent of some words, given by their ids in each segment."""
    parts = snapshot.parts
    found = [ids.astype(np.int64) for ids in words]
    listed = [_counts(part, ids) for part, ids in zip(parts, found, strict=True)]
    wanted = 2 * MAX_CANDIDATES
    while True:
        # A word with fewer postings than this in a segment is not looked at there.
        least = np.array([_cut(counts, wanted) for counts in listed], np.int64)
        chosen = [counts >= bound for counts, bound in zip(listed, least, strict=True)]
        rows = zip(found, listed, chosen, strict=True)
        some = [(ids[kept], counts[kept]) for ids, counts, kept in rows]
        identities = _promising(snapshot, some, least - 1)
        ids = snapshot.lexicons.ids_of(identities)
        frequencies = _frequencies(snapshot, ids)
        order = np.lexsort((identities, -frequencies))[:MAX_CANDIDATES]
        order = order[frequencies[order] > 0]
        last = int(frequencies[order[-1]]) if len(order) == MAX_CANDIDATES else 0
        bound = int((least - 1).sum())
        # No word that was not looked at can be more frequent than the last one, or as frequent.
        if last > bound or bound <= 0:
            break
        wanted *= 4
    return Candidates(frequencies[order], list(ids[:, order]))


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


def _promising(
    snapshot: Snapshot, chosen: Sequence[tuple[Array, Array]], elsewhere: Array
) -> UInt64Array:
    """The identities, ascending, of the words among some that may be among the most frequent.

    Args:
        chosen: the ids in each segment, and how many documents hold each there, deleted ones
            included.
        elsewhere: in how many documents of each segment a word may stand at most when it was not
            chosen there.
    """
    lexicons = snapshot.lexicons
    numbers = lexicons.numbers([ids for ids, _ in chosen])
    identities = lexicons.identities.of(numbers)
    if len(chosen) == 1:
        return np.sort(identities)
    order = order_of(identities)
    ordered = identities[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    if len(first) <= MAX_CANDIDATES:
        return ordered[first]
    counts = np.concatenate([counts for _, counts in chosen]).astype(np.int64)
    surely = snapshot.frequencies(numbers) if snapshot.deleted else counts
    beyond = counts - elsewhere.repeat([len(ids) for ids, _ in chosen])
    at_least = np.add.reduceat(surely[order], first)
    at_most = np.add.reduceat(beyond[order], first) + elsewhere.sum()
    last = np.partition(at_least, -MAX_CANDIDATES)[-MAX_CANDIDATES]
    return ordered[first[at_most >= last]]


def _frequencies(snapshot: Snapshot, ids: Array) -> Array:
    """In how many live documents of all segments words stand, given by their ids in each segment
    as `Lexicons.ids_of` gives them."""
    segments, which = (ids >= 0).nonzero()
    numbers = ids[segments, which] + snapshot.lexicons.bases[segments]
    return np.bincount(which, snapshot.frequencies(numbers), ids.shape[1]).astype(np.int64)
