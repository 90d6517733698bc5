from __future__ import annotations

from pathlib import Path

import pytest

from bench import resolving
from bench.manywords import documents

pytestmark = pytest.mark.slow  # needs the libraries of `bench`


def test_every_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = [str(tmp_path), "--words", "3000", "--queries", "9", "--rounds", "1"]
    for _ in range(2):  # the second time there is an index already
        assert resolving.main(few) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split(" |")[0] for line in lines if line.startswith("| ")] == [
            "| queries of four words", "| ---", "| all", "| typed right", "| with an error"
        ] * 2  # fmt: skip
        assert sum("different words" in line for line in lines) == 2


def test_as_many_words_as_wanted() -> None:
    made = list(documents(5000))
    held = {word for document in made for word in document.text.split()}
    assert len(held) >= 5000
    assert made == list(documents(5000))
