"""Words of the index that are spelled like a word of the query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.spelling import grams_of
from . import compiled
from .snapshot import Part

#: The least likeness that two words of eight letters, two edits apart, may have is about this;
#: below it there are too many words to look at.
LEAST_LIKENESS = 0.25


@dataclass
class Alike:
    """Words that share 3-grams with a word, in each segment.

    Attributes:
        ids: for each segment their ids.
        likeness: Dice coefficient of the sets of 3-grams, 2 × shared / (one's + other's).
    """

    parts: Sequence[Part]
    ids: list[Array]
    likeness: list[Array]

    def of_live_words(self) -> Alike:
        """Only the words that stand in a live document of any segment."""
        if all(part.deleted is None for part in self.parts):
            return self
        named = list(zip(self.parts, self.ids, strict=True))
        identities = [part.lexicon.identities[words] for part, words in named]
        live = [part.frequencies(words) > 0 for part, words in named]
        known = np.concatenate([i[is_live] for i, is_live in zip(identities, live, strict=True)])
        chosen = [np.isin(each, known) for each in identities]
        return Alike(
            self.parts,
            [ids[c] for ids, c in zip(self.ids, chosen, strict=True)],
            [like[c] for like, c in zip(self.likeness, chosen, strict=True)],
        )

    def best(self, floor: float, cap: int) -> list[tuple[Array, Array]]:
        """For each segment the ids and likeness of the words that are among the most alike of
        all segments: at least `floor`, at most `cap` different words."""
        chosen = [like >= floor for like in self.likeness]
        ids = [i[c] for i, c in zip(self.ids, chosen, strict=True)]
        likeness = [like[c] for like, c in zip(self.likeness, chosen, strict=True)]
        if sum(map(len, ids)) > cap:
            identities = [p.lexicon.identities[i] for p, i in zip(self.parts, ids, strict=True)]
            among = most(identities, likeness, cap)
            ids = [i[a] for i, a in zip(ids, among, strict=True)]
            likeness = [like[a] for like, a in zip(likeness, among, strict=True)]
        return list(zip(ids, likeness, strict=True))


def most(identities: Sequence[Array], worth: Sequence[Array], cap: int) -> list[Array]:
    """Of the words of several segments those that are among the `cap` best.

    Args:
        identities: of the words of each segment.
        worth: of each word, the same in all segments; of equal ones the first identities count.

    Returns:
        For each segment which of its words.
    """
    everything, value = np.concatenate(identities), np.concatenate(worth)
    order = np.lexsort((everything, -value))
    # The same word of another segment stands beside it.
    ordered = everything[order]
    new = np.append(True, ordered[1:] != ordered[:-1])
    kept = np.zeros(len(everything), bool)
    kept[order[new.cumsum() <= cap]] = True
    return np.split(kept, np.cumsum([len(each) for each in identities])[:-1])


def similar_words(parts: Sequence[Part], folded: str, floor: float = LEAST_LIKENESS) -> Alike:
    """The words whose likeness to a folded word is at least `floor`."""
    codes = np.array(grams_of(folded), np.uint64)
    found = [_alike(part, codes, floor) for part in parts]
    return Alike(parts, [ids for ids, _ in found], [likeness for _, likeness in found])


def _alike(part: Part, codes: Array, floor: float) -> tuple[Array, Array]:
    """The words, ascending, whose 3-grams are alike to some by `floor`, and how much each is."""
    file, count = part.lexicon.file, len(codes)
    words = file["grams.words"]
    if compiled.kernels:
        table, edges, sizes = file["grams.codes"], file["grams.starts"], file["grams.counts"]
        found, alike = compiled.kernels.alike(table, edges, words, sizes, codes, floor)
        return np.frombuffer(found, np.int64), np.frombuffer(alike, np.float64)
    starts, ends = _lists(part, codes)
    # A word of m grams that shares s of our n is alike by 2s / (n + m), and m is at least s.
    least = max(1, ceil(floor * count / (2 - floor) - 1e-9))
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
    sizes = file["grams.counts"][ids.astype(np.int64)] + float(count)
    for remaining, one in enumerate(reversed(lists[short:])):
        # Only of words that may still be enough alike it is worth knowing.
        keep = np.flatnonzero(2.0 * (shared + (left - remaining)) >= floor * sizes)
        ids, shared, sizes = ids[keep], shared[keep], sizes[keep]
        at = one.searchsorted(ids)
        at[at == len(one)] = 0
        shared += one[at] == ids
    likeness = 2.0 * shared / sizes
    keep = np.flatnonzero(likeness >= floor)
    return ids[keep].astype(np.int64), likeness[keep]


def _lists(part: Part, codes: Array) -> tuple[list[int], list[int]]:
    """Where the words of each of some 3-grams begin and end, the shortest list first."""
    file = part.lexicon.file
    table, edges = file["grams.codes"], file["grams.starts"]
    if not len(table):
        return [], []
    places = table.searchsorted(codes)
    places[places == len(table)] = 0
    places = places[table[places] == codes]
    starts, ends = edges[places].astype(np.int64), edges[places + 1].astype(np.int64)
    order = (ends - starts).argsort(kind="stable")
    return starts[order].tolist(), ends[order].tolist()
