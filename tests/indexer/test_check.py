import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from fihris.indexer import Document, Index, IndexDamaged, IndexNotFound
from fihris.indexer.arrayfile import Array, ArrayFile, ArrayWriter
from fihris.indexer.check import check
from fihris.indexer.commit import Commit, read_commit, record_name, write_commit
from fihris.indexer.postings import Postings
from fihris.indexer.storage import Folder
from hypothesis import given, settings
from hypothesis import strategies as st

from .folders import as_nobody

TEXTS = {
    "ar": "الجيش والتحرير\n\nكِتاب في المكتبة، كتب",
    "en": "The archives of the winter army.\n\nLetters, letters, 1943.",
    "fr": "L'année des bibliothèques\n\nDes élèves étudiaient les années",
    "ru": "книга о зиме",
}


def make_index(path: Path) -> Index:
    """Two segments, one of them with a deleted document."""
    index = Index.create(path)
    with index.writer() as writer:
        for code, text in TEXTS.items():
            writer.add(Document(id=code, title=f"Title {code}", text=text, extra={"n": 1}))
    with index.writer() as writer:
        for code, text in TEXTS.items():
            writer.add(Document(id=f"{code}-2", text=text, date="1944", creator="Nadia"))
        writer.delete("en")
    return index


def names(path: Path) -> list[str]:
    return sorted(p.name for p in path.iterdir() if not p.name.endswith("WRITELOCK"))


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here is about what survives a power cut."""
    monkeypatch.setattr(os, "fsync", lambda _fd: None)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("check") / "index").path


@pytest.fixture
def path(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "index"))


def test_an_index_as_it_should_be(path: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = check(path, lambda done, total: seen.append((done, total)))
    assert report.ok
    assert report.remarks == []
    assert (report.generation, report.segments, report.documents) == (2, 2, 7)
    assert report.files == 9
    assert report.size == sum((path / n).stat().st_size for n in names(path) if n[0] != "_")
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (report.size, report.size)


def test_an_empty_index(tmp_path: Path) -> None:
    assert check(Index.create(tmp_path / "index")).ok


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        check(tmp_path / "nothing")


def errors(path: Path) -> list[str]:
    """What a check finds, each as it is shown; all of it names its file and what to do."""
    report = check(path)
    assert report.ok == (not report.errors)
    for finding in report.errors:
        assert finding.where.startswith(str(path))
        assert finding.advice in str(finding)
    return [str(finding) for finding in report.errors]


@settings(max_examples=3 * settings.default.max_examples // 2)
@given(data=st.data())
def test_a_flipped_bit_is_found_wherever_it_is(prepared: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names(prepared)))
    original = (prepared / name).read_bytes()
    place = data.draw(st.integers(0, len(original) - 1))
    altered = bytearray(original)
    altered[place] ^= 1 << data.draw(st.integers(0, 7))
    (prepared / name).write_bytes(altered)
    try:
        assert any(name in error for error in errors(prepared))
    finally:
        (prepared / name).write_bytes(original)


def test_every_bit_of_the_record_counts(path: Path) -> None:
    record = path / record_name(2)
    original = record.read_bytes()
    last = len(original) - 1
    for place, bit in [*((n, 2) for n in range(last)), *((last, bit) for bit in range(8))]:
        altered = bytearray(original)
        altered[place] ^= 1 << bit
        record.write_bytes(altered)
        with pytest.raises(IndexDamaged):
            read_commit(Folder(path))


def test_a_file_that_is_cut_short_too_long_or_missing(path: Path) -> None:
    for name in names(path):
        original = (path / name).read_bytes()
        for size in (0, 1, len(original) // 2, len(original) - 1):
            (path / name).write_bytes(original[:size])
            assert any(name in error for error in errors(path))
        (path / name).write_bytes(original + b"\n")
        assert any(name in error for error in errors(path))
        (path / name).unlink()
        assert any(name[:6] in error for error in errors(path))
        (path / name).write_bytes(original)
    assert errors(path) == []


def test_a_file_that_may_not_be_read(prepared: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(shutil.copytree(prepared, Path(folder) / "index"))
        for ending in ("toc", "postings", "store", "documents"):
            locked = next(each for each in sorted(path.iterdir()) if each.suffix == f".{ending}")
            locked.chmod(0)
            with as_nobody(), pytest.raises(IndexDamaged) as error:
                Index.open(path).open_segments(read_commit(Folder(path)))
            with as_nobody():
                (found,) = check(path).errors
            said = f"{locked}: cannot be read (Permission denied); run as a user who may read it"
            assert (str(error.value), str(found)) == (said, said)
            locked.chmod(0o644)


def test_leftovers_are_no_error(path: Path) -> None:
    (path / "MAIN_0123456789abcdef.store").write_bytes(b"half a segm")
    (path / "_MAIN_3.toc.new").write_bytes(b"half a rec")
    report = check(path)
    assert report.ok
    assert [Path(remark.where).name for remark in report.remarks] == [
        "MAIN_0123456789abcdef.store",
        "_MAIN_3.toc.new",
    ]
    with Index.open(path).writer():
        pass
    assert check(path).remarks == []


def test_a_commit_made_meanwhile_is_no_damage(path: Path) -> None:
    index = Index.open(path)
    made = []

    def commit_once(_done: int, _total: int) -> None:
        if not made:
            made.append(True)
            index.optimize()

    report = check(path, commit_once)
    assert report.ok
    assert (report.generation, report.segments, report.documents) == (3, 1, 7)


def rewrite(path: Path, ending: str, name: str, change: Callable[[Array], Array]) -> None:
    """Puts a changed array into the last segment, with checksums as if it had been so."""
    folder = Folder(path)
    commit = read_commit(folder)
    info = commit.segments[-1]
    old = ArrayFile(path / f"{info.id}.{ending}")
    arrays = {each: old[each].copy() for each in old.names()}
    writer = ArrayWriter(folder, f"{info.id}.{ending}")
    for each, array in arrays.items():
        writer.add(each, change(array) if each == name else array)
    info = msgspec.structs.replace(info, files={**info.files, ending: writer.close()})
    recommit(folder, commit, [*commit.segments[:-1], info])


def recommit(folder: Folder, commit: Commit, segments: list) -> None:
    number = commit.generation + 1
    write_commit(folder, msgspec.structs.replace(commit, generation=number, segments=segments))


def filled_arrays(path: Path) -> list[tuple[str, str]]:
    """The arrays of the last segment that are not empty: the ending of the file, the name."""
    info = read_commit(Folder(path)).segments[-1]
    files = {
        ending: ArrayFile(path / f"{info.id}.{ending}")
        for ending in ("lexicon", "postings", "documents")
    }
    found = [(ending, name) for ending, file in files.items() for name in file.names()]
    filled = [(ending, name) for ending, name in found if len(files[ending][name])]
    assert len(filled) > 50
    return filled


def test_an_array_that_is_too_short_is_found(prepared: Path, tmp_path: Path) -> None:
    for ending, name in filled_arrays(prepared):
        path = Path(shutil.copytree(prepared, tmp_path / name))
        rewrite(path, ending, name, lambda array: array[:-1])
        assert errors(path), name


#: Any number may stand in these: nothing else tells what they should be.
FREE = {
    "fingerprints", "identities", "keys.tails", "rests.tails", "rests.checks",
    "deletions.tails", "grams.codes", "grams.counts", "passages.languages",
}  # fmt: skip


def largest_last(array: Array) -> Array:
    array = array.copy()
    array[-1:] = np.iinfo(array.dtype).max
    return array


def test_a_number_that_fits_nothing_is_found(prepared: Path, tmp_path: Path) -> None:
    for ending, name in filled_arrays(prepared):
        if name not in FREE:
            path = Path(shutil.copytree(prepared, tmp_path / name))
            rewrite(path, ending, name, largest_last)
            assert any(ending in error for error in errors(path)), name


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        ("lexicon", "words.ids"),
        ("lexicon", "words.blob"),
        ("lexicon", "classes"),
        ("lexicon", "keys.tails"),
        ("lexicon", "folded.blob"),
        ("lexicon", "grams.codes"),
        ("lexicon", "prefixes.heads"),
        ("lexicon", "prefixes.words"),
        ("postings", "text.docs"),
        ("postings", "text.freqs.high"),
        ("postings", "text.positions"),
        ("postings", "text.blocks"),
        ("documents", "text.lengths"),
        ("documents", "id.codes"),
        ("documents", "id.blob"),
        ("documents", "ids.hashes"),
        ("documents", "store.offsets"),
    ],
)
def test_what_is_out_of_order_is_found(path: Path, ending: str, name: str) -> None:
    def mixed(array: Array) -> Array:
        assert (array != array[::-1]).any() or name == "text.blocks"
        return array[::-1] + (name == "text.blocks")

    rewrite(path, ending, name, mixed)
    assert any(ending in error for error in errors(path))


@pytest.fixture(scope="module")
def long_texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose frequencies and positions have high bits and exceptions."""
    path = tmp_path_factory.mktemp("long") / "index"
    with Index.create(path) as index, index.writer() as writer:
        for n in range(10):
            writer.add(Document(id=f"{n}", text=" ".join(f"mot{m}" for m in range(n, n + 300))))
        words = [f"mot{m}" for m in range(480)] + ["encore"] * 20 + ["enfin"] * 15
        writer.add(Document(id="long", text=" ".join(words)))
    info = read_commit(Folder(path)).segments[-1]
    postings = Postings(ArrayFile(path / f"{info.id}.postings"), "text")
    for numbers in (postings.freqs, postings.positions):
        _, high, _, places, values = numbers.arrays
        assert min(map(len, (high, places, values))) > 1
    assert check(path).ok
    return path


def one_changed(array: Array) -> Array:
    array = array.copy()
    array[len(array) // 2] ^= 1
    return array


@pytest.mark.parametrize("numbers", ["freqs", "positions"])
@pytest.mark.parametrize("change", [one_changed, largest_last, np.zeros_like, np.flip])
@pytest.mark.parametrize("ending", [".high", ".places", ".values", ".shape"])
def test_packed_numbers_that_do_not_fit_are_found(
    long_texts: Path, tmp_path: Path, numbers: str, ending: str, change: Callable[[Array], Array]
) -> None:
    path = Path(shutil.copytree(long_texts, tmp_path / "index"))
    rewrite(path, "postings", f"text.{numbers}{ending}", change)
    assert any("postings" in error for error in errors(path))


def test_two_documents_of_one_id_are_found(path: Path) -> None:
    folder = Folder(path)
    commit = read_commit(folder)
    info = commit.segments[-1]
    twin = msgspec.structs.replace(info, id="MAIN_twin")
    for ending in info.files:
        shutil.copy(path / f"{info.id}.{ending}", path / f"MAIN_twin.{ending}")
    recommit(folder, commit, [*commit.segments, twin])
    assert len(errors(path)) == len(TEXTS)
    assert any("'fr-2'" in error for error in errors(path))


def test_a_wrong_number_of_deleted_documents_is_found(path: Path) -> None:
    folder = Folder(path)
    commit = read_commit(folder)
    first = msgspec.structs.replace(commit.segments[0], deleted=2)
    recommit(folder, commit, [first, *commit.segments[1:]])
    assert any("deleted" in error for error in errors(path))


def test_stored_fields_that_are_no_json_are_found(path: Path) -> None:
    folder = Folder(path)
    commit = read_commit(folder)
    info = commit.segments[-1]
    store = path / f"{info.id}.store"
    store.write_bytes(store.read_bytes().replace(b'{"id"', b'["id"'))
    stamps = {**info.files, "store": folder.stamp(store.name)}
    recommit(folder, commit, [commit.segments[0], msgspec.structs.replace(info, files=stamps)])
    assert any("store" in error for error in errors(path))
