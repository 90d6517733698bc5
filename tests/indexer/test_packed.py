from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fihris.indexer import IndexDamaged, compiled, packedwriter
from fihris.indexer.arrayfile import Array, ArrayFile, ArrayWriter
from fihris.indexer.packed import Packed
from fihris.indexer.packedwriter import PackedStream, WholeStream
from fihris.indexer.storage import Folder
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")

WIDTHS = (4, 8, 9, 10, 12, 16, 17, 18, 20, 24, 32)
ENDINGS = ("", ".high", ".shape", ".places", ".values")
# About every border, and where exceptions are alone, together or all there is.
NUMBERS = st.lists(
    st.sampled_from(
        [0, 1, 5, 14, 15, 16, 200, 254, 255, 256, 1022, 1023, 1024, 65_535, 65_536, 2**17 - 1]
    )
    | st.integers(0, 2**33),
    max_size=70,
)


def written(
    folder: Path, parts: Sequence[Sequence[int]], widths: Sequence[int], exceptional: bool = True
) -> Packed:
    with ArrayWriter(Folder(folder), "a") as writer:
        stream = (PackedStream if exceptional else WholeStream)(writer, "x", widths)
        for part in parts:
            stream.append(np.array(part, np.int64))
        stream.close()
        writer.close()
    return Packed(ArrayFile(folder / "a"), "x")


def cut(numbers: Sequence[int], cuts: Sequence[int]) -> list[Sequence[int]]:
    borders = [0, *sorted(min(cut, len(numbers)) for cut in cuts), len(numbers)]
    return [numbers[a:b] for a, b in pairwise(borders)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packed")


@given(data=st.data())
def test_they_are_read_as_they_were_written(folder: Path, data: st.DataObject) -> None:
    few = data.draw(NUMBERS)
    numbers = (few * data.draw(st.sampled_from([1, 2, 13])))[data.draw(st.integers(0, 3)) :]
    cuts = data.draw(st.lists(st.integers(0, len(numbers)), max_size=5))
    widths = data.draw(st.just(WIDTHS) | st.sampled_from(WIDTHS).map(lambda width: (width,)))
    packed = written(folder, cut(numbers, cuts), widths)

    assert len(packed) == len(numbers)
    assert packed[:].tolist() == numbers
    assert packed[:].dtype == packed.dtype
    place = st.integers(-len(numbers) - 2, len(numbers) + 2)
    for _ in range(5):
        start, end, step = data.draw(place), data.draw(place), data.draw(st.sampled_from([1, 2]))
        assert packed[start:end].tolist() == numbers[start:end]
        assert packed[start:end:step].tolist() == numbers[start:end:step]
    if numbers:
        places = data.draw(st.lists(st.integers(0, len(numbers) - 1), max_size=20))
        assert packed.take(np.array(places, np.int64)).tolist() == [numbers[n] for n in places]
        assert packed[np.array(places, np.uint32)].tolist() == [numbers[n] for n in places]
        assert [packed[n] for n in places] == [numbers[n] for n in places]
    border = st.integers(0, len(numbers))
    pairs = data.draw(st.lists(st.tuples(border, border).map(sorted), max_size=6))
    starts, ends = (np.array([pair[n] for pair in pairs], np.int64) for n in (0, 1))
    found, which = packed.stretches(starts, ends)
    assert found.dtype == packed.dtype
    assert found.tolist() == [number for a, b in pairs for number in numbers[a:b]]
    assert which.tolist() == [n for n, (a, b) in enumerate(pairs) for _ in range(a, b)]
    alone = packed.pieces(starts, ends)
    assert (alone.dtype, alone.tolist()) == (found.dtype, found.tolist())
    # The stretches the other way round, with a gap between two.
    gap, end = data.draw(st.integers(0, 3)), len(alone)
    at = end - (ends - starts).cumsum() + gap * np.arange(len(pairs))[::-1]
    laid = np.full(end + gap * len(pairs), 7, packed.dtype)
    packed.lay(starts, ends, at, laid)
    assert laid.tolist() == [
        number for a, b in reversed(pairs) for number in [*numbers[a:b], *[7] * gap]
    ]


@given(
    numbers=st.lists(st.integers(0, 2**18 - 1) | st.integers(65_530, 65_540), max_size=60).map(
        sorted
    ),
    before=st.lists(st.integers(0, 2**18 - 1), max_size=9),
    width=st.sampled_from([18, 20, 24, 32]),
    borders=st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted),
)
def test_numbers_that_ascend(
    folder: Path, numbers: list[int], before: list[int], width: int, borders: list[int]
) -> None:
    packed = written(folder, [before, numbers], (width,), exceptional=False)
    start, end = (len(before) + min(border, len(numbers)) for border in borders)
    wanted = [*before, *numbers][start:end]
    found = packed.ascending(start, end)
    assert (found.dtype, found.tolist()) == (np.int64, wanted)
    chapters = list(packed.chapters(start, end))
    assert [place for first, stop, _ in chapters for place in range(first, stop)] == list(
        range(start, end)
    )
    for first, stop, base in chapters:
        assert {number & ~0xFFFF for number in wanted[first - start : stop - start]} == {base}
    assert len({base for _, _, base in chapters}) == len(chapters)


def plain(numbers: Sequence[int], width: int) -> list[list[int]]:
    """The five arrays of some numbers, written out bit by bit."""
    ones = 2**width - 1
    beyond = max(numbers, default=0) > ones
    codes = [min(number, ones) for number in numbers]
    low = 0 if width < 8 else 8 if width < 16 else 16
    bits = [code >> low >> bit & 1 for code in codes for bit in range(width - low)]
    bits += [0] * (-len(bits) % 8)
    places = [n for n, number in enumerate(numbers) if beyond and number >= ones]
    return [
        [code & (2**low - 1) for code in codes] if low else [],
        [sum(bit << n for n, bit in enumerate(bits[i : i + 8])) for i in range(0, len(bits), 8)],
        [width, len(numbers)],
        places,
        [numbers[n] for n in places],
    ]


@given(width=st.sampled_from(WIDTHS), numbers=NUMBERS)
def test_the_bits_are_laid_out_as_is_said(folder: Path, width: int, numbers: list[int]) -> None:
    packed = written(folder, [numbers[:3], numbers[3:]], (width,))
    assert [array.tolist() for array in packed.arrays] == plain(numbers, width)


def size_of(numbers: Sequence[int], width: int) -> int:
    low, high, _, places, values = plain(numbers, width)
    item = np.min_scalar_type(max(numbers, default=0)).itemsize if values else 0
    place = np.min_scalar_type(len(numbers) - 1).itemsize if values else 0
    return len(low) * (2 if width >= 16 else 1) + len(high) + len(places) * (item + place)


@given(numbers=NUMBERS, widths=st.sets(st.sampled_from(WIDTHS), min_size=1).map(sorted))
def test_the_width_is_what_takes_the_fewest_bytes(
    folder: Path, numbers: list[int], widths: list[int]
) -> None:
    packed = written(folder, [numbers], widths)
    sizes = [size_of(numbers, width) for width in widths]
    assert packed.nbytes == 16 + min(sizes)
    assert size_of(numbers, packed.arrays[2].tolist()[0]) == min(sizes)


@pytest.mark.parametrize(
    ("largest", "width"),
    [
        (0, 16),
        (65_535, 16),
        (65_536, 17),
        (2**17 - 1, 17),
        (2**17, 18),
        (2**24, 32),
        (2**32 - 1, 32),
    ],
)
def test_without_exceptions_all_of_them_fit(tmp_path: Path, largest: int, width: int) -> None:
    numbers = [1, 2, largest] + 50 * [3]
    packed = written(tmp_path, [numbers], (16, 17, 18, 20, 24, 32), False)
    _, _, shape, places, values = packed.arrays
    assert shape.tolist() == [width, len(numbers)]
    assert (len(places), len(values)) == (0, 0)
    assert packed[:].tolist() == numbers


@pytest.mark.parametrize("width", WIDTHS)
def test_long_stretches(tmp_path: Path, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than what is read or packed at a time, from any place, with exceptions far apart."""
    monkeypatch.setattr(packedwriter, "_AT_A_TIME", 128)
    numbers = np.random.default_rng(width).integers(0, 2**width - 1, 3000)
    numbers[[0, 700, 701, 1800, 2999]] = [2**width - 1, 2**width, 2**width + 5, 2**33, 2**width]
    packed = written(tmp_path, cut(numbers.tolist(), [777, 1500]), (width,))
    for start in (0, 1, 7, 9, 699, 701, 1803):
        for end in (start, start + 1, start + 8, start + 300, 2998, 3000):
            assert np.array_equal(packed[start:end], numbers[start:end])
    borders = np.arange(0, 3001, 100)
    assert np.array_equal(packed.pieces(borders[:-1], borders[1:]), numbers)
    assert np.array_equal(packed.stretches(borders[:-1], borders[1:])[0], numbers)
    order = np.random.default_rng(1).permutation(3000)
    assert np.array_equal(packed[order], numbers[order])


@pytest.mark.parametrize(
    ("largest", "kind"),
    [(255, "u1"), (256, "u4"), (65_536, "u4"), (2**32 - 1, "u4"), (2**32, "u8"), (2**63, "u8")],
)
def test_the_type_of_what_is_read(tmp_path: Path, largest: int, kind: str) -> None:
    with ArrayWriter(Folder(tmp_path), "a") as writer:
        stream = PackedStream(writer, "x", (4, 8, 32))
        stream.append(np.array([3, largest], np.uint64))
        stream.close()
        writer.close()
    packed = Packed(ArrayFile(tmp_path / "a"), "x")
    assert packed[:].dtype == np.dtype(kind)
    assert packed[:].tolist() == [3, largest]


@pytest.mark.parametrize("width", WIDTHS)
def test_places_that_are_not_there(tmp_path: Path, width: int) -> None:
    packed = written(tmp_path, [[1] * 9], (width,))
    for place in (-1, 9, 2**40, -(2**63)):
        with pytest.raises(IndexError):
            packed[place]
        with pytest.raises(IndexError):
            packed.take(np.array([0, place]))
    for start, end in ((-1, 3), (5, 4), (8, 10), (10, 10), (-(2**63), 2**63 - 1)):
        for other in ([], [0]):
            with pytest.raises(IndexError):
                packed.stretches(np.array([*other, start]), np.array([*other, end]))
            with pytest.raises(IndexError):
                packed.pieces(np.array([*other, start]), np.array([*other, end]))
            room, at = np.zeros(99, np.uint32), np.zeros(1 + len(other), np.int64)
            with pytest.raises(IndexError):
                packed.lay(np.array([*other, start]), np.array([*other, end]), at, room)


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_known_of_numbers(tmp_path: Path, width: int) -> None:
    packed = written(tmp_path, [[3, 1, 300, 1, 2]], (width,))
    known, borders = np.arange(301, dtype=np.uint32) * 10, np.array([0, 2, 5])
    laid = np.zeros(6, np.uint32)
    packed.lay(borders[:-1], borders[1:], np.array([4, 1]), laid, known)
    assert laid.tolist() == [0, 3000, 10, 20, 30, 10]
    with pytest.raises(IndexError):
        packed.lay(borders[:-1], borders[1:], np.array([4, 1]), laid, known[:-1])


@pytest.mark.parametrize("width", WIDTHS)
def test_where_there_is_no_room(tmp_path: Path, width: int) -> None:
    packed = written(tmp_path, [[1, 2, 3]], (width,))
    # numpy counts what is below 0 from the end.
    below = [-1, -(2**63)] if compiled.kernels else []
    for place in (1, 4, 2**40, 2**63 - 1, *below):
        with pytest.raises(IndexError):
            packed.lay(np.array([0]), np.array([3]), np.array([place]), np.zeros(3, np.uint32))


def altered(folder: Path, name: str, change: Array) -> ArrayFile:
    file = ArrayFile(folder / "a")
    arrays = {each: file[each] for each in file.names()} | {name: change}
    with ArrayWriter(Folder(folder), "b") as writer:
        for each, array in arrays.items():
            writer.add(each, array)
        writer.close()
    return ArrayFile(folder / "b")


@pytest.mark.parametrize(
    "shape",
    [
        [], [9], [9, 9, 9], [0, 9], [3, 9], [5, 9], [13, 9], [21, 9], [33, 9], [64, 9],
        [2**64 - 1, 9],
        *([None, n] for n in (0, 8, 11, 2**32, 2**58, 2**60, 2**61, 2**63, 2**64 - 1)),
    ],
)  # fmt: skip
def test_a_shape_that_fits_nothing(tmp_path: Path, shape: list[int | None]) -> None:
    for width in WIDTHS:
        packed = written(tmp_path, [[1, 2**33] * 4 + [1]], (width,))
        other = np.array([width if n is None else n for n in shape], np.uint64)
        with pytest.raises(IndexDamaged, match="'x'"):
            Packed(altered(tmp_path, "x.shape", other), "x")
        if compiled.kernels:
            assert_refused(compiled.kernels, packed, other)


def assert_refused(kernels: Any, packed: Packed, shape: Array) -> None:
    """None of the kernels reads nine numbers that are said to have another shape."""
    low, high, _, places, values = packed.arrays
    out, none = np.zeros(9, np.uint64), np.zeros(0, np.int64)
    for starts, ends in (([0], [9]), ([8], [17])):
        with pytest.raises(IndexError):
            kernels.unpack(
                low, high, shape, places, values, np.array(starts), np.array(ends), out, none
            )
        with pytest.raises(IndexError):
            kernels.lay(
                low, high, shape, places, values, np.array(starts), np.array(ends),
                np.array([0]), np.zeros(0, np.uint32), out,
            )  # fmt: skip
    with pytest.raises(IndexError):
        kernels.pick(low, high, shape, places, values, np.arange(9), out)


@pytest.mark.parametrize("ending", ENDINGS)
def test_arrays_of_other_lengths_and_types(tmp_path: Path, ending: str) -> None:
    array = dict(zip(ENDINGS, written(tmp_path, [[1, 2**33] * 9], (17,)).arrays, strict=True))[
        ending
    ]
    longer = np.append(array, array[-1:])
    wrong = [array[:-1], array[:0], longer, array.astype(np.int64), array.astype(np.int8)]
    if ending in ("", ".high", ".shape"):
        wrong.append(array.astype(np.uint32))
    for change in wrong:
        with pytest.raises(IndexDamaged, match="'x'"):
            Packed(altered(tmp_path, f"x{ending}", change), "x")


@pytest.mark.parametrize("places", [[9, 1], [20, 30], [2, 2], [4, 2**64 - 1]])
def test_exceptions_that_are_elsewhere(tmp_path: Path, places: list[int]) -> None:
    """Whatever is read then, nothing beyond the arrays is."""
    numbers = [1, 300, 2, 3, 300, 5, 6, 7, 8, 9]
    written(tmp_path, [numbers], (8,))
    packed = Packed(altered(tmp_path, "x.places", np.array(places, np.uint64)), "x")
    everywhere = np.arange(len(numbers))
    for found in (
        packed[:],
        packed.take(everywhere),
        packed.stretches(everywhere, everywhere + 1)[0],
    ):
        assert found[[0, 2, 3]].tolist() == [1, 2, 3]
        assert set(found[[1, 4]].tolist()) <= {255, 300}


def test_what_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    writer = ArrayWriter(Folder(tmp_path), "a")
    PackedStream(writer, "x", (4, 8)).append(np.arange(5))
    writer.abort()
    assert Folder(tmp_path).list() == []
