"""Words of the index that a word of the query may be a misspelling of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.folding import fold
from ..indexer.hashing import hashes
from ..indexer.relations import EXACT, FOLDED
from ..indexer.spelling import TOLD_BY_GRAMS, deletions, grams_of, whole_hashes
from ..indexer.stretches import distinct
from .similar import LEAST_LIKENESS, Alike, similar_words
from .snapshot import Snapshot

#: Words of so many letters or more may be two edits away from what was meant.
TWO_EDITS_FROM = 8
#: How many words are corrected to at most, nearest and most frequent first.
MAX_CORRECTIONS = 10
_CANDIDATE_CAP = 200
# One edit touches four 3-grams of a word at most, when two letters are swapped.
_TOUCHED = 4
#: About so many letters may be typed in the place of the right one, or beside it.
OTHER_LETTERS = 30
#: So many times oftener an accent is left out than put where there is none.
NO_ACCENT = 10
# A word of the language that fewer documents are in is rarer for that reason too; so frequencies
# count less than in full. This and NO_ACCENT were chosen on other cases of `bench.typos` than its
# figures in docs/ranking.md.
_DAMPED = 0.8


class Correction(msgspec.Struct):
    """A folded form that may have been meant.

    Attributes:
        word: the most frequent word of that form, of those with the most of the accents typed.
        edits: how many edits away.
        accents: how many accents were typed that the word does not have.
        frequency: how many live documents hold a word of that form.
        numbers: of the words of that form, among those of all segments, ascending (int64).
    """

    word: str
    edits: int
    accents: int
    frequency: int
    numbers: Array

    def likelihood(self, typed: str) -> float:
        """How likely it was meant when the folded `typed` was typed, beside others as many edits
        away: its frequency, damped, less where just one of many letters makes the error, or an
        accent was typed that it lacks. (A noisy channel, as in Kernighan, Church and Gale, "A
        Spelling Correction Program Based on a Noisy Channel Model", 1990.)
        """
        others = 1 if is_slip(typed, fold(self.word)) else OTHER_LETTERS
        return self.frequency**_DAMPED / (others * NO_ACCENT**self.accents)


def lacking_accents(typed: str, word: str) -> int:
    """How many accented Latin letters of what was typed a word does not have."""
    return (_accented(typed) - _accented(word)).total()


def _accented(word: str) -> Counter[str]:
    return Counter(c for c in word if not c.isascii() and c.isalpha() and fold(c).isascii())


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


def corrections(snapshot: Snapshot, typed: str, similar: Alike | None = None) -> list[Correction]:
    """The words that a word may be a misspelling of, best first.

    One edit away, the likeliest first; else, for long words, two. Words that stand in no live
    document are left out.

    Args:
        typed: the key of the word.
        similar: words that are spelled like its folded form, where some were looked up already.
    """
    folded = fold(typed)
    found = _within(snapshot, _one_edit(snapshot, folded, similar), typed, 1)
    if not found and len(folded) >= TWO_EDITS_FROM:
        near = similar_words(snapshot, folded, LEAST_LIKENESS, _CANDIDATE_CAP, live=True).numbers
        found = _within(snapshot, near, typed, 2)
    best = sorted(found, key=lambda c: (c.edits, -c.likelihood(folded), c.word))
    return best[:MAX_CORRECTIONS]


def _one_edit(snapshot: Snapshot, folded: str, similar: Alike | None) -> Array:
    """Candidates: what shares a form with one letter left out, or is such a form, or has one; and
    of words that are TOLD_BY_GRAMS, those that share enough."""
    lexicons = snapshot.lexicons
    keys = distinct(np.concatenate([deletions([folded])[0], whole_hashes([folded])]))
    found = [lexicons.deletions.having(keys.astype(np.uint64) << np.uint64(32))[0]]
    shorter = [folded[:n] + folded[n + 1 :] for n in range(len(folded))]
    whole = np.concatenate([hashes(shorter, EXACT), hashes(shorter, FOLDED)])
    found.append(lexicons.keys.having(whole)[0])
    # A word has a 3-gram for each letter, and may have one letter more than was typed.
    if len(folded) >= TOLD_BY_GRAMS - 1:
        least = _least_likeness(folded)
        if similar is None or not similar.has_all(least):
            similar = similar_words(snapshot, folded, least, 0)
        found.append(similar.numbers[similar.likeness >= least])
    return distinct(np.concatenate(found))


def _least_likeness(folded: str) -> float:
    """How much a word that is TOLD_BY_GRAMS and one edit away is alike at least.

    Of n and m 3-grams they share s, n - 4 and m - 4 at least, so that n and m are s + 4 at most,
    and 2s / (n + m) is at least s / (s + 4).
    """
    shared = max(len(grams_of(folded)), TOLD_BY_GRAMS) - _TOUCHED
    return shared / (shared + _TOUCHED)


def _within(snapshot: Snapshot, numbers: Array, typed: str, limit: int) -> list[Correction]:
    """Of some words (ascending) those so few edits away."""
    folded = fold(typed)
    edits: dict[str, int] = {}
    found: dict[str, Correction] = {}
    # The most frequent word of a form first.
    for frequency, word, own in sorted(
        _alive(snapshot, numbers), key=lambda row: (-row[0], row[1])
    ):
        form = fold(word)
        if form not in edits:
            edits[form] = edit_distance(folded, form, limit)
        if edits[form] > limit:
            continue
        accents = lacking_accents(typed, word)
        known = found.get(form)
        if known is None:
            found[form] = Correction(word, edits[form], accents, frequency, own)
            continue
        if accents < known.accents:
            known.word, known.accents = word, accents
        known.frequency += frequency
        known.numbers = np.sort(np.concatenate([known.numbers, own]))
    return list(found.values())


def _alive(snapshot: Snapshot, numbers: Array) -> Iterator[tuple[int, str, Array]]:
    """The different words among some that stand in a live document: in how many, the word, and
    its numbers."""
    if not len(numbers):
        return
    frequencies = snapshot.frequencies(numbers)
    # The same word of another segment stands beside it.
    identities = snapshot.lexicons.identities.of(numbers)
    order = identities.argsort(kind="stable")
    ordered = identities[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    totals = np.add.reduceat(frequencies[order], starts).tolist()
    edges = [*starts.tolist(), len(order)]
    numbers = numbers[order]
    for total, begin, end in zip(totals, edges, edges[1:], strict=False):
        if total:
            own = numbers[begin:end]
            yield total, snapshot.lexicons.word(own.item(0)), own


def edit_distance(one: str, other: str, limit: int) -> int:
    """Optimal string alignment: letters added, left out, replaced, or two neighbours swapped.

    Gives limit + 1 for anything farther.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    # What both begin and end with needs no edit.
    shorter = min(len(one), len(other))
    start = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    shorter -= start
    end = next((n for n in range(shorter) if one[-1 - n] != other[-1 - n]), shorter)
    one, other = one[start : len(one) - end], other[start : len(other) - end]
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
