"""The figures of an index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from fihris.cli.statistics import statistics
from fihris.indexer import Document, Index


def test_figures(tmp_path: Path) -> None:
    index = Index.create(tmp_path)
    assert statistics(tmp_path).documents == 0
    assert statistics(tmp_path).distinct_words == 0
    with index.writer() as writer:
        writer.add(Document("a", "Zebras", "the army went home", language="en"))
        writer.add(Document("b", "", "l'armée est à Prague", language="fr"))
        writer.add(Document("d", "", "the army", language="en"))
    with index.writer() as writer:
        writer.add(Document("c", "", "army of Prague", language="en"))
        writer.delete("d")
    found = statistics(tmp_path)
    assert (found.documents, found.deleted, found.segments) == (3, 1, 2)
    assert found.languages == {"en": 2, "fr": 1}
    assert list(found.languages) == ["en", "fr"]
    # A title's words count too.
    assert found.words == 5 + 4 + 3
    # zebras the army went home, armée est à prague, of
    assert found.distinct_words == 10
    assert found.generation == 2
    assert found.bytes == sum(found.files.values())
    on_disk = sum(file.stat().st_size for file in tmp_path.iterdir())
    record = sum(file.stat().st_size for file in tmp_path.glob("*.toc"))
    assert found.bytes == on_disk - record
    assert found.files["deletions"] > 0
    assert abs(datetime.fromisoformat(found.committed) - datetime.now(UTC)) < timedelta(minutes=1)
    index.optimize()
    merged = statistics(tmp_path)
    assert (merged.documents, merged.deleted, merged.segments) == (3, 0, 1)
    assert (merged.words, merged.distinct_words) == (12, 10)
    assert merged.files["deletions"] == 0
