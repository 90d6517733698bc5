from __future__ import annotations

from pathlib import Path

import pytest
from fihris.indexer import Document, Index
from fihris.search import Searcher

_TEXTS = {
    "tram-1": "The tram depot repaired tramway carriages and tramway rails every winter.",
    "tram-2": "Tramway carriages stood in the depot; the rails were broken.",
    "bread-1": "The bakery sold bread and barley flour to soldiers of the garrison.",
    "bread-2": "Barley flour and bread were sold at the bakery near the garrison.",
    "رسالة-1": "وصلت الرسالة إلى بيروت بعد سبعة أسابيع في البريد العسكري",
    "رسالة-2": "البريد العسكري في بيروت تأخر سبعة أسابيع",
    "alone": "Nothing whatsoever resembles these peculiar sentences.",
    "empty": "",
}


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    with Index.create(tmp_path / "index") as index:
        for number in range(2):
            with index.writer() as writer:
                for n, (name, text) in enumerate(_TEXTS.items()):
                    if n % 2 == number:
                        writer.add(Document(id=name, text=text))
    return Searcher(tmp_path / "index")


@pytest.mark.parametrize("stem", ["tram", "bread", "رسالة"])
def test_documents_about_the_same(searcher: Searcher, stem: str) -> None:
    for one, other in (("1", "2"), ("2", "1")):
        found = searcher.alike(f"{stem}-{one}")
        assert found[0].id == f"{stem}-{other}"
        assert f"{stem}-{one}" not in [hit.id for hit in found]


def test_nothing_is_alike(searcher: Searcher) -> None:
    assert searcher.alike("alone") == searcher.alike("empty") == searcher.alike("none") == []


def test_deleted_documents_are_not_alike(searcher: Searcher, tmp_path: Path) -> None:
    with Index.open(tmp_path / "index") as index, index.writer() as writer:
        writer.delete("tram-2")
    assert searcher.refresh()
    assert [hit.id for hit in searcher.alike("tram-1")] == []


def test_no_more_than_asked_for(searcher: Searcher) -> None:
    assert len(searcher.alike("bread-1", 0)) == 0
    assert len(searcher.alike("bread-1", 1)) == 1
