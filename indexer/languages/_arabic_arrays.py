"""The functions of `arabic.py` for many words at once: the same steps, in the same order, from the
same tables."""

from __future__ import annotations

import msgspec
import numpy as np

from ..affixes import Letters, Patterns, first_fit
from ..arrayfile import Array
from ..folding import folds
from ..strings import Strings, edges
from ._arabic_affixes import (
    ADJECTIVES,
    ARTICLE,
    HAMZAS,
    JOINED_ARTICLES,
    LAST_LETTERS,
    PATTERNS_OF_FOUR,
    PATTERNS_OF_THREE,
    PLURALS,
    PROCLITICS,
    PRONOUNS,
    ROOT_PREFIXES,
    ROOT_SUFFIXES,
    SHORTEST,
    SINGLE_PREFIXES,
)

_BLOCK = 0x0600
_LONGEST_ROOT = 4


def _borders(words: Strings) -> tuple[Letters, Array, Array]:
    return Letters(words, _BLOCK), words.starts[:-1].copy(), words.starts[1:].copy()


def _without_pronoun(letters: Letters, starts: Array, ends: Array, least: int) -> Array:
    """The ends of the words without their pronouns."""
    cut = letters.ending(starts, ends, PRONOUNS, least)
    ends = ends - cut
    bare = np.flatnonzero(cut)
    ends[bare] -= letters.ending(starts[bare], ends[bare], ("ت",), least)
    return ends


def _without_endings(letters: Letters, starts: Array, ends: Array) -> Array:
    """The ends of the words without all their endings."""
    ends = _without_pronoun(letters, starts, ends, SHORTEST)
    rows = np.arange(len(ends))
    while len(rows):
        first, end = starts[rows], ends[rows]
        shorter = end - letters.ending(first, end, PLURALS, SHORTEST)
        shorter -= letters.ending(first, shorter, ADJECTIVES, SHORTEST)
        ends[rows] = shorter
        rows = rows[shorter < end]
    return ends


def _article(letters: Letters, starts: Array, ends: Array) -> Array:
    """The length of the article at the beginning of each word, or 0."""
    article = letters.begins(starts, ends, ARTICLE)
    cut = np.where(article & (ends - starts >= len(ARTICLE) + SHORTEST), len(ARTICLE), 0)
    for joined in reversed(JOINED_ARTICLES):
        rows = np.flatnonzero(letters.begins(starts, ends, joined, SHORTEST) & ~article)
        first, end = starts[rows] + len(joined), ends[rows]
        core = _without_pronoun(letters, first, end, 0)
        core -= letters.ending(first, core, PLURALS, 0)
        cut[rows[core - first >= 2]] = len(joined)
    return cut


def stems(words: Strings) -> Strings:
    """The light stem of each key or folded word."""
    folded, _ = folds(words)
    letters, starts, ends = _borders(folded)
    hamza = np.isin(words.first(), [ord(letter) for letter in HAMZAS])
    starts += np.where(hamza, 0, _article(letters, starts, ends))
    return Strings.pieces(letters.points, starts, _without_endings(letters, starts, ends))


def rests(folded: Strings) -> tuple[Strings, Array]:
    """What is left of folded words when particles are cut off, the longest first, and the number
    of the word that each is of."""
    letters, starts, ends = _borders(folded)
    owners, firsts = [], []
    future = [ord(letter) for letter in "يتنا"]
    for particle in PROCLITICS:
        rows = np.flatnonzero(letters.begins(starts, ends, particle, SHORTEST))
        first = starts[rows] + len(particle)
        if particle[-1] == "س":
            verbs = np.isin(letters.points[first], future)
            rows, first = rows[verbs], first[verbs]
        owners.append(rows)
        firsts.append(first)
    owner, first = np.concatenate(owners), np.concatenate(firsts)
    # By word; the rest that begins first is the longest.
    order = np.argsort(first)
    owner, first = owner[order], first[order]
    return Strings.pieces(letters.points, first, ends[owner]), owner


class _Shapes(msgspec.Struct, frozen=True):
    """Patterns of word formation of one length.

    Attributes:
        places: where the letters of the root stand in each (a row for each).
        counts: how many letters that are; 0 stands in the rest of a row.
        others: what the other letters are.
    """

    places: Array
    counts: Array
    others: Patterns


def _shapes(patterns: str, root_letters: str) -> dict[int, _Shapes]:
    shapes = {}
    for length in sorted(set(map(len, patterns.split()))):
        rows, counts, masks, numbers = [], [], [], []
        for pattern in (each for each in patterns.split() if len(each) == length):
            places = [n for n, letter in enumerate(pattern) if letter in root_letters]
            fixed = [n for n in range(length) if n not in places]
            rows.append(places + [0] * (_LONGEST_ROOT - len(places)))
            counts.append(len(places))
            masks.append(sum(0xFF << 8 * n for n in fixed))
            numbers.append(sum(ord(pattern[n]) - _BLOCK << 8 * n for n in fixed))
        others = Patterns(np.array(masks, np.uint64), np.array(numbers, np.uint64))
        shapes[length] = _Shapes(np.array(rows), np.array(counts), others)
    return shapes


_THREE = _shapes(PATTERNS_OF_THREE, "فعل")
_FOUR = _shapes(PATTERNS_OF_FOUR, "فعلق")


class _Roots:
    """The roots found so far: for each word the places of its letters, at most four."""

    def __init__(self, letters: Letters, count: int) -> None:
        self._letters = letters
        self._places = np.zeros((count, _LONGEST_ROOT), np.int64)
        self._lengths = np.zeros(count, np.int64)

    def whole(self, rows: Array, starts: Array, length: int) -> None:
        """What is left of some words is the root itself."""
        self._places[rows, :length] = starts[:, None] + np.arange(length)
        self._lengths[rows] = length

    def match(self, rows: Array, starts: Array, ends: Array, shapes: dict[int, _Shapes]) -> Array:
        """Looks for the shapes in what is left of some words, and tells which have one."""
        found = np.zeros(len(rows), bool)
        lengths = ends - starts
        for length, of_length in shapes.items():
            alike = np.flatnonzero(lengths == length)
            heads, least = self._letters.heads(starts[alike]), np.zeros(len(of_length.places), int)
            which = first_fit(heads, lengths[alike], of_length.others, least)
            fits, which = alike[which >= 0], which[which >= 0]
            self._places[rows[fits]] = starts[fits, None] + of_length.places[which]
            self._lengths[rows[fits]] = of_length.counts[which]
            found[fits] = True
        return found

    def strings(self) -> Strings:
        used = np.arange(_LONGEST_ROOT) < self._lengths[:, None]
        return Strings(self._letters.points[self._places[used]], edges(self._lengths))


def roots(folded: Strings) -> Strings:
    """The roots of folded words, "" where none can be told."""
    letters, starts, ends = _borders(folded)
    starts += letters.beginning(starts, ends, ROOT_PREFIXES, SHORTEST)
    ends -= letters.ending(starts, ends, ROOT_SUFFIXES, SHORTEST)
    starts += letters.begins(starts, ends, "وو")
    found = _Roots(letters, len(folded))
    rows = np.arange(len(folded))
    while len(rows):
        short = ends - starts <= SHORTEST
        three = short & (ends - starts == SHORTEST)
        found.whole(rows[three], starts[three], SHORTEST)
        rows, starts, ends = rows[~short], starts[~short], ends[~short]

        left = ~found.match(rows, starts, ends, _THREE)
        rows, starts, ends = rows[left], starts[left], ends[left]

        last = letters.ending(starts, ends, LAST_LETTERS, SHORTEST)
        first = letters.beginning(starts, ends, SINGLE_PREFIXES, 0)
        first[last > 0] = 0
        stuck = last + first == 0
        four = stuck & (ends - starts == _LONGEST_ROOT)
        found.whole(rows[four], starts[four], _LONGEST_ROOT)
        other = stuck & ~four
        found.match(rows[other], starts[other], ends[other], _FOUR)
        starts, ends = (starts + first)[~stuck], (ends - last)[~stuck]
        rows = rows[~stuck]
    return found.strings()
