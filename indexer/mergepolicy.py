"""Which segments to merge at a commit, so that there are never many and work stays small.

Segments are ranked by size in powers of FANOUT (tiers). When FANOUT of them stand in a tier they
are merged into one, of a higher tier. Hence at most FANOUT - 1 segments a tier remain, and
(FANOUT - 1) × log_FANOUT(size of the index / FLOOR) + FANOUT - 1 in all; a word is copied at most
once a tier. A segment of which half is deleted is merged by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .segmentinfo import SegmentInfo

FANOUT = 8
#: Words; smaller segments count as this large.
FLOOR = 50_000


def tier(segment: SegmentInfo) -> int:
    """The rank of a segment by its live words."""
    live = 1 - segment.deleted / max(segment.documents, 1)
    words = segment.lengths.get("text", 0) * live
    return int(math.log(max(words, FLOOR) / FLOOR, FANOUT))


def choose_merges(segments: Sequence[SegmentInfo]) -> list[list[SegmentInfo]]:
    """The groups of segments to be merged now, each in the order of the index."""
    by_tier: dict[int, list[SegmentInfo]] = {}
    for segment in segments:
        by_tier.setdefault(tier(segment), []).append(segment)
    groups = []
    carried: list[SegmentInfo] = []
    for rank in range(max(by_tier, default=-1) + 1):
        group = carried + by_tier.get(rank, [])
        carried = []
        if len(group) >= FANOUT:
            # What comes out may fill up the next tier: then merge it in the same go.
            carried = group
            if len(by_tier.get(rank + 1, [])) < FANOUT - 1:
                groups.append(sorted(group, key=segments.index))
                carried = []
        else:
            group = [segment for segment in group if segment.deleted * 2 > segment.documents]
            groups.extend([segment] for segment in group)
    if carried:
        groups.append(sorted(carried, key=segments.index))
    return groups
