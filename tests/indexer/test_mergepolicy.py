from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import count
from math import log
from random import Random

import pytest
from fihris.indexer import mergepolicy
from fihris.indexer.mergepolicy import FANOUT, FLOOR, FULL, MOST_WORDS, Different, tier
from fihris.indexer.segmentinfo import SegmentInfo

_NAMES = count()


def segment(words: int, documents: int = 100, deleted: int = 0) -> SegmentInfo:
    return SegmentInfo(f"MAIN_{next(_NAMES)}", documents, {"text": words}, {}, deleted)


def few(_: Sequence[SegmentInfo]) -> int:
    return 1000


def choose_merges(
    segments: list[SegmentInfo],
    different: Different = few,
    added: Collection[str] = (),
    at_once: int = 1,
) -> list[list[SegmentInfo]]:
    return mergepolicy.choose_merges(segments, different, added, at_once)


def merged(segments: list[SegmentInfo]) -> list[SegmentInfo]:
    """What is left after the merges that are chosen."""
    for group in choose_merges(segments):
        assert group == [each for each in segments if each in group]
        words = sum(s.lengths["text"] * (s.documents - s.deleted) // s.documents for s in group)
        documents = sum(s.documents - s.deleted for s in group)
        place = segments.index(group[0])
        segments = [each for each in segments if each not in group]
        segments.insert(place, segment(words, documents))
    return segments


@pytest.mark.parametrize(
    ("words", "deleted", "rank"),
    [
        (0, 0, 0),
        (FLOOR, 0, 0),
        (FLOOR * FANOUT - 1, 0, 0),
        (FLOOR * FANOUT, 0, 1),
        (FLOOR * FANOUT, 50, 0),
        (FLOOR * FANOUT**2, 0, 2),
    ],
)
def test_tier(words: int, deleted: int, rank: int) -> None:
    assert tier([segment(words, 100, deleted)]) == rank


def test_fewer_than_the_fanout_stay() -> None:
    assert choose_merges([segment(10) for _ in range(FANOUT - 1)]) == []
    assert choose_merges([]) == []


def test_so_many_of_a_tier_become_one() -> None:
    small = [segment(10) for _ in range(FANOUT)]
    large = segment(FLOOR * FANOUT**3)
    assert choose_merges([*small[:3], large, *small[3:]]) == [small]


def test_what_fills_up_the_next_tier_is_merged_in_the_same_go() -> None:
    small = [segment(FLOOR) for _ in range(FANOUT)]
    larger = [segment(FLOOR * FANOUT) for _ in range(FANOUT - 1)]
    assert choose_merges(larger + small) == [larger + small]
    assert choose_merges(larger[1:] + small) == [small]


def test_a_segment_of_which_more_than_half_is_deleted_is_merged_by_itself() -> None:
    half, more = segment(10, 100, 50), segment(10, 100, 51)
    assert choose_merges([half, more]) == [[more]]


def ids(segments: Sequence[SegmentInfo]) -> set[str]:
    return {each.id for each in segments}


def test_what_a_commit_adds_becomes_one_segment() -> None:
    old = [segment(10), segment(FLOOR * FANOUT**2)]
    new = [segment(FLOOR * FANOUT**2), segment(10), segment(0)]
    assert choose_merges(old + new, few, ids(new)) == [new]
    assert choose_merges(old + new[:1], few, ids(new[:1])) == []


@pytest.mark.parametrize(
    ("count", "at_once", "shares"),
    [(2, 2, []), (3, 2, [2]), (6, 2, [3, 3]), (5, 4, [2, 2]), (9, 4, [3, 3, 3]), (3, 9, [])],
)
def test_what_a_commit_adds_is_shared_among_processes(
    count: int, at_once: int, shares: list[int]
) -> None:
    new = [segment(10) for _ in range(count)]
    groups = choose_merges(new, few, ids(new), at_once)
    assert [*map(len, groups)] == shares
    # Neighbours, from the first on; what is left over is not merged.
    merged = [each for group in groups for each in group]
    assert merged == new[: len(merged)]
    assert len(new) - len(merged) + len(groups) <= at_once


def test_what_is_added_counts_as_the_one_that_it_becomes() -> None:
    old = [segment(FLOOR * FANOUT) for _ in range(FANOUT - 1)]
    new = [segment(FLOOR) for _ in range(FANOUT)]
    # Together they fill up the tier of the old ones, and nothing is copied twice.
    assert choose_merges(old + new, few, ids(new)) == [old + new]
    assert choose_merges(old + new[:-1], few, ids(new[:-1])) == [new[:-1]]
    assert choose_merges(old + new, few, ids(new), 2) == [new[:4], new[4:]]


def test_added_segments_of_very_many_words_are_left_alone() -> None:
    full, *new = (segment(10) for _ in range(5))

    def different(group: Sequence[SegmentInfo]) -> int:
        return FULL if full in group else 1000 * len(group)

    assert choose_merges([full, *new], different, ids([full, *new])) == [new]


@pytest.mark.parametrize("seed", range(20))
def test_there_are_never_many_and_words_are_seldom_copied(seed: int) -> None:
    random = Random(seed)
    largest = random.choice([10, FLOOR, 30 * FLOOR])
    segments: list[SegmentInfo] = []
    written = copied = 0
    for _ in range(400):
        new = segment(random.randint(0, largest))
        written += new.lengths["text"]
        before = [*segments, new]
        segments = merged(before)
        copied += sum(s.lengths["text"] for s in segments if s not in before)
        ranks = Counter(tier([each]) for each in segments)
        assert max(ranks.values()) < FANOUT
        total = sum(s.lengths["text"] for s in segments)
        assert total == written
        levels = log(max(total, FLOOR) / FLOOR, FANOUT)
        assert len(segments) <= (FANOUT - 1) * levels + FANOUT - 1
    # Once in each tier, and once more for those that begin below the floor.
    ranks_ = int(log(max(written, FLOOR) / FLOOR, FANOUT)) + 1
    assert copied <= written * ranks_ + 400 * FLOOR


@pytest.mark.parametrize(("words", "tiers"), [(3, 1), (300, 2)])
def test_ten_thousand_small_commits_leave_few_segments(words: int, tiers: int) -> None:
    segments: list[SegmentInfo] = []
    for commit in range(1, 10_001):
        segments = merged([*segments, segment(words)])
        assert len(segments) <= (FANOUT - 1) * tiers
        assert sum(s.lengths["text"] for s in segments) == commit * words


@pytest.mark.parametrize("seed", range(20))
def test_many_segments_at_once_settle(seed: int) -> None:
    random = Random(seed)
    segments = [segment(int(FLOOR * FANOUT ** random.uniform(-1, 3))) for _ in range(60)]
    for _ in range(3):
        segments = merged(segments)
    assert choose_merges(segments) == []
    assert max(Counter(tier([each]) for each in segments).values()) < FANOUT


@pytest.mark.parametrize("seed", range(20))
def test_what_is_merged_has_a_bounded_number_of_different_words(seed: int) -> None:
    random = Random(seed)
    unit = 10_000
    # Frequent words stand in all segments, and the more rare ones there are the more are new.
    rare = random.choice([100, 1_000, 10_000])
    words: dict[str, set[int]] = {}

    def different(group: Sequence[SegmentInfo]) -> int:
        return len(set[int]().union(*(words[each.id] for each in group))) * unit

    segments: list[SegmentInfo] = []
    written = copied = 0
    for _ in range(100):
        added = [segment(random.randint(20, 80) * FLOOR) for _ in range(random.choice([1, 1, 7]))]
        for new in added:
            words[new.id] = {*range(10), *random.choices(range(10, rare), k=random.randint(5, 60))}
            written += new.lengths["text"]
        segments += added
        for group in choose_merges(segments, different, ids(added), random.choice([1, 3])):
            assert len(group) > 1
            assert different(group) <= MOST_WORDS
            assert group == [each for each in segments if each in group]
            whole = segment(sum(each.lengths["text"] for each in group))
            words[whole.id] = set[int]().union(*(words[each.id] for each in group))
            segments = [whole] + [each for each in segments if each not in group]
            copied += whole.lengths["text"]
        assert sum(each.lengths["text"] for each in segments) == written
        open_ = [each for each in segments if different([each]) < FULL]
        assert max(Counter(tier([each]) for each in open_).values(), default=0) < FANOUT
    assert copied <= written * (int(log(written / FLOOR, FANOUT)) + 3)
    assert (len(open_) < len(segments)) == (rare > 100)


def test_a_segment_of_very_many_words_is_merged_by_itself_only() -> None:
    def different(group: Sequence[SegmentInfo]) -> int:
        return FULL * len(group)

    assert choose_merges([segment(10) for _ in range(20)], different) == []
    deleted = segment(10, 100, 51)
    assert choose_merges([segment(10), deleted], different) == [[deleted]]
