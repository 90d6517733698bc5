"""Results in the order of their dates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..indexer.arrayfile import Array
from .columns import column
from .snapshot import Snapshot

_UNDATED = (1 << 31) - 1


def in_order_of_time(
    snapshot: Snapshot, documents: Sequence[Array], limit: int, *, newest: bool
) -> list[tuple[int, int]]:
    """The first documents by where their dates begin; those of one date by their ids, those
    without a date at the end.

    Args:
        documents: for each segment the documents to be ordered.
        limit: how many are wanted.

    Returns:
        Pairs: the number of the segment, the number of the document there.
    """
    dates = column(snapshot, "date")
    ranks = dates.chronology
    keys = np.where(ranks < 0, _UNDATED, ranks.max(initial=0) - ranks if newest else ranks)
    first: list[tuple[int, str, int, int]] = []
    for number, docs in enumerate(documents):
        files = snapshot.parts[number].files
        ids = files.values["id"].codes
        assert ids is not None
        packed = keys[dates.codes[number][docs]] << 32 | ids[docs].astype(np.int64)
        chosen = np.arange(len(docs))
        if len(docs) > limit:
            chosen = np.argpartition(packed, limit - 1)[:limit] if limit else chosen[:0]
        for n in chosen.tolist():
            doc = int(docs[n])
            first.append((int(packed[n]) >> 32, files.id_of(doc), number, doc))
    return [(number, doc) for _, _, number, doc in sorted(first)[:limit]]
