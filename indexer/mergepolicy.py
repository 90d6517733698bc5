"""Which segments to merge at a commit, so that there are never many and work and memory stay small.

The segments that a commit adds become one, or as many as can be merged at the same time: that takes
a fifth of what writing them took, and every search gains. What they become is treated as one
segment in what follows, so that nothing is copied twice in a commit.

Segments are ranked by size in powers of FANOUT (tiers). When FANOUT of them stand in a tier they
are merged into one, of a higher tier. Hence at most FANOUT - 1 segments a tier remain, and
(FANOUT - 1) × log_FANOUT(size of the index / FLOOR) + FANOUT - 1 in all; a word is copied at most
once a tier, and once by the commit that adds it. A segment of which half is deleted is merged by
itself.

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
from collections.abc import Callable, Collection, Iterable, Sequence

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

#: Segments that are one, or will be.
Whole = Sequence[SegmentInfo]


def tier(whole: Whole) -> int:
    """The rank of some segments by the live words of all of them."""
    return int(math.log(max(_words(whole), FLOOR) / FLOOR, FANOUT))


def choose_merges(
    segments: Sequence[SegmentInfo],
    different: Different,
    added: Collection[str] = (),
    at_once: int = 1,
) -> list[list[SegmentInfo]]:
    """The groups of segments to be merged now, each in the order of the index.

    Args:
        segments: of the index, in its order.
        added: the ids of those that the commit adds.
        at_once: so many groups can be merged at the same time.
    """
    by_tier: dict[int, list[Whole]] = {}
    groups: list[list[Whole]] = []
    new = [each for each in segments if each.id in added and different([each]) < FULL]
    others = [[each] for each in segments if each not in new]
    for whole in others + _wholes(new, different, at_once):
        if different(whole) < FULL:
            by_tier.setdefault(tier(whole), []).append(whole)
        else:
            groups.append([whole])
    carried: list[Whole] = []
    for rank in range(max(by_tier, default=-1) + 1):
        group = sorted(carried + by_tier.get(rank, []), key=lambda whole: segments.index(whole[0]))
        carried = []
        while len(group) >= FANOUT:
            fitting = _fitting(group, different)
            if fitting == group and len(by_tier.get(rank + 1, [])) >= FANOUT - 1:
                # What comes out would fill up the next tier: merged in the same go.
                carried = group
            else:
                groups.append(fitting)
            group = group[len(fitting) :]
        groups.extend([whole] for whole in group)
    groups.append(carried)
    flat = [_joined(group) for group in groups]
    return [group for group in flat if len(group) > 1 or any(map(_mostly_deleted, group))]


def _wholes(new: Whole, different: Different, at_once: int) -> list[Whole]:
    """What the segments that a commit adds become: as many wholes as can be merged at the same
    time, or more where one would have too many different words."""
    wholes: list[Whole] = []
    share = max(1, -(-len(new) // at_once))
    for start in range(0, len(new), share):
        left: list[Whole] = [[segment] for segment in new[start : start + share]]
        while left:
            fitting = _fitting(left, different)
            wholes.append(_joined(fitting))
            left = left[len(fitting) :]
    return wholes


def _words(whole: Whole) -> float:
    """The live words of segments."""
    return sum(
        segment.lengths.get("text", 0) * (1 - segment.deleted / max(segment.documents, 1))
        for segment in whole
    )


def _mostly_deleted(segment: SegmentInfo) -> bool:
    return segment.deleted * 2 > segment.documents


def _joined(group: Iterable[Whole]) -> list[SegmentInfo]:
    return [segment for whole in group for segment in whole]


def _fitting(group: list[Whole], different: Different) -> list[Whole]:
    """As many of the first wholes as may be merged together; two, if there are two."""
    sizes = range(3, len(group) + 1)
    fits = bisect_right(sizes, MOST_WORDS, key=lambda size: different(_joined(group[:size])))
    return group[: 2 + fits]
