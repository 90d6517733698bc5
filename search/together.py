"""How much of a query stands close together in a document: its best window of a few words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..indexer.arrayfile import Array
from . import compiled

#: Of a longer query only so many words count, the rarest.
MAX_WORDS = 32


def best_windows(
    places: Sequence[Array], idfs: Sequence[float], docs: Array, within: int
) -> tuple[Array, Array]:
    """The window of each document in which the words that stand there have the highest sum of idf.

    A word counts once in a window, however often it stands there.

    Args:
        places: for each word of the query where it stands in the documents (see `positions`),
            sorted.
        idfs: of the words.
        docs: the documents, ascending.
        within: how many words a window has.

    Returns:
        For each document the sum (float64; 0 where no word stands), and the position where the
        first of such windows begins.
    """
    sums, starts = np.zeros(len(docs)), np.zeros(len(docs), np.int64)
    chosen = sorted(range(len(idfs)), key=lambda n: (-idfs[n], n))[:MAX_WORDS]
    chosen = [n for n in chosen if len(places[n])]
    if not chosen:
        return sums, starts
    if compiled.kernels:
        listed, worth = [places[n] for n in chosen], np.array([idfs[n] for n in chosen])
        compiled.kernels.windows(listed, worth, docs, within, sums, starts)
        return sums, starts
    everything = np.concatenate([places[n] for n in chosen])
    words = np.repeat(np.arange(len(chosen)), [len(places[n]) for n in chosen])
    order = everything.argsort(kind="stable")
    everything, words = everything[order], words[order]
    ends = everything.searchsorted(everything + within)
    found = np.zeros(len(everything))
    for n, number in enumerate(chosen):
        before = np.zeros(len(words) + 1, np.int32)
        np.cumsum(words == n, out=before[1:])
        found += (before[ends] > before[:-1]) * idfs[number]
    rows = docs.searchsorted(everything >> 32)
    first = np.flatnonzero(np.append(True, rows[1:] != rows[:-1]))
    best = np.maximum.reduceat(found, first)
    sums[rows[first]] = best
    # The first place of each document that is as good as its best.
    good = np.flatnonzero(found == best[np.cumsum(np.append(False, rows[1:] != rows[:-1]))])
    _, at = np.unique(rows[good], return_index=True)
    starts[rows[first]] = everything[good[at]] & 0xFFFFFFFF
    return sums, starts
