"""Words of the index that are spelled like a word of the query."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.lexicons import Lexicons
from ..indexer.spelling import grams_of
from ..indexer.stretches import among
from . import compiled
from .snapshot import Snapshot

#: The least likeness that two words of eight letters, two edits apart, may have is about this;
#: below it there are too many words to look at.
LEAST_LIKENESS = 0.25
# What rounding may do to a sum; the likeness of a word itself is compared exactly.
_ROUNDING = 1e-9

#: The 3-grams of a segment, as `Lexicon.gram_table` gives them.
GramTable = tuple[Array, Array, Array, Array, Array]


class Alike(NamedTuple):
    """Words that are spelled like one.

    Attributes:
        numbers: of the words among those of all segments, ascending (int64).
        likeness: of each, the Dice coefficient of the sets of 3-grams,
            2 × shared / (one's + other's) (float64).
        floor: no word was looked for that is less alike.
        cap: so many different words at most, or all for 0.
    """

    numbers: Array
    likeness: Array
    floor: float
    cap: int

    def has_all(self, floor: float) -> bool:
        """Whether no word is missing that is alike by so much: there was room for all, or for
        some that are less alike."""
        if floor < self.floor:
            return False
        if not self.cap or len(self.numbers) < self.cap:
            return True
        return bool(self.likeness.min() < floor)


def similar_words(
    snapshot: Snapshot, folded: str, floor: float, cap: int, *, live: bool = False
) -> Alike:
    """The words that are spelled most like a folded word: alike by at least `floor`, at most `cap`
    different ones or all for 0, of equal ones those of the smallest identities.

    Args:
        live: whether only words count that stand in a live document of any segment.
    """
    codes = np.array(grams_of(folded), np.uint64)
    if not live or not snapshot.deleted:
        return Alike(*alike(snapshot.lexicons, codes, floor, cap), floor, cap)
    numbers, likeness = alike(snapshot.lexicons, codes, floor, 0)
    identities = snapshot.lexicons.identities.of(numbers)
    known = np.isin(identities, identities[snapshot.frequencies(numbers) > 0])
    kept = _most_alike(snapshot.lexicons, numbers[known], likeness[known], cap)
    return Alike(*kept, floor, cap)


def alike(lexicons: Lexicons, codes: Array, floor: float, cap: int) -> tuple[Array, Array]:
    """The words whose 3-grams are alike to some by `floor`; of different words only the `cap` that
    are most alike, of equal ones those of the smallest identities, or all for 0."""
    if compiled.kernels:
        held, bases = lexicons.held_grams, lexicons.bases
        found, likeness = compiled.kernels.alike(held, bases, codes, floor, cap)
        return np.frombuffer(found, np.int64), np.frombuffer(likeness, np.float64)
    each = [_every_word(table, codes, floor) for table in lexicons.gram_tables]
    numbers = lexicons.numbers([ids for ids, _ in each])
    likeness = np.concatenate([np.zeros(0), *(like for _, like in each)])
    return _most_alike(lexicons, numbers, likeness, cap)


def _most_alike(
    lexicons: Lexicons, numbers: Array, likeness: Array, cap: int
) -> tuple[Array, Array]:
    """Of words that were found the `cap` best, or all for 0."""
    if not cap or len(numbers) <= cap:
        return numbers, likeness
    kept = most(lexicons.identities.of(numbers), likeness, cap)
    return numbers[kept], likeness[kept]


def most(identities: Array, worth: Array, cap: int) -> Array:
    """Which of some words, of any segments, are among the `cap` best different ones (bool).

    Args:
        worth: of each word, the same in all segments; of equal ones the first identities count.
    """
    order = np.lexsort((identities, -worth))
    # The same word of another segment stands beside it.
    ordered = identities[order]
    new = np.append(True, ordered[1:] != ordered[:-1])
    kept = np.zeros(len(identities), bool)
    kept[order[new.cumsum() <= cap]] = True
    return kept


def _every_word(table: GramTable, codes: Array, floor: float) -> tuple[Array, Array]:
    """The words of a segment, ascending, whose 3-grams are alike to some by `floor`, and how much
    each is."""
    _, _, words, counts, _ = table
    count = len(codes)
    starts, ends = _lists(table, codes)
    # A word of m grams that shares s of our n is alike by 2s / (n + m), and m is at least s.
    least = max(1, ceil(floor * count / (2 - floor) - _ROUNDING))
    if len(starts) < least:
        return np.zeros(0, np.int64), np.zeros(0)
    # The longest lists are left for the end: a word that has `least` grams has at least two, or
    # one if there are no more to ask for, in the other lists.
    left = max(0, least - 2)
    short = len(starts) - left
    lists = [words[a:b] for a, b in zip(starts, ends, strict=True)]
    found = np.concatenate(lists[:short])
    found.sort()
    # A word that stands there c times is as often the same as the one `more` places before it as
    # c exceeds `more`.
    more = least - left - 1
    again = found[more:][found[more:] == found[: len(found) - more]]
    if not len(again):
        return np.zeros(0, np.int64), np.zeros(0)
    first = np.flatnonzero(np.append(True, again[1:] != again[:-1]))
    ids, shared = again[first], np.append(first[1:], len(again)) - first + more
    sizes = counts[ids.astype(np.int64)] + float(count)
    for remaining, one in enumerate(reversed(lists[short:])):
        # Only of words that may still be enough alike it is worth knowing.
        hoped = 2.0 * (shared + (left - remaining))
        keep = np.flatnonzero(hoped >= floor * sizes - _ROUNDING)
        ids, shared, sizes = ids[keep], shared[keep], sizes[keep]
        shared += among(ids, one)
    likeness = 2.0 * shared / sizes
    keep = np.flatnonzero(likeness >= floor)
    return ids[keep].astype(np.int64), likeness[keep]


def _lists(table: GramTable, codes: Array) -> tuple[list[int], list[int]]:
    """Where the words of each of some 3-grams begin and end, the shortest list first."""
    known, edges = table[0], table[1]
    if not len(known):
        return [], []
    places = known.searchsorted(codes)
    places[places == len(known)] = 0
    places = places[known[places] == codes]
    starts, ends = edges[places].astype(np.int64), edges[places + 1].astype(np.int64)
    order = (ends - starts).argsort(kind="stable")
    return starts[order].tolist(), ends[order].tolist()
