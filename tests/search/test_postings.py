"""What the compiled kernels read of postings in segments of more than 65,536 documents, and of
frequencies and positions that are exceptions, against dictionaries looked up one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fihris.indexer import compiled as indexer
from fihris.indexer.arrayfile import ArrayFile, ArrayWriter
from fihris.indexer.postings import TYPES, Postings, PostingsWriter
from fihris.indexer.storage import Folder
from fihris.search import compiled
from fihris.search.best import Ranked
from fihris.search.promised import Role
from fihris.search.variants import Extent
from fihris.search.workspace import Workspace
from hypothesis import example, given
from hypothesis import strategies as st

pytestmark = pytest.mark.skipif(
    compiled.kernels is None, reason="no compiler was at hand when Fihris was installed"
)
kernels: Any = compiled.kernels
#: Five chapters, the last one not full.
COUNT = 5 * 65536 - 9000
LIMIT = 12
#: So much of a window is 0 everywhere after each search (`Window` in search/kernels/chapter.h).
CLEAN = 13 * 8192

# Of a word the positions in each document.
Word = dict[int, list[int]]

#: Runs of documents: often about the border of a chapter, or of a window within one.
STARTS = st.one_of(
    st.integers(0, COUNT - 1),
    st.builds(
        lambda border, more: min(max(border * 8192 + more, 0), COUNT - 1),
        st.sampled_from([0, 1, 7, 8, 16, 24, 32, 38]),
        st.integers(-3, 3),
    ),
)
RUNS = st.tuples(
    STARTS,
    st.sampled_from([1, 1, 2, 63, 8191, 65536]),
    st.sampled_from([1, 2, 3, 17, 150]),
    st.sampled_from([1, 1, 2, 3, 14, 15, 16, 300]),
    st.integers(0, 3),
)


def word_of(runs: list[tuple[int, int, int, int, int]]) -> Word:
    """Every other place of a document holds it, from one of the first on."""
    found: Word = {}
    for start, step, count, freq, first in runs:
        for doc in range(start, COUNT, step)[:count]:
            found[doc] = [first + 2 * n for n in range(freq)]
    return dict(sorted(found.items()))


WORDS = st.lists(st.lists(RUNS, max_size=3).map(word_of), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("postings")


def written(folder: Path, words: list[Word]) -> Postings:
    """The postings of words on disk."""
    with ArrayWriter(Folder(folder), "postings") as file:
        writer = PostingsWriter(file, "text")
        for word in words:
            writer.append(
                np.array(list(word), np.uint32),
                np.array([len(places) for places in word.values()], np.int64),
                np.array([place for places in word.values() for place in places], np.uint32),
            )
        writer.close(np.array([len(word) for word in words]))
        file.close()
    return Postings(ArrayFile(folder / "postings"), "text")


def ids(words: list[Word]) -> Any:
    return np.arange(len(words))


def weights(words: list[Word]) -> Any:
    return 1 - np.arange(len(words)) / 8


def sums(words: list[Word]) -> dict[int, float]:
    """Of each document the sum of weight × frequency."""
    found: dict[int, float] = {}
    for word, weight in zip(words, weights(words).tolist(), strict=True):
        for doc, places in word.items():
            found[doc] = found.get(doc, 0.0) + weight * len(places)
    return found


@given(words=WORDS, matching=st.integers(0, 5))
def test_gathering(folder: Path, words: list[Word], matching: int) -> None:
    postings = written(folder, words)
    core = min(matching, len(words))
    asked = [(ids(words), weights(words), len(words), core)]
    window = Workspace(COUNT).window
    of_docs, of_freqs, edges = kernels.gather(asked, postings.held, window, COUNT)
    matches = sorted({doc for word in words[:core] for doc in word})
    if len(words) == 1:
        assert edges == [0, len(words[0]), len(matches)]
        assert postings.docs[:].tolist() == list(words[0])
    else:
        others = sorted({doc for word in words for doc in word} - set(matches))
        assert edges == [0, len(matches) + len(others), len(matches)]
        docs = np.frombuffer(of_docs, np.uint32)[: edges[1]].tolist()
        assert docs == matches + others
        expected = sums(words)
        freqs = np.frombuffer(of_freqs, np.float32)[: edges[1]].tolist()
        assert freqs == pytest.approx([expected[doc] for doc in docs])
        bits = np.zeros(-(-COUNT // 64), np.uint64)
        united, edges = kernels.unite(
            [(ids(words), weights(words), len(words), 0)], postings.held, bits, COUNT
        )
        assert np.frombuffer(united, np.uint32)[: edges[1]].tolist() == sorted(expected)
        assert not bits.any()
    assert not window[:CLEAN].any()


@given(words=WORDS, few=st.lists(STARTS, max_size=30, unique=True))
def test_some_documents(folder: Path, words: list[Word], few: list[int]) -> None:
    postings = written(folder, words)
    wanted = sorted({*few, *list(words[0])[:20], *list(words[-1])[-20:]})
    docs = np.array(wanted, np.uint32)
    found = np.frombuffer(
        kernels.gather_in(ids(words), weights(words), postings.held, docs), np.float32
    )
    expected = sums(words)
    assert found.tolist() == pytest.approx([expected.get(doc, 0.0) for doc in wanted])
    numbers, at = {}, 0
    for number, word in enumerate(words):
        for doc in word:
            numbers[number, doc] = at
            at += 1
    rows = np.frombuffer(kernels.occurrences(ids(words), docs, postings.held), np.int64)
    assert sorted(map(tuple, rows.reshape(-1, 3).tolist())) == sorted(
        (wanted.index(doc), number, numbers[number, doc])
        for number, word in enumerate(words)
        for doc in set(word) & set(wanted)
    )
    places = np.frombuffer(kernels.places(ids(words), docs, postings.held, 1 << 32), np.int64)
    assert places.tolist() == sorted(
        doc << 32 | place for word in words for doc in wanted for place in word.get(doc, [])
    )


def beside(words: list[list[Word]], among: set[int] | None) -> list[int]:
    """Where words stand side by side, one of each set."""
    merged: list[dict[int, set[int]]] = []
    for of_set in words:
        places: dict[int, set[int]] = {}
        for word in of_set:
            for doc, found in word.items():
                places.setdefault(doc, set()).update(found)
        merged.append(places)
    return sorted(
        doc << 32 | place
        for doc in set.intersection(*map(set, merged))
        if among is None or doc in among
        for place in merged[0][doc]
        if all(place + n in each[doc] for n, each in enumerate(merged))
    )


# Of long lists what the others lack is left out first: here across the border of a chapter.
LONG = [word_of([(65500, 1, 150, 2, 0)]), word_of([(65400, 2, 150, 2, 1), (65536, 1, 40, 1, 1)])]


@example(words=LONG, cuts=[1, 1], some=False)
@given(words=WORDS, cuts=st.lists(st.integers(1, 2), min_size=1, max_size=3), some=st.booleans())
def test_side_by_side(folder: Path, words: list[Word], cuts: list[int], some: bool) -> None:
    postings = written(folder, words)
    # Sets of one or two words, which may come again.
    sets = [[(n + k) % len(words) for k in range(size)] for n, size in enumerate(cuts)]
    sets = [sorted(set(each)) for each in sets]
    among = set(list(words[0])[::2]) if some else None
    if among is not None and not among:
        return
    sizes = np.array([len(each) for each in sets])
    wanted = np.array(sorted(among or ()), np.uint32)
    flat = np.array([word for each in sets for word in each])
    found = np.frombuffer(kernels.phrase(flat, sizes, wanted, postings.held), np.int64)
    expected = beside([[words[n] for n in each] for each in sets], among)
    assert sorted(set(found.tolist())) == expected


#: Of the documents' ids, in another order than they stand in.
CODES = np.random.default_rng(1).permutation(COUNT).astype(np.uint32)
LEAST = np.array([CODES[start : start + 64].min() for start in range(0, COUNT, 64)], np.uint32)


def segment(postings: Postings, gone: Any, times: int = 1) -> Any:
    """A segment, or the same one several times, as the kernel that ranks takes it."""
    assert indexer.kernels
    norms = np.ones(COUNT, np.float32)
    arrays = *postings.arrays, norms, *postings.arrays, norms, CODES, LEAST, gone
    return indexer.kernels.hold((arrays,) * times, f"{TYPES} f4 {TYPES} f4 u4 u4 u1")


#: Whatever a query before left there.
ROOM = np.full(1 << 14, 255, np.uint8)


@given(words=WORDS, limit=st.integers(0, 40), deleting=st.booleans())
def test_rank_even(folder: Path, words: list[Word], limit: int, deleting: bool) -> None:
    held = segment(written(folder, words), np.arange(COUNT if deleting else 0) % 3 == 1)
    variants = ids(words), weights(words), ids(words), len(words), len(words)
    bits = np.zeros(2 * -(-COUNT // 64), np.uint64)
    hits, matching, alike = kernels.rank_words(
        held, [([variants], 0, Extent.ALL, Role.EVEN)], True, lambda _: [0.5], np.zeros(COUNT),
        bits, Workspace(COUNT).window, ROOM, limit, Ranked,
    )  # fmt: skip
    docs = {doc for word in words for doc in word if not (deleting and doc % 3 == 1)}
    best = sorted(docs, key=lambda doc: CODES[doc])[:limit]
    assert hits == [(0, doc, 0.5) for doc in best]
    assert (matching, alike) == (len(docs), 0)
    assert not bits.any()


QUERIES = st.lists(
    st.tuples(
        st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True),
        st.integers(0, 3),
        st.sampled_from([Role.HITS, Role.HITS, Role.MORE]),
    ),
    min_size=1,
    max_size=3,
)


# More than are listed.
MANY = {2 * n: [0] for n in range(25_000)}


@given(words=WORDS, query=QUERIES, every=st.booleans(), deleting=st.booleans())
@example([MANY, {1: [0, 1]}], [([0, 1], 1, Role.HITS), ([0], 1, Role.MORE)], False, True)
def test_rank_words(
    folder: Path, words: list[Word], query: list[Any], every: bool, deleting: bool
) -> None:
    postings = written(folder, words)
    gone = np.arange(COUNT if deleting else 0) % 3 == 1
    held = segment(postings, gone)
    sets: list[tuple[list[Word], int, Any]] = []
    asked: list[Any] = []
    for some, core, role in query:
        if asked and role is Role.MORE:
            # The words of the hits before it, only those that make a match.
            words_of, core, _ = next(each for each in reversed(sets) if each[2])
            variants = next(each[0] for each in reversed(asked) if each[3])
            sets.append((words_of[:core], core, Role.MORE))
            asked.append((variants, 0, Extent.MATCHING, Role.MORE))
            continue
        own = sorted({n % len(words) for n in some})
        chosen, core = [words[n] for n in own], min(core, len(own))
        sets.append((chosen, core, Role.HITS))
        variants = [(np.array(own), weights(chosen), np.array(own), core, core)]
        asked.append((variants, 0, Extent.ALL, Role.HITS))
    factors = [1.0 + number for number in range(len(sets))]
    frequencies: list[int] = []
    window = Workspace(COUNT).window

    def price(found: list[Any]) -> list[float]:
        frequencies.extend(found)
        return factors

    hits, matching, alike = kernels.rank_words(
        held, asked, every, price, np.zeros(COUNT), np.zeros(2 * -(-COUNT // 64), np.uint64),
        window, ROOM, LIMIT, Ranked,
    )  # fmt: skip
    assert not window[:CLEAN].any()

    cores = [{doc for word in chosen[:core] for doc in word} for chosen, core, _ in sets]
    every_doc = [set(sums(chosen)) for chosen, _, _ in sets]
    assert frequencies == list(map(len, cores))
    hit_sets = [n for n, (*_, role) in enumerate(sets) if role]
    matched = (set.intersection if every else set.union)(*(cores[n] for n in hit_sets))
    others = set() if every else set().union(*(every_doc[n] for n in hit_sets)) - matched
    live = [{doc for doc in docs if not (deleting and gone[doc])} for docs in (matched, others)]
    assert (matching, alike) == tuple(map(len, live))
    scores = dict.fromkeys(set.union(*live), 0.0)
    for (chosen, _, _), factor in zip(sets, factors, strict=True):
        for doc, freq in sums(chosen).items():
            if doc in scores:
                scores[doc] += factor * freq / (freq + 1)
    best = sorted(scores, key=lambda doc: (-round(scores[doc], 4), CODES[doc]))[:LIMIT]
    assert [hit.score for hit in hits] == pytest.approx([scores[doc] for doc in best], abs=1e-3)
    assert all(hit.score == pytest.approx(scores[hit.doc], abs=1e-3) for hit in hits)


@given(words=WORDS, limit=st.integers(0, 40), every=st.booleans())
def test_of_several_segments_only_what_may_be_among_the_best(
    folder: Path, words: list[Word], limit: int, every: bool
) -> None:
    postings, window = written(folder, words), Workspace(COUNT).window
    variants = ids(words), weights(words), ids(words), len(words), len(words)

    def hits(segments: int) -> list[Ranked]:
        return kernels.rank_words(
            segment(postings, np.zeros(0, bool), segments),
            [([variants] * segments, 0, Extent.ALL, Role.HITS)], every, lambda _: [2.0],
            np.zeros(COUNT), np.zeros(2 * -(-COUNT // 64), np.uint64), window, ROOM,
            limit, Ranked,
        )[0]  # fmt: skip

    own = hits(1)
    best = sorted([hit.score for hit in own] * 3, reverse=True)[:limit]
    found = [Ranked(n, *hit[1:]) for n in range(3) for hit in own if hit.score >= best[-1]]
    assert hits(3) == found


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("count", [1, 2])
def test_documents_that_are_not_there(folder: Path, count: int, every: bool) -> None:
    postings = written(folder, [{3: [0]}, {COUNT: [0]}])
    chosen = np.array([1, 0][:count])
    variants = [(chosen, np.ones(count), chosen, count, count)]
    with pytest.raises(IndexError, match="not within the file"):
        kernels.rank_words(
            segment(postings, np.zeros(0, bool)), [(variants, 0, Extent.ALL, Role.HITS)], every,
            lambda _: [1.0], np.zeros(COUNT), np.zeros(2 * -(-COUNT // 64), np.uint64),
            Workspace(COUNT).window, ROOM, LIMIT, Ranked,
        )  # fmt: skip
