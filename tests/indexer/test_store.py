from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from fihris.indexer import Document
from fihris.indexer.storage import Folder
from fihris.indexer.store import StoreWriter


def stored(folder: Folder, writer: StoreWriter) -> list[bytes]:
    """The records, cut apart, once the file is found to be what its stamp says."""
    offsets = writer.offsets().tolist()
    assert writer.close() == folder.stamp("a")
    content = (folder.path / "a").read_bytes()
    assert offsets[-1] == len(content)
    return [content[a:b] for a, b in pairwise(offsets)]


def test_documents_come_back_as_they_were(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    writer = StoreWriter(folder, "a")
    everything = Document(
        "a", "العنوان", " text\r\n😀", "xx", "1944", "Nadia", "box", "shelf", {"n": [1, None]}
    )
    writer.add(everything, "ar", ["ar", "en"])
    writer.add(Document("b"), "", [])
    first, text, second, nothing = stored(folder, writer)
    assert msgspec.json.decode(first) == {
        "id": "a",
        "title": "العنوان",
        "language": "ar",
        "languages": ["ar", "en"],
        "date": "1944",
        "creator": "Nadia",
        "collection": "box",
        "source": "shelf",
        "extra": {"n": [1, None]},
    }
    assert text.decode() == everything.text
    assert msgspec.json.decode(second) == {"id": "b", "title": "", "language": "", "languages": []}
    assert nothing == b""


def test_records_are_copied_as_they_are(tmp_path: Path) -> None:
    writer = StoreWriter(Folder(tmp_path), "a")
    records = [b"{}", b"one", b'{"id": "x"}', b"", b"", b"three"]
    for some in (records[:2], [], records[2:]):
        writer.add_stored(b"".join(some), np.array(list(map(len, some)), np.int64))
    assert writer.offsets().dtype == np.uint32
    assert stored(Folder(tmp_path), writer) == records


def test_no_documents(tmp_path: Path) -> None:
    writer = StoreWriter(Folder(tmp_path), "a")
    assert writer.offsets().tolist() == [0]
    assert stored(Folder(tmp_path), writer) == []


def test_what_is_given_up_is_gone(tmp_path: Path) -> None:
    writer = StoreWriter(Folder(tmp_path), "a")
    writer.add(Document("a", text="x"), "", [])
    writer.abort()
    assert Folder(tmp_path).list() == []
