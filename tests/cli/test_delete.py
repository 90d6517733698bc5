"""`fihris delete` and `fihris optimize`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from fihris.cli.statistics import statistics

from .command import call


@pytest.fixture
def copy(index: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(index, tmp_path / "copy"))


def test_delete_and_optimize(copy: Path) -> None:
    done = call("delete", "--index", copy, "hostile", "nowhere", "letter 1", "hostile")
    assert (done.status, done.out) == (0, "")
    assert done.err == "not in the index: nowhere\n2 documents deleted\n"
    assert call("search", "--index", copy, "ocelot").status == 1
    assert (statistics(copy).documents, statistics(copy).deleted) == (5, 2)
    again = call("delete", "--index", copy, "hostile")
    assert (again.status, again.err) == (1, "not in the index: hostile\n0 documents deleted\n")
    done = call("optimize", "--index", copy)
    assert (done.status, done.out) == (0, "")
    assert re.fullmatch(r"optimized: \d+\.\d MB before, \d+\.\d MB now\n", done.err)
    assert (statistics(copy).documents, statistics(copy).deleted) == (5, 0)


def test_an_id_is_needed(index: Path) -> None:
    assert call("delete", "--index", index).status == 2
