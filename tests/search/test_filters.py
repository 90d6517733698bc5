from __future__ import annotations

from pathlib import Path

import pytest
from fihris.indexer import Document
from fihris.search.filters import matching_documents
from fihris.search.snapshot import Snapshot

from ..collections import NUMBERS, Collection, write
from .twin import entry_of, meets

VALUES = {
    "language": ["ar", "fr", "en", "ru", "de", "xx", ""],
    "creator": ["société", "SOCIETE", "d’études", "vlassov", "لجنه", "absent"],
    "collection": ["lettre", "LETTERS", "letters of 1944", "٤٤"],
    "source": ["boxes/1", "Boxes", "2"],
    "date": ["1944", "1943", "1943/1945", "1944-11", "1944-11-14", "1944-11-15", "1945-05-09",
             "1900/1918", "1919/1942", "1946"],
}  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("name", VALUES)
def test_equals_looking_at_every_document(
    collections: list[Collection], number: int, name: str
) -> None:
    held = collections[number].held()
    entries = [entry_of(document, live) for document, live in held]
    for value in VALUES[name]:
        found = []
        for part in Snapshot(collections[number].index).parts:
            docs = matching_documents(part, name, value)
            found += [part.offset + doc for doc in docs.tolist()]
        assert found == [n for n, entry in enumerate(entries) if meets(entry, name, value)], value


@pytest.mark.parametrize(
    ("date", "asked", "fits"),
    [
        ("1944", "1944", True),
        ("1944-11-14", "1944", True),
        ("1944", "1944-11-14", True),
        ("1944-11-14", "1944-11", True),
        ("1944-11-14", "1944-12", False),
        ("1943/1945", "1944", True),
        ("1943/1945", "1945-12", True),
        ("1943/1945", "1946", False),
        ("1944", "1943/1945", True),
        ("1944-06/1945-02", "1945", True),
        ("1944-06/1945-02", "1944-05", False),
        ("1944-06/1945-02", "1945-03", False),
        ("1944-06-06/1945-02", "1944-06-05", False),
    ],
)
def test_dates(tmp_path: Path, date: str, asked: str, fits: bool) -> None:
    index = write(tmp_path / "index", [[Document("a", text="x", date=date)]]).index
    (part,) = Snapshot(index).parts
    assert matching_documents(part, "date", asked).tolist() == ([0] if fits else [])


def test_documents_without_a_value_fit_nothing(tmp_path: Path) -> None:
    index = write(tmp_path / "index", [[Document("a", text="42")]]).index
    (part,) = Snapshot(index).parts
    for name, value in (("creator", "a"), ("date", "1944"), ("source", "a"), ("language", "fr")):
        assert matching_documents(part, name, value).tolist() == []
