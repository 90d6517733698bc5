from __future__ import annotations

import mmap
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fihris.indexer import Document
from fihris.search import Searcher, compiled, readahead
from msgspec.structs import replace

from ..collections import write

pytestmark = pytest.mark.skipif(compiled.kernels is None, reason="without kernels nothing is asked")

PAGE = mmap.PAGESIZE
#: So many pages are looked at, each so far from the next that the system reads none along.
LOOKED_AT, APART = 40, 64


@pytest.fixture(autouse=True)
def off() -> Iterator[None]:
    yield
    readahead.switch(on=False)


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder that is on a disk even where those of other tests are in memory."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def file(disk: Path) -> Iterator[mmap.mmap]:
    """A file that is mapped, and of which nothing is in memory."""
    path = disk / "file"
    path.write_bytes(os.urandom(LOOKED_AT * APART * PAGE))
    forget(path)
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        data.madvise(mmap.MADV_RANDOM)
        if kernels().in_memory(data):
            pytest.skip("this file system keeps files in memory, so that none has to be read")
        yield data


def kernels() -> Any:
    assert compiled.kernels
    return compiled.kernels


def forget(path: Path) -> None:
    """Has the system forget what it holds of a file."""
    with path.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def waits(data: mmap.mmap) -> int:
    """How often looking at the pages has to wait for the disk."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_majflt
    for n in range(LOOKED_AT):
        assert data[n * APART * PAGE] >= 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_majflt - before


def test_looking_at_pages_waits_for_each(file: mmap.mmap) -> None:
    assert waits(file) > LOOKED_AT * 0.9
    assert waits(file) == 0


def test_what_was_expected_is_not_waited_for_one_by_one(file: mmap.mmap) -> None:
    starts = np.arange(LOOKED_AT) * APART * PAGE
    kernels().expect(np.frombuffer(file, np.uint8), starts, starts + 1)
    assert waits(file) < LOOKED_AT / 2


def test_stretches_that_are_not_there_are_passed_over(file: mmap.mmap) -> None:
    starts = np.array([-1, 5, len(file) - 1, len(file)])
    kernels().expect(np.frombuffer(file, np.uint8), starts, np.array([4, 5, len(file) + 1, 2**62]))


def test_it_is_on_while_there_is_waiting(file: mmap.mmap) -> None:
    with readahead.watched():
        waits(file)
    assert readahead.is_on()
    with readahead.watched():
        waits(file)
    assert not readahead.is_on()


def test_what_is_in_memory(file: mmap.mmap) -> None:
    assert not kernels().in_memory(file)
    for place in range(0, len(file), PAGE):
        assert file[place] >= 0
    assert kernels().in_memory(file)
    assert kernels().in_memory(b"")


def test_it_begins_where_not_all_that_was_opened_is_in_memory(file: mmap.mmap) -> None:
    opened: Any = [SimpleNamespace(data={"lexicon": b"", "postings": file})]
    readahead.opened(opened)
    assert readahead.is_on()
    for place in range(0, len(file), PAGE):
        assert file[place] >= 0
    readahead.opened(opened)
    assert not readahead.is_on()


def test_answers_are_the_same(tmp_path: Path) -> None:
    documents = [Document(f"{n}", f"Title {n}", f"armies of the {n} cities") for n in range(300)]
    write(tmp_path / "index", [documents[:200], documents[200:]])
    searcher = Searcher(tmp_path / "index")
    for query in ("army", '"the 17 cities"', "cit*", "army NEAR 5", "citys", "=armies -7"):
        expected = searcher.search(query, facets=5)
        readahead.switch(on=True)
        assert replace(searcher.search(query, facets=5), took=expected.took) == expected
