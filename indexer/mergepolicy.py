"""Which segments to merge at a commit, so that there are never many and work and memory stay small.

Segments are ranked by size in powers of FANOUT (tiers). When FANOUT of them stand in a tier they
are merged into one, of a higher tier. Hence at most FANOUT - 1 segments a tier remain, and
(FANOUT - 1) × log_FANOUT(size of the index / FLOOR) + FANOUT - 1 in all; a word is copied at most
once a tier. A segment of which half is deleted is merged by itself.

What merging takes in memory grows with the different words of what comes out. A segment with FULL
of them is merged with no other any more, and a group with more than MOST_WORDS is cut where the
next segment would be too much. That one is not full, so what comes before it has more than
MOST_WORDS - FULL words, and is full when it is merged: of the segments that are not full no more
stay than without this bound, those that are full hold FULL different words each, and a word is
copied once more at most.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

from .segmentinfo import SegmentInfo

FANOUT = 8
#: Words; smaller segments count as this large.
FLOOR = 50_000
#: Different words of a segment that comes of merging; it takes about 185 bytes for each.
MOST_WORDS = 2_500_000
#: Less than half of that, since what several segments have in common is estimated.
FULL = 1_200_000

#: About how many different words some segments hold together.
Different = Callable[[Sequence[SegmentInfo]], int]


def tier(segment: SegmentInfo) -> int:
    """The rank of a segment by its live words."""
    live = 1 - segment.deleted / max(segment.documents, 1)
    words = segment.lengths.get("text", 0) * live
    return int(math.log(max(words, FLOOR) / FLOOR, FANOUT))


def choose_merges(segments: Sequence[SegmentInfo], different: Different) -> list[list[SegmentInfo]]:
    """The groups of segments to be merged now, each in the order of the index."""
    by_tier: dict[int, list[SegmentInfo]] = {}
    groups = []
    for segment in segments:
        if different([segment]) < FULL:
            by_tier.setdefault(tier(segment), []).append(segment)
        elif _mostly_deleted(segment):
            groups.append([segment])
    carried: list[SegmentInfo] = []
    for rank in range(max(by_tier, default=-1) + 1):
        group = sorted(carried + by_tier.get(rank, []), key=segments.index)
        carried = []
        while len(group) >= FANOUT:
            fitting = _fitting(group, different)
            if fitting == group and len(by_tier.get(rank + 1, [])) >= FANOUT - 1:
                # What comes out would fill up the next tier: merged in the same go.
                carried = group
            else:
                groups.append(fitting)
            group = group[len(fitting) :]
        groups.extend([segment] for segment in group if _mostly_deleted(segment))
    if carried:
        groups.append(carried)
    return groups


def _mostly_deleted(segment: SegmentInfo) -> bool:
    return segment.deleted * 2 > segment.documents


def _fitting(group: list[SegmentInfo], different: Different) -> list[SegmentInfo]:
    """As many of the first segments as may be merged together; two, if there are two."""
    sizes = range(3, len(group) + 1)
    return group[: 2 + bisect_right(sizes, MOST_WORDS, key=lambda size: different(group[:size]))]
