from __future__ import annotations

from pathlib import Path

import pytest
from fihris.indexer import Document, Index

from bench import completing


def test_every_kind_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["the red barge left the harbour", "a letter from the winter camp", "رسالة إلى الجيش"]
    with Index.create(tmp_path / "index") as index, index.writer() as writer:
        for n in range(60):
            writer.add(Document(f"{n}", texts[n % 3], " ".join(texts)))
    assert completing.main([str(tmp_path / "index"), "--typed", "20", "--rounds", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("60 documents; words of the segments: ")
    assert [line.split(" | ")[0] for line in lines[4:]] == [
        f"| {kind}"
        for kind in (*completing._WORDS, "with an error", *completing._LETTERS)
    ]  # fmt: skip
    assert all(line.count(" / ") == 4 for line in lines[4:])


def test_no_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert completing.main([str(tmp_path)]) == 2
    assert "no index" in capsys.readouterr().err
