from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from fihris.indexer import compiled as indexer
from fihris.search import compiled as search
from hypothesis import settings

from .collections import Collection, random_collection

# How long an example takes says more of the machine than of the code.
settings.register_profile("thorough", deadline=None)
# The fast tests draw fewer examples; those of `make test-all` draw all.
settings.register_profile("fast", deadline=None, max_examples=25)
#: A folder in memory, on Linux, and what it must have room for.
MEMORY, ROOM = Path("/dev/shm"), 2 << 30


def pytest_configure(config: pytest.Config) -> None:
    fast = config.getoption("markexpr") == "not slow"
    settings.load_profile("fast" if fast else "thorough")
    # Thousands of small commits wait for the disk longer than they compute.
    if fast and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    # What was loaded by then stays, and is not to be looked through again and again.
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is kept for later processes is kept apart from the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage is not measured in processes that a test interrupts: where the signal comes while
    coverage holds its own lock, the lock is never let go of, and the process stands still."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> list[Collection]:
    """Random collections of one to seven segments with deletions; not to be written to."""
    made = []
    for seed in range(8):
        path = tmp_path_factory.mktemp("collection") / "index"
        made.append(random_collection(path, Random(seed), segments=seed % 7 + 1))
    return made


@pytest.fixture(params=["compiled", "numpy"], scope="module")
def either_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Runs the tests of a module with the compiled kernels and without them."""
    known = indexer.kernels, search.kernels
    if request.param == "numpy":
        indexer.kernels = search.kernels = None
    elif None in known:
        pytest.skip("no compiler was at hand when Fihris was installed")
    yield
    indexer.kernels, search.kernels = known
