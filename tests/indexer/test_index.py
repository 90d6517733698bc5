import copy
from pathlib import Path

import pytest
from fihris.indexer import (
    Document,
    FihrisError,
    Index,
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    IndexVersionError,
    StorageError,
)
from fihris.indexer.commit import LOCK_NAME
from fihris.indexer.segment import SegmentFiles, damage_named
from fihris.indexer.storage import Folder


def add(index: Index, *ids: str) -> None:
    with index.writer() as writer:
        for document_id in ids:
            writer.add(Document(id=document_id, title="Title", text=f"the text of {document_id}"))


def ids(index: Index) -> list[str]:
    with index.reader() as reader:
        return sorted(fields["id"] for fields in reader.all_stored_fields())


def test_a_new_index(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deeper"
    with Index.create(path) as index:
        assert index.path == path
        assert repr(index) == f"Index({str(path)!r})"
        assert (index.latest_generation(), ids(index)) == (0, [])
    with Index.open(str(path)) as index:
        add(index, "a", "b")
    assert ids(Index.open(Folder(path))) == ["a", "b"]


def test_an_index_is_not_made_over_another(tmp_path: Path) -> None:
    add(Index.create(tmp_path / "i"), "a")
    with pytest.raises(FihrisError, match="there is an index here already; open it"):
        Index.create(tmp_path / "i")
    assert ids(Index.open_or_create(tmp_path / "i")) == ["a"]


@pytest.mark.parametrize("name", ["notes.txt", "DOMAIN", "MAIN_00.store", "_MAIN_1.toc.new"])
def test_an_index_has_a_folder_of_its_own(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(FihrisError, match=f"holds other files \\('{name}'\\)"):
        Index.create(tmp_path)
    # Nothing is put into a folder that is not ours.
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_index_that_was_half_made_is_made_again(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).touch()
    (tmp_path / "_MAIN_0.toc.new").write_bytes(b"hal")
    add(Index.open_or_create(tmp_path), "a")
    assert ids(Index.open(tmp_path)) == ["a"]


def test_an_index_is_not_made_while_another_process_makes_it(tmp_path: Path) -> None:
    with Folder(tmp_path).locked(LOCK_NAME), pytest.raises(IndexLocked):
        Index.create(tmp_path)


def test_no_index_to_open(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"text")
    for name in ("nowhere", "file", "file/below", "."):
        with pytest.raises(IndexNotFound, match="there is no index here; make one"):
            Index.open(tmp_path / name)
    with pytest.raises(StorageError, match="file"):
        Index.create(tmp_path / "file")
    with pytest.raises(StorageError, match="too long"):
        Index.open_or_create(tmp_path / ("long" * 100))


def test_an_index_of_another_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index.create(tmp_path / "i")
    monkeypatch.setattr("fihris.indexer.commit.FORMAT", 10**6)
    with pytest.raises(IndexVersionError, match="index the documents again"):
        index.reader()


def test_open_segments_are_shared(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "i")
    add(index, "a")
    _, first = index.segments()
    add(index, "b")
    _, second = index.segments()
    assert second[0].files is first[0].files
    assert Index.open(tmp_path / "i").segments()[1][0].files is not first[0].files


def test_a_reader_keeps_its_commit(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "i")
    add(index, "a", "b")
    with index.reader() as before:
        add(index, "b", "c")
        index.optimize()
        assert sorted(fields["id"] for fields in before.all_stored_fields()) == ["a", "b"]
        assert before.generation() == 1
        assert list(before.postings("text", b"text").all_ids()) == [0, 1]
    assert ids(index) == ["a", "b", "c"]
    assert len(index.segments()[1]) == 1


def test_a_commit_made_while_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index.create(tmp_path / "i")
    add(index, "a")
    add(index, "b")
    opened = SegmentFiles.__init__
    merged: list[bool] = []

    def merge_first(self: SegmentFiles, folder: Folder, info: object) -> None:
        if not merged:
            merged.append(True)
            Index.open(tmp_path / "i").optimize()
        opened(self, folder, info)  # type: ignore[arg-type]

    monkeypatch.setattr(SegmentFiles, "__init__", merge_first)
    generation, segments = Index.open(tmp_path / "i").segments()
    assert (generation, len(segments)) == (3, 1)


def test_a_file_that_is_damaged_is_named(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "i")
    add(index, "a", "b")
    with index.writer() as writer:
        writer.delete("a")
    for ending in ("store", "lexicon", "postings", "documents", "deleted2"):
        file = next((tmp_path / "i").glob(f"*.{ending}"))
        content = file.read_bytes()
        for damaged in (b"", content[:-1], content[:-1] + bytes([content[-1] ^ 1])):
            file.write_bytes(damaged)
            if ending == "store" and len(damaged) == len(content):
                continue  # of its content only `check` and reading can tell
            with pytest.raises(IndexDamaged, match=f"{file.name}.*restore the index from a copy"):
                Index.open(tmp_path / "i").reader()
            with pytest.raises(IndexDamaged), Index.open(tmp_path / "i").writer():
                pass
        file.unlink()
        with pytest.raises(IndexDamaged, match=file.name):
            Index.open(tmp_path / "i").reader()
        file.write_bytes(content)
    assert ids(Index.open(tmp_path / "i")) == ["b"]


def alter(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert len(old) == len(new)
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"), [(b'{"id"', b'["id"'), (b'{"id":"a"', b'\xff"id":"a"'), (b"the t", b"th\xff t")]
)
def test_a_stored_document_that_is_damaged_is_named(tmp_path: Path, old: bytes, new: bytes) -> None:
    index = Index.create(tmp_path / "i")
    add(index, "a")
    alter(next((tmp_path / "i").glob("*.store")), old, new)
    with pytest.raises(IndexDamaged, match="document 0"), index.reader() as reader:
        reader.stored_fields(0)


def test_damage_is_told_from_other_errors(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "i")
    add(index, "a")
    files = [segment.files for segment in index.segments()[1]]
    with pytest.raises(ValueError, match="other"), damage_named(files):
        raise ValueError("other")
    with damage_named(files):
        pass
    alter(next((tmp_path / "i").glob("*.postings")), b"FIHRIS1\n\0", b"FIHRIS1\n\1")
    with pytest.raises(IndexDamaged, match="postings: is altered"), damage_named(files):
        raise ValueError("other")
    with pytest.raises(IndexNotFound), damage_named(files):
        raise IndexNotFound("nowhere")


def test_damage_is_told_the_same_by_another_process() -> None:
    error = IndexDamaged(Path("index") / "file", "is altered")
    # Copying takes the way that processes hand each other errors by.
    copied = copy.copy(error)
    assert str(copied) == str(error)
    assert (copied.where, copied.what) == ("index/file", "is altered")


def test_the_fields_are_fixed(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "i")
    assert "text" in index.schema
    with pytest.raises(NotImplementedError, match="fixed"):
        index.add_field("x", None)
    with pytest.raises(NotImplementedError, match="fixed"):
        index.remove_field("text")
