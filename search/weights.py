"""Every weight of the ranking, in one place, each with what chose it (docs/ranking.md)."""

from __future__ import annotations

from enum import IntEnum

import msgspec


class Layer(IntEnum):
    """How a word of the index is related to a word of the query, the closest first.

    Of two relations that weigh alike the closer one counts, so that what makes a match comes first.
    """

    EXACT = 0
    FOLDED = 1
    STEM = 2
    CORRECTED = 3
    SYNONYM = 4
    ROOT = 5
    SIMILAR = 6


#: Documents that hold a word of one of these layers are matches; the others only rank.
CORE = frozenset(layer for layer in Layer if layer <= Layer.SYNONYM)
#: Weights are multiples of 1 / GRAIN, so that sums of them are exact in any order: the same
#: documents score the same in one segment and in ten.
GRAIN = 256


class Weights(msgspec.Struct, frozen=True):
    """What a search counts, and how much.

    Attributes:
        k1, b: of BM25 (Robertson and Zaragoza 2009).
        folded, stem, root, corrected, corrected_twice: weight of a word of that layer, as against
            1 for the word itself; 0 leaves the layer out. The last is for two edits.
        synonym: times the weight that a word has as a form of the synonym. Below all forms of the
            word itself, so that whoever writes a word finds it first, and above what only ranks.
        synonym_cap: how many synonyms of a word count at most.
        similar: times the likeness of the spelling.
        similar_floor: the least likeness (Dice coefficient of 3-grams) that counts.
        similar_cap, root_cap: how many words at most.
        exact_again: times the BM25 of the word itself alone, added once more.
        title: times the BM25 of the words in the field title, added.
        depth: how many of the best hits are ranked again among themselves, by what follows.
        pairs: times the BM25-like score of neighbouring words of the query, added where the second
            word comes at most `pairs_gap` after the first.
        stop_pairs: the same for a word and a stop word beside it that was left out of the query.
        together: times the idf of the different words of the query that stand within
            `together_within` words, where most of it does, added.
        letters: times the BM25 of groups of four letters, added.
        language: how many times as much a hit counts that is in the language of the query.
        stop_elsewhere: boost of a word that is a stop word of another language than the query's.
        postings_cap, places_cap: how much a query reads at most (see `budget`).
        open_patterns: how many patterns with an open beginning are looked for (see `budget`).
        sure_words: a query of no more words than this reads all that they stand for.
    """

    k1: float = 0.9
    b: float = 0.75
    folded: float = 0.95
    stem: float = 0.8
    root: float = 0.15
    similar: float = 0.3
    corrected: float = 1.0
    corrected_twice: float = 0.6
    synonym: float = 0.5
    synonym_cap: int = 50
    similar_floor: float = 0.5
    similar_cap: int = 20
    root_cap: int = 50
    exact_again: float = 0.15
    title: float = 0.3
    pairs: float = 0.2
    pairs_gap: int = 1
    stop_pairs: float = 0.15
    together: float = 0.2
    together_within: int = 16
    letters: float = 0.1
    language: float = 1.4
    depth: int = 30
    stop_elsewhere: float = 0.5
    postings_cap: int = 4_000_000
    places_cap: int = 4_000_000
    open_patterns: int = 16
    sure_words: int = 16

    @property
    def looks_closer(self) -> bool:
        """Whether the best hits are ranked again at all."""
        return bool(
            self.pairs or self.stop_pairs or self.together or self.letters or self.language != 1
        )


WEIGHTS = Weights()
#: The same without any layer: words as written, as a plain BM25 engine counts them.
PLAIN = Weights(
    k1=1.2,
    folded=0, stem=0, root=0, similar=0, corrected=0, corrected_twice=0, synonym=0, exact_again=0,
    title=0, pairs=0, stop_pairs=0, together=0, letters=0, language=1,
)  # fmt: skip


def grained(weight: float) -> float:
    """The nearest multiple of 1 / GRAIN."""
    return round(weight * GRAIN) / GRAIN
