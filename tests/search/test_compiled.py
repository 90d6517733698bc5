"""The compiled kernels read mapped files, which may have been altered: whatever stands there, they
answer or raise, and never read beyond an array. (Run with a sanitizer, these tests see more.)"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fihris.indexer import compiled as indexer
from fihris.indexer.postings import TYPES
from fihris.search import compiled
from fihris.search.best import Ranked
from fihris.search.workspace import Workspace
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.skipif(
    compiled.kernels is None, reason="no compiler was at hand when Fihris was installed"
)
kernels: Any = compiled.kernels
hold: Any = indexer.kernels and indexer.kernels.hold
COUNT = 70
#: Small ones, those about the number of documents, and those far beyond everything.
NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, COUNT + 5), st.integers(2**31, 2**32 - 1))


def arrays(kind: str, numbers: st.SearchStrategy[Any] = NUMBERS, **sizes: int) -> Any:
    sizes = {"max_size": 12} | sizes
    return st.lists(numbers, **sizes).map(lambda values: np.array(values, kind))


def answers(kernel: Callable[..., Any], *arguments: Any) -> Any:
    """What a kernel answers, None where it says that the arrays are wrong."""
    try:
        return kernel(*arguments)
    except (IndexError, TypeError, MemoryError):
        return None


#: So much of a window is 0 everywhere after each search (`Window` in search/kernels/chapter.h).
CLEAN = 13 * 8192
SMALL = st.integers(-2, 14)
SMALL_ONES = st.integers(0, 255)


def packed(values: Any, width: int, places: Any = (), instead: Any = (), more: int = 0) -> Any:
    """Numbers as they are packed, a number after another (indexer/packed.py)."""
    low_bits = 0 if width < 8 else 8 if width < 16 else 16
    values = np.asarray(values, np.uint64)
    high, bits = 0, width - low_bits
    for n, value in enumerate((values >> np.uint64(low_bits)).tolist()):
        high |= (value & ((1 << bits) - 1)) << n * bits
    return (
        values.astype("u2" if low_bits == 16 else "u1")[: len(values) if low_bits else 0],
        np.frombuffer(high.to_bytes(-(-len(values) * bits // 8), "little"), np.uint8),
        np.array([width, max(len(values) + more, 0)], np.uint64),
        np.array(places, np.uint32),
        np.array(instead, np.uint32),
    )


def packings(numbers: st.SearchStrategy[Any], widths: list[int]) -> st.SearchStrategy[Any]:
    """Packed numbers, with exceptions that may be where none is looked for, of a shape that may be
    wrong."""
    exceptions = st.lists(st.tuples(st.integers(0, 14), NUMBERS), max_size=3).map(sorted)
    return st.builds(
        lambda values, width, pairs, more: packed(
            values, width, [p for p, _ in pairs], [v for _, v in pairs], more
        ),
        st.lists(numbers, max_size=12),
        st.sampled_from(widths),
        exceptions,
        st.sampled_from([0, 0, 0, 0, -1, 1, 2**40]),
    )


POSTINGS = st.tuples(
    arrays("u4"),
    packings(NUMBERS, [16, 17, 32]),
    packings(st.integers(0, 255), [4, 8]),
    packings(st.integers(0, 999), [8, 9, 10, 16, 24]),
    arrays("u4"),
)


def held(postings: tuple[Any, ...]) -> Any:
    """Postings of a field as kernels take them."""
    offsets, docs, freqs, positions, blocks = postings
    return hold(((offsets, *docs, *freqs, *positions, blocks),), TYPES)


def length_of(postings: tuple[Any, ...]) -> int:
    """How many postings there are, if their shape is right."""
    return int(postings[1][2][1])


WEIGHTS = arrays("f8", st.floats(0, 2))
SETS = st.lists(st.tuples(arrays("i8", SMALL), WEIGHTS, SMALL, SMALL), max_size=4)


@given(SETS, POSTINGS)
def test_gather(sets: list[Any], postings: tuple[Any, ...]) -> None:
    window = Workspace(COUNT).window
    # Sets as they should be are met with too seldom.
    right = [(ids, np.ones(len(ids)), len(ids), len(ids) // 2) for ids, *_ in sets]
    for each in (sets, right):
        found = answers(kernels.gather, each, held(postings), window, COUNT)
        assert not window[:CLEAN].any()
        if not found:
            continue
        docs = np.frombuffer(found[0], np.uint32)
        edges = np.array(found[2], np.int64).reshape(-1, 3).tolist()
        for (ids, *_), (start, end, matching) in zip(each, edges, strict=True):
            assert 0 <= start <= end <= (length_of(postings) if len(ids) == 1 else len(docs))
            assert 0 <= matching <= end - start
            if len(ids) > 1:
                assert (docs[start:end] < COUNT).all()


@given(SETS, POSTINGS)
def test_unite(sets: list[Any], postings: tuple[Any, ...]) -> None:
    bits = np.zeros(2, np.uint64)
    right = [(ids, np.ones(len(ids)), len(ids), 0) for ids, *_ in sets]
    for each in (sets, right):
        for size in (bits, bits[:1]):
            found = answers(kernels.unite, each, held(postings), size, COUNT)
            assert not bits.any()
            if found:
                assert size is bits
                docs = np.frombuffer(found[0], np.uint32)
                edges = np.array(found[1], np.int64).reshape(-1, 2).tolist()
                for (ids, *_), (start, end) in zip(each, edges, strict=True):
                    most = length_of(postings) if len(ids) == 1 else len(docs)
                    assert 0 <= start <= end <= most
                    assert len(ids) == 1 or (np.diff(docs[start:end].astype(int)) > 0).all()


@given(arrays("i8", SMALL), WEIGHTS, POSTINGS, arrays("u4"))
def test_gather_in(ids: Any, weights: Any, postings: tuple[Any, ...], wanted: Any) -> None:
    for each in (weights, np.ones(len(ids))):
        found = answers(kernels.gather_in, ids, each, held(postings), wanted)
        assert found is None or len(found) == 4 * len(wanted)


@given(
    st.lists(
        st.tuples(
            arrays("u4"),
            arrays("f4", st.floats(0, 9, width=32)),
            st.sampled_from([COUNT, COUNT + 1]).map(lambda n: np.ones(n, np.float32)),
            SMALL,
            st.floats(0, 2),
            st.floats(0, 2),
        ),
        max_size=4,
    ),
    st.integers(-1, 90),
    st.booleans(),
    st.tuples(arrays("i8", SMALL), WEIGHTS, POSTINGS),
)
def test_ranking(finds: list[Any], limit: int, deleting: bool, words: tuple[Any, ...]) -> None:
    finds = [(docs, freqs[: len(docs)], *rest) for docs, freqs, *rest in finds]
    ids, weights, postings = words
    deferred = [(*find, ids, weights, held(postings), n % 2) for n, find in enumerate(finds)]
    codes, gone = np.arange(COUNT, dtype=np.uint32), np.arange(COUNT) % 2 == 1
    mains = bytes(n % 2 == 0 for n in range(len(finds)))
    given = gone if deleting else None
    window, rest = Workspace(COUNT).window, (0, limit, Ranked)
    marks = np.arange(COUNT) % 3 == 1
    for among in (None, marks, marks[1:]):
        chosen = answers(kernels.rank_any, finds, mains, codes, given, among, True, window, *rest)
        assert not chosen or among is None or all(doc % 3 == 1 for _, doc, _ in chosen[0])
    found = answers(kernels.rank_any, finds, mains, codes, given, None, True, window, *rest)
    short = window[:-1]
    assert not answers(kernels.rank_any, finds, mains, codes, given, None, True, short, *rest)
    if found:
        assert all(doc < COUNT and not (deleting and gone[doc]) for _, doc, _ in found[0])
        assert len(found[0]) <= max(limit, 0)
    scores, docs = np.zeros(3, np.float32), np.array([1, 5, 69], np.uint32)
    answers(kernels.add_scores, finds + deferred, scores, docs, COUNT)
    lists = [docs for docs, *_ in finds]
    every = answers(kernels.rank_all, lists, finds + deferred, codes, given, *rest)
    if every:
        assert all(doc < COUNT and not (deleting and gone[doc]) for _, doc, _ in every[0])
        assert len(every[0]) <= min(max(limit, 0), every[1])
    for docs, *_ in finds:
        few = np.ones(len(docs), np.float32)
        answers(kernels.rank_few, few, docs, codes, given, *rest)
    answers(kernels.intersect, *(docs for docs, *_ in finds))


def test_documents_that_come_twice_stay_within_the_window() -> None:
    window = Workspace(COUNT).window
    room = np.zeros(len(window) + 20_000)
    count = 200_000
    norms, codes = np.ones(count, np.float32), np.arange(count, dtype=np.uint32)
    # Of an altered file: one document as often as a chapter has any, then others of it.
    finds = [
        (docs.astype(np.uint32), np.ones(len(docs), np.float32), norms, len(docs), 1.0, 1.0)
        for docs in (np.zeros(65_536), np.arange(1, 30_001))
    ]
    answers(
        kernels.rank_any, finds, b"\1\1", codes, None, None, True, room[: len(window)],
        0, 10, Ranked,
    )  # fmt: skip
    assert not room[len(window) :].any()


FIELD = st.tuples(
    arrays("u4"),
    arrays("u4"),
    arrays("u1", SMALL_ONES),
    arrays("u2", SMALL_ONES),
    arrays("u4", SMALL_ONES),
    st.sampled_from([(16, 8, 16), (17, 4, 8), (32, 4, 10)]),
)
SEGMENT = f"{TYPES} f4 {TYPES} f4 u4 u4 u1"


@given(
    st.lists(st.tuples(FIELD, FIELD, st.booleans()), min_size=1, max_size=3),
    st.lists(
        st.tuples(
            arrays("i8", SMALL),
            SMALL,
            SMALL,
            st.integers(0, 1),
            st.integers(0, 2),
            st.integers(-1, 3),
            st.integers(0, 3),
        ),
        max_size=4,
    ),
    st.sampled_from([None, np.arange(0, COUNT, 2, dtype=np.uint32), np.zeros(0, np.int64)]),
    st.booleans(),
    st.integers(-1, 90),
    st.booleans(),
)
def test_rank_words(
    fields: list[Any], asked: list[Any], among: Any, every: bool, limit: int, fitting: bool
) -> None:
    def made_fit(field: Any) -> Any:
        # What chance alone makes hardly ever gets beyond the first check.
        offsets, docs, freqs, positions, blocks, widths = field
        if fitting and len(docs):
            edges = np.append(np.resize(offsets, 15) % (len(docs) + 1), len(docs))
            freqs = np.resize(np.append(freqs, np.uint8(1)), len(docs))
            positions = np.resize(np.append(positions, np.uint16(3)), int(freqs.sum()))
            blocks = np.resize(np.append(np.uint32(0), blocks), len(docs) // 32 + 1)
            docs = np.sort(docs % (COUNT + 1))
            offsets = np.sort(edges).astype(np.uint32)
        parts = zip((docs, freqs, positions), widths, strict=True)
        return offsets, *(array for part in parts for array in packed(*part)), blocks

    def segment(text: Any, title: Any, deleting: bool) -> tuple[Any, ...]:
        norms, codes = np.ones(COUNT, np.float32), np.arange(COUNT, dtype=np.uint32)
        gone = np.arange(COUNT if deleting else 0) % 2 == 1
        least = codes[:: 64 if fitting else 63].copy()
        return *made_fit(text), norms, *made_fit(title), norms, codes, least, gone

    segments = hold(tuple(segment(*each) for each in fields), SEGMENT)
    sets: list[Any] = []
    for ids, exact, matching, field, extent, role, length in asked:
        words = ids, np.ones(len(ids)), np.zeros(len(ids), np.int64), exact, matching
        some = abs(ids), np.ones(len(ids)), ids, min(1, len(ids)), max(0, min(matching, len(ids)))
        role = max(1, role) if fitting and not sets else role
        one = [some if fitting else words] * len(fields), field, extent, role
        if length:
            sets.append(([(*one[:2], 0, 1 if fitting else role)] * length, [among] * len(fields)))
        else:
            sets.append(one)
    sums, bits, window = np.zeros(COUNT), np.zeros(2, np.uint64), Workspace(COUNT).window

    def price(frequencies: list[Any]) -> list[float]:
        for of_set in frequencies:
            for each in of_set if isinstance(of_set, list) else [of_set]:
                assert 0 <= each <= COUNT * len(fields) * 2
        return [1.0] * len(frequencies)

    # Whatever a query before left in a room; what does not fit is asked of the system.
    rest = window, np.full(4096, 255, np.uint8), limit, Ranked
    found = answers(kernels.rank_words, segments, sets, every, price, sums, bits, *rest)
    bare = window, np.zeros(0, np.uint8), limit, Ranked
    assert answers(kernels.rank_words, segments, sets, every, price, sums, bits, *bare) == found
    if found is None:
        return
    assert not sums.any()
    assert not bits.any()
    assert not window[:CLEAN].any()
    hits, matching, alike = found
    assert len(hits) <= min(matching + alike, max(limit, 0) * len(fields))
    for number, doc, score in hits:
        assert doc < COUNT
        assert score >= 0
        assert not (fields[number][2] and doc % 2)
    for less in ((sums[1:], bits), (sums, bits[1:])):
        assert answers(kernels.rank_words, segments, sets, every, price, *less, *rest) in (
            None,
            found,
        )


@pytest.mark.parametrize("kind", [list, 3, None, dict])
def test_hits_are_rows(kind: Any) -> None:
    scores, docs = np.ones(1, np.float32), np.zeros(1, np.uint32)
    with pytest.raises(TypeError, match="tuples"):
        kernels.rank_few(scores, docs, docs, None, 0, 1, kind)
    for wanted in (Ranked, tuple):
        assert kernels.rank_few(scores, docs, docs, None, 2, 1, wanted) == ([(2, 0, 1.0)], 1)


def test_documents_that_do_not_ascend() -> None:
    """The search for the place of document 9 steps over it and would end behind the scores."""
    wanted = np.array([0, 0, 0, 9, 1, 1, 1, 1], np.uint32)
    docs, freqs = np.array([0, 9], np.uint32), np.ones(2, np.uint8)
    none = packed([], 16)
    postings = np.array([0, 2], np.uint32), packed(docs, 16), packed(freqs, 4), none, docs[:0]
    words = np.zeros(1, np.int64), np.ones(1), held(postings)
    find = (docs, docs, np.ones(COUNT, np.float32), len(docs), 0.0, 1.0, *words, False)
    with pytest.raises(IndexError):
        kernels.add_scores([find], np.zeros(len(wanted), np.float32), wanted, COUNT)


@given(arrays("i8", SMALL), arrays("i8", st.integers(0, 5)), arrays("u4"), POSTINGS)
def test_places(ids: Any, sizes: Any, wanted: Any, postings: tuple[Any, ...]) -> None:
    for found in (
        answers(kernels.phrase, ids, sizes, wanted, held(postings)),
        answers(kernels.phrase, ids, sizes, wanted[:0], held(postings)),
        answers(kernels.places, ids, wanted, held(postings), 9),
        answers(kernels.places, ids, wanted, held(postings), 0),
    ):
        if found:
            places = np.frombuffer(found, np.int64)
            answers(kernels.counted, places)
            near = answers(kernels.near, places, places[::2], 1)
            assert near is None or len(near) <= 4 * len(places) + 4


@given(arrays("i8", SMALL), POSTINGS)
def test_how_many_places_at_most(ids: Any, postings: tuple[Any, ...]) -> None:
    answers(kernels.placed_at_most, ids, held(postings))


@given(arrays("i8", SMALL), arrays("u4"), POSTINGS)
def test_occurrences(ids: Any, wanted: Any, postings: tuple[Any, ...]) -> None:
    found = answers(kernels.occurrences, ids, wanted, held(postings))
    low, high, shape, *_ = postings[1]
    bits = int.from_bytes(high.tobytes(), "little")
    width = int(shape[0]) - 16
    for row, word, number in np.frombuffer(found or b"", np.int64).reshape(-1, 3).tolist():
        assert 0 <= word < len(ids)
        doc = int(low[number]) | (bits >> number * width & (1 << width) - 1) << 16
        assert doc == wanted[row]


PLACES = arrays("i8", st.tuples(NUMBERS, st.integers(0, 40)).map(lambda p: (p[0] % 9) << 32 | p[1]))


@given(st.lists(PLACES, max_size=5), arrays("i8", SMALL), st.integers(-3, 20))
def test_closeness(places: list[Any], docs: Any, within: int) -> None:
    sums, starts = np.zeros(len(docs)), np.zeros(len(docs), np.int64)
    answers(kernels.windows, places, np.ones(len(places)), docs, within, sums, starts)
    if len(places) > 1:
        counts = np.zeros(len(docs), np.float32)
        answers(kernels.pair_counts, *places[:2], docs, within, counts)


@given(
    st.binary(max_size=60),
    arrays("u8"),
    arrays("i8", SMALL),
    st.lists(st.floats(0, 1), max_size=12),
    arrays("u8", st.integers(0, 2**44 - 1)),
)
def test_letters(store: bytes, offsets: Any, docs: Any, shares: list[float], keys: Any) -> None:
    record = b'{"id":"\\"a","title":"t\\u0001' + store
    docs = docs[: len(shares)]
    given_shares, table = np.array(shares[: len(docs)]), np.arange(0x701, dtype=np.uint16)
    for edges in (offsets, np.array([0, 30, len(record)], np.uint64)):
        kept = docs, given_shares, keys, table
        answers(kernels.letters, memoryview(record), edges, *kept, 20)


@given(
    *(
        arrays(kind, SMALL_ONES if kind == "u1" else NUMBERS)
        for kind in ("u8", "u4", "u4", "u1", "u8")
    ),
    st.floats(0, 1),
    st.integers(0, 3),
)
def test_alike(
    table: Any, starts: Any, words: Any, sizes: Any, codes: Any, floor: float, most: int
) -> None:
    for known, edges in ((table, starts), (np.sort(table), np.sort(starts))):
        identities = np.arange(len(sizes), dtype=np.uint64)
        held = hold(((known, edges, words, sizes, identities),), "u8 u* u4 u1 u8")
        found = answers(kernels.alike, held, np.zeros(2, np.int64), codes, floor, most)
        if found:
            assert (np.frombuffer(found[0], np.int64) < len(sizes)).all()


# Of a word of a segment, or of no word at all.
NUMBERS = arrays("i8", st.one_of(SMALL, st.integers(-(2**63), 2**63 - 1)))


@given(
    st.lists(st.tuples(NUMBERS, st.one_of(NUMBERS, st.integers(-(2**63), 2**63 - 1)))),
    arrays("i8", st.integers(-5, 60)),
)
def test_variants(candidates: Any, bases: Any) -> None:
    groups = np.array([0, 1, 2], np.uint8)
    for each in (bases, np.sort(bases)):
        answers(kernels.variants, candidates, each, groups)


def test_no_variants() -> None:
    none, bases = np.zeros(0, np.int64), np.array([0, 5], np.int64)
    for candidates in ([], [(none, 0)], [(none, none), (none, 1)]):
        *columns, edges = kernels.variants(candidates, bases, np.zeros(3, np.uint8))
        assert not any(columns)
        assert edges == bytes(4 * 8)


@given(arrays("u8"), arrays("i8", st.integers(-5, 60)), arrays("i8", SMALL))
def test_most_frequent(values: Any, bases: Any, numbers: Any) -> None:
    held = hold(((values,), (values[1:],)), "u*")
    for each in (bases, np.sort(bases)):
        found = answers(kernels.most_frequent, held, held, held, each, numbers, 2)
        if found is not None:
            assert set(np.frombuffer(found, np.int64).tolist()) <= set(numbers.tolist())


@given(
    arrays("i8", st.one_of(SMALL, st.integers(-(2**63), 2**63 - 1))),
    st.sampled_from(["u1", "u2", "u4", "u8"]).flatmap(lambda kind: arrays(kind, SMALL_ONES)),
    st.integers(0, 300),
)
def test_count_values(docs: Any, codes: Any, values: int) -> None:
    counts = np.zeros(values, np.int64)
    known = all(0 <= doc < len(codes) and codes[doc] < values for doc in docs.tolist())
    found = answers(lambda: kernels.count_values(docs, codes, counts) or counts)
    if known:
        expected = np.bincount(codes[docs].astype(np.int64), minlength=values)
        assert found.tolist() == expected.tolist()
    else:
        assert found is None
