"""Opening and searching altered files: results or IndexDamaged, never anything else."""

import resource
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Index, IndexDamaged
from fihris.search import Searcher

from .changes import changes

QUERIES = (
    "archives letter", "الكتاب", '"winter army"', "bibliotheque -army", "arch*", "libary",
    "everywhere NEAR winter", "language:fr letter", "*ra*",
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    index = Index.create(tmp_path / "index")
    for change in changes(3, 3):
        change.make(index)
    return index.path


@pytest.fixture
def _bounded_memory() -> Iterator[None]:
    """An altered number may ask for all the memory there is; here it is refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 30), hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def use(path: Path) -> str:
    """Opens and searches an index in every way; tells how that ended."""
    try:
        searcher = Searcher(path)
    except IndexDamaged:
        return "not opened"
    outcome = "searched"
    for step in (
        *(lambda q=query: searcher.search(q, limit=20) for query in QUERIES),
        lambda: searcher.suggest("arc"),
        lambda: searcher.document("new-1"),
        lambda: searcher.explain("archives letter", "new-1"),
    ):
        try:
            step()
        except IndexDamaged as error:
            outcome = "stopped" if str(path) in str(error) else "stopped, but it is not said where"
    return outcome


def flip_many(path: Path, times: int, seed: int) -> set[str]:
    random = Random(seed)
    files = sorted(file for file in path.iterdir() if file.stat().st_size)
    outcomes = set()
    for _ in range(times):
        file = random.choice(files)
        original = file.read_bytes()
        altered = bytearray(original)
        altered[random.randrange(len(altered))] ^= 1 << random.randrange(8)
        file.write_bytes(altered)
        outcomes.add(use(path))
        file.write_bytes(original)
    assert use(path) == "searched"
    return outcomes


@pytest.mark.usefixtures("_bounded_memory")
def test_flipped_bits(path: Path) -> None:
    assert flip_many(path, 40, seed=1) == {"not opened", "searched", "stopped"}


@pytest.mark.slow
@pytest.mark.usefixtures("_bounded_memory")
def test_thousands_of_flipped_bits(path: Path) -> None:
    assert flip_many(path, 3000, seed=2) == {"not opened", "searched", "stopped"}


@pytest.mark.usefixtures("_bounded_memory")
def test_files_filled_with_nonsense(path: Path, tmp_path: Path) -> None:
    names = sorted(file.name for file in path.iterdir() if file.stat().st_size)
    outcomes = set()
    for number, name in enumerate(names):
        copy = Path(shutil.copytree(path, tmp_path / name))
        content = (copy / name).read_bytes()
        # The beginning and the end stay, so that it is opened.
        middle = (b"\0", b"\xff", b"\x7f")[number % 3] * max(len(content) - 3000, 0)
        (copy / name).write_bytes(content[:64] + middle + content[64 + len(middle) :])
        outcomes.add(use(copy))
    assert "stopped" in outcomes
