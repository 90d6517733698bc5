"""Words of the index that are spelled like a word of the query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.folding import fold
from ..indexer.hashing import hashes
from ..indexer.relations import EXACT, FOLDED
from ..indexer.spelling import deletions, grams_of, whole_hashes
from ..indexer.stretches import distinct, stretches
from .snapshot import Part

#: Words of so many letters or more may be two edits away from what was meant.
TWO_EDITS_FROM = 8
#: How many words are corrected to at most, nearest and most frequent first.
MAX_CORRECTIONS = 10
#: The least likeness that two words of TWO_EDITS_FROM letters, two edits apart, may have is about
# this; below it there are too many words to look at.
LEAST_LIKENESS = 0.25
_CANDIDATE_CAP = 200
# Of the letters that may be typed wrongly only some are likely: neighbours on the keyboard, letters
# that sound or look alike.
_OTHER_LETTER = 0.1


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


@dataclass
class Correction:
    """A folded form that may have been meant.

    Attributes:
        word: the most frequent word of that form.
        edits: how many edits away.
        frequency: how many documents hold a word of that form.
        ids: for each segment the words of that form.
    """

    word: str
    edits: int
    frequency: int
    ids: list[Array]

    def likelihood(self, typed: str) -> float:
        """How likely it was meant when the folded `typed` was typed, beside others as many edits
        away: its frequency, less where just one of many letters makes the error. (A noisy channel,
        as in Kernighan, Church and Gale, "A Spelling Correction Program Based on a Noisy Channel
        Model", 1990.)
        """
        return self.frequency * (1.0 if is_slip(typed, fold(self.word)) else _OTHER_LETTER)


def is_slip(typed: str, meant: str) -> bool:
    """Whether no other letter than those of the word was typed: one was left out, two were swapped,
    or one was typed twice."""
    if len(typed) == len(meant):
        return sorted(typed) == sorted(meant)
    if len(typed) < len(meant):
        return True
    return any(
        typed[:n] + typed[n + 1 :] == meant and typed[n] == typed[n - 1]
        for n in range(1, len(typed))
    )


def corrections(parts: Sequence[Part], folded: str, alike: Alike) -> list[Correction]:
    """The words that a folded word may be a misspelling of, best first.

    One edit away, the likeliest first; else, for long words, two. Words that stand in no live
    document are left out.
    """
    found = _distances(parts, [_one_edit(part, folded) for part in parts], folded, 1)
    if not found and len(folded) >= TWO_EDITS_FROM:
        near = alike.best(LEAST_LIKENESS, _CANDIDATE_CAP)
        found = _distances(parts, [ids for ids, _ in near], folded, 2)
    best = sorted(found.values(), key=lambda c: (c.edits, -c.likelihood(folded), c.word))
    return best[:MAX_CORRECTIONS]


def _one_edit(part: Part, folded: str) -> Array:
    """Candidates: what shares a form with one letter left out, or is such a form, or has one."""
    shorter = [folded[:n] + folded[n + 1 :] for n in range(len(folded))]
    file = part.lexicon.file
    table = file["deletions.hashes"]
    keys = distinct(np.concatenate([deletions([folded])[0], whole_hashes([folded])]))
    left, right = np.searchsorted(table, keys, "left"), np.searchsorted(table, keys, "right")
    ids, _ = stretches(file["deletions.words"], left, right)
    whole = np.concatenate([hashes(shorter, EXACT), hashes(shorter, FOLDED)])
    return distinct(np.concatenate([ids, part.lexicon.having(whole)[0]]))


def _distances(
    parts: Sequence[Part], ids: Sequence[Array], folded: str, limit: int
) -> dict[str, Correction]:
    near: dict[str, _Near] = {}
    for n, (part, candidates) in enumerate(zip(parts, ids, strict=True)):
        postings = part.files.postings["text"]
        starts, ends = postings.bounds(candidates)
        for number, start, end in zip(candidates, starts, ends, strict=True):
            word = part.lexicon.word(int(number))
            if word not in near:
                form = fold(word)
                edits = edit_distance(folded, form, limit)
                near[word] = _Near(form, edits, [np.zeros(0, np.int64)] * len(parts))
            entry = near[word]
            if entry.edits <= limit:
                docs = postings.docs[start:end]
                entry.ids[n] = np.array([number], np.int64)
                entry.frequency += len(docs)
                entry.live |= bool(part.live[docs].any())
    found: dict[str, Correction] = {}
    # The most frequent word of a form first.
    for word, entry in sorted(near.items(), key=lambda item: (-item[1].frequency, item[0])):
        if not entry.live:
            continue
        if entry.form not in found:
            found[entry.form] = Correction(word, entry.edits, entry.frequency, entry.ids)
        else:
            known = found[entry.form]
            known.frequency += entry.frequency
            known.ids = [np.concatenate(both) for both in zip(known.ids, entry.ids, strict=True)]
    return found


@dataclass
class _Near:
    """A word near to a word of the query, over all segments."""

    form: str
    edits: int
    ids: list[Array]
    frequency: int = 0
    live: bool = False


def edit_distance(one: str, other: str, limit: int) -> int:
    """Optimal string alignment: letters added, left out, replaced, or two neighbours swapped.

    Gives limit + 1 for anything farther.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row = row, [i]
        for j, b in enumerate(other, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = previous
    return min(row[-1], limit + 1)
