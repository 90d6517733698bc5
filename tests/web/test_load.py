"""The benchmark of the pages, for a few seconds on a small collection: no figures, but no error."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import pytest
from fihris.indexer import Document, Index

from bench import load
from bench.memory import PARTS

_WORDS = ("tram", "barge", "letter", "harbour", "winter", "camp", "library", "soldier")


@pytest.mark.slow
def test_every_kind_of_load_is_borne_without_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shutil.which("wrk"), "wrk is not there, and this test needs it: apt-get install wrk"
    with Index.create(tmp_path / "index") as index, index.writer() as writer:
        for n in range(300):
            words = [_WORDS[(n * k + k) % len(_WORDS)] for k in range(1, 60)]
            writer.add(Document(id=f"doc-{n}", title=words[0], text=" ".join(words)))
    asked = [
        load.Query(kind, "en", (one, other))
        for kind in ("single", "or", "and", "phrase", "prefix")
        for one, other in itertools.pairwise(_WORDS)
    ]
    monkeypatch.setattr(load, "make", lambda *_: asked)
    monkeypatch.setattr(load, "read", lambda *_: [{"id": f"doc-{n}"} for n in range(300)])
    out = tmp_path / "figures.json"
    load.main(
        ["--index", str(tmp_path / "index"), "--corpus", "none", "--seconds", "3", "--mixed", "20",
         "--out", str(out)]
    )  # fmt: skip
    figures = json.loads(out.read_text())
    printed = capsys.readouterr().out
    assert set(figures) == {"pages", "suggestions", "searches", "mixed"}
    for name, each in figures.items():
        assert f"| {name} |" in printed
        assert each["requests"] > 10, name
        assert (each["refused"], each["broken"]) == (0, 0), name
        assert 0 < each["p50"] <= each["p95"] <= each["worst"]
        assert each["server_cpu"] > 0
    for sizes in figures["mixed"]["memory"].values():
        assert len(sizes) == len(("before", "warm", "end")) + PARTS
        assert all(size > 1 << 20 for size in sizes)
    assert "| of its own |" in printed
