from pathlib import Path

import msgspec
import numpy as np
import pytest
from fihris.indexer import IndexDamaged, StorageError
from fihris.indexer.arrayfile import Array, ArrayFile, ArrayWriter
from fihris.indexer.storage import Folder
from hypothesis import given
from hypothesis import strategies as st

DTYPES = ["uint8", "uint16", "uint32", "uint64", "int64", "bool"]
ARRAYS = {
    "small": np.array([1, 2, 250], np.uint8),
    "none": np.zeros(0, np.uint32),
    "large": np.arange(300_000, dtype=np.int64) - 7,
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def write(folder: Folder, arrays: dict[str, Array], name: str = "a") -> ArrayFile:
    with ArrayWriter(folder, name) as writer:
        for key, array in arrays.items():
            writer.add(key, array)
        stamp = writer.close()
    assert folder.stamp(name) == stamp
    return ArrayFile(folder.path / name)


def assert_holds(file: ArrayFile, arrays: dict[str, Array]) -> None:
    assert sorted(file.names()) == sorted(arrays)
    for name, array in arrays.items():
        assert name in file
        assert file[name].dtype == array.dtype
        np.testing.assert_array_equal(file[name], array)


def test_arrays_come_back(folder: Folder) -> None:
    file = write(folder, ARRAYS)
    assert_holds(file, ARRAYS)
    assert "other" not in file
    assert file["large"] is file["large"]
    with pytest.raises(ValueError, match="read-only"):
        file["small"][0] = 1


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        st.tuples(st.sampled_from(DTYPES), st.lists(st.integers(0, 1), max_size=70)),
        max_size=5,
    )
)
def test_any_arrays_come_back(
    tmp_path_factory: pytest.TempPathFactory, given_: dict[str, tuple[str, list[int]]]
) -> None:
    arrays: dict[str, Array] = {k: np.array(v, dtype) for k, (dtype, v) in given_.items()}
    assert_holds(write(Folder(tmp_path_factory.mktemp("any")), arrays), arrays)


def test_small_arrays_stand_last(folder: Folder) -> None:
    # What opening looks at is then on the page of the end.
    file = write(folder, {"small": np.arange(8), "large": np.arange(9), "smaller": np.arange(2)})
    offsets = {name: offset for name, (_, _, offset) in file._footer.items()}
    assert offsets["large"] < offsets["small"] < offsets["smaller"]


def test_a_small_array_is_written_as_it_was_when_it_was_added(folder: Folder) -> None:
    array = np.arange(3)
    with ArrayWriter(folder, "a") as writer:
        writer.add("x", array)
        array[:] = 7
        writer.close()
    assert_holds(ArrayFile(folder.path / "a"), {"x": np.arange(3)})


def test_an_array_written_part_by_part(folder: Folder) -> None:
    with ArrayWriter(folder, "a") as writer:
        writer.add("before", np.arange(3))
        writer.begin("parts", np.dtype(np.uint16))
        for part in (np.array([1, 65_536 + 2]), np.zeros(0, np.uint8), np.array([3], np.uint16)):
            writer.extend(part)
        writer.begin("none", np.dtype(np.uint32))
        writer.add("behind", np.arange(2))
        writer.close()
    assert_holds(
        ArrayFile(folder.path / "a"),
        {
            "before": np.arange(3),
            "parts": np.array([1, 2, 3], np.uint16),
            "none": np.zeros(0, np.uint32),
            "behind": np.arange(2),
        },
    )


def test_arrays_that_grow_together(folder: Folder) -> None:
    with ArrayWriter(folder, "a") as writer:
        odd, even = (writer.stream(name) for name in ("odd", "even"))
        small = writer.stream("small", np.uint32)
        none = writer.stream("none")
        for start in range(0, 1000, 10):
            odd.append(np.arange(start + 1, start + 10, 2))
            even.append(np.arange(start, start + 10, 2))
        small.append(np.arange(3))
        none.append(np.arange(0))
        writer.add("between", np.array([5]))
        stamp = writer.close()
    assert folder.stamp("a") == stamp
    assert_holds(
        ArrayFile(folder.path / "a"),
        {
            "odd": np.arange(1, 1000, 2, np.uint16),
            "even": np.arange(0, 1000, 2, np.uint16),
            "between": np.array([5]),
            "small": np.arange(3, dtype=np.uint32),
            "none": np.zeros(0, np.uint8),
        },
    )


def test_nothing_is_left_of_what_is_given_up(folder: Folder) -> None:
    writer = ArrayWriter(folder, "a")
    writer.add("x", np.arange(5))
    writer.stream("y").append(np.arange(5))
    writer.abort()
    with pytest.raises(ValueError, match="stop"), ArrayWriter(folder, "b"):
        raise ValueError("stop")
    assert folder.list() == []


def test_a_full_disk_is_a_named_error_for_growing_arrays_too(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Folder.temporary

    def full(self: Folder, prefix: str) -> object:
        opened(self, prefix).close()
        return Path("/dev/full").open("w+b")

    monkeypatch.setattr(Folder, "temporary", full)

    def write_all() -> None:
        with ArrayWriter(folder, "a") as writer:
            writer.stream("x").append(np.zeros(10, int))
            writer.close()

    with pytest.raises(StorageError, match="the disk is full"):
        write_all()
    assert folder.list() == []


def test_a_file_that_is_cut_short_or_something_else(folder: Folder) -> None:
    write(folder, {"x": np.arange(100)})
    content = (folder.path / "a").read_bytes()
    others = [b"", b"FIHRIS1\n", b"\0" * 500, b"%PDF-1.7" * 90, content + b"\n"]
    for other in [*(content[:size] for size in range(0, len(content), 7)), *others]:
        (folder.path / "b").write_bytes(other)
        with pytest.raises(IndexDamaged, match="b: "):
            ArrayFile(folder.path / "b")
    with pytest.raises(IndexDamaged, match="cannot be read"):
        ArrayFile(folder.path / "missing")


def test_any_bit_of_the_end_counts(folder: Folder) -> None:
    write(folder, {"x": np.arange(5), "y": np.arange(3)})
    content = (folder.path / "a").read_bytes()
    start = content.index(b'{"')
    for place in range(start, len(content)):
        altered = bytearray(content)
        altered[place] ^= 4
        (folder.path / "b").write_bytes(altered)
        with pytest.raises(IndexDamaged):
            ArrayFile(folder.path / "b")


@pytest.mark.parametrize(
    "entry",
    [
        ("<u4", 1000, 64),
        ("<u4", -1, 64),
        ("<u4", 1, -64),
        ("<u4", 2**70, 64),
        ("<u4", 1, 2**70),
        ("|O", 1, 64),
        ("<U4", 1, 64),
        ("<b4", 1, 64),
        ("nonsense", 1, 64),
        ("", 1, 64),
    ],
)
def test_an_array_that_cannot_be_there(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, entry: tuple[str, int, int]
) -> None:
    file = write(folder, {"x": np.arange(5)})
    monkeypatch.setitem(file._footer, "y", entry)
    assert_holds(write(folder, {"x": np.arange(5)}, "c"), {"x": np.arange(5)})
    with pytest.raises(IndexDamaged, match="'y'"):
        file["y"]
    with pytest.raises(IndexDamaged, match="'z'"):
        file["z"]


def test_a_list_of_arrays_that_is_something_else(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(msgspec.json, "encode", lambda _footer: b'{"x": [1, 2, 3]}')
    with pytest.raises(IndexDamaged):
        write(folder, {"x": np.arange(5)})
