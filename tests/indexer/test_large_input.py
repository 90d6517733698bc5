"""Input larger than memory should be: what is taken does not grow with what is given."""

import json
import subprocess
import sys
from itertools import repeat
from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Index
from fihris.indexer.ingest import index_paths
from fihris.search.searcher import Searcher

from ..collections import WORDS
from .folders import figures, held, lines, write_files

pytestmark = pytest.mark.slow

MB = 10**6
# Tells the most memory that it and its workers have taken, in kilobytes. (getrusage would tell
# that of the process which started it, too.)
_PROGRAM = """
import json, sys
from pathlib import Path
from fihris.indexer import Index
from fihris.indexer.ingest import index_paths

def peak(process):
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])

workers = {}

def look(_):
    for path in Path(f"/proc/self/task").glob("*/children"):
        for child in path.read_text().split():
            try:
                workers[child] = peak(child)
            except (OSError, IndexError):
                pass  # it has just ended

index, path, jobs = sys.argv[1:]
summary = index_paths(Index.create(index), [path], jobs=int(jobs), progress=look)
told = {"added": summary.added, "errors": [str(error) for error in summary.errors]}
print(json.dumps({**told, "own": peak("self"), "workers": list(workers.values())}))
"""


def indexed(tmp_path: Path, path: Path, jobs: int) -> dict:
    """Indexes in a process of its own; gives what it told, memory in megabytes."""
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM)
    index = tmp_path / f"index-{path.name}-{jobs}"
    ran = subprocess.run(
        [sys.executable, program, index, path, str(jobs)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stderr == ""
    told = json.loads(ran.stdout)
    told["own"] = told["own"] * 1024 / MB
    told["workers"] = [size * 1024 / MB for size in told["workers"]]
    return told


def write_records(path: Path, size: int) -> int:
    """Writes about so many bytes of JSON Lines; gives how many records they are."""
    random = Random(size)
    words = [f"{word}{ending}" for word in WORDS for ending in ("", *"abcdefghijklmnopqrst")]
    texts = [" ".join(random.choices(words, k=200)) for _ in range(2000)]
    count = 0
    with path.open("w", encoding="utf-8") as file:
        while file.tell() < size:
            for _ in range(500):
                # New words all the time, as in any language.
                text = f"{random.choice(texts)} {random.getrandbits(20):x} new{count}"
                file.write(lines({"id": f"r{count}", "title": f"record {count}", "text": text}))
                count += 1
    return count


def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    small, large = tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    expected = write_records(small, 20 * MB), write_records(large, 200 * MB)
    peaks = []
    for path, count in zip((small, large), expected, strict=True):
        told = indexed(tmp_path, path, jobs=1)
        assert (told["added"], told["errors"]) == (count, [])
        peaks.append(max(told["own"], *told["workers"], 0))
    assert peaks[1] < 600
    # Both fill the memory that a segment may take; ten times the input takes no more.
    assert peaks[1] < 1.5 * peaks[0] + 100


def test_memory_of_workers_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    count = write_records(path, 100 * MB)
    told = indexed(tmp_path, path, jobs=2)
    assert (told["added"], told["errors"], len(told["workers"])) == (count, [], 2)
    assert max(told["own"], *told["workers"]) < 500


def of_a_megabyte(word: str) -> str:
    return word * (MB // len(word))


UNUSUAL = {
    "one giant document": lambda: [" ".join(f"{n % 90_000:x}" for n in range(5_000_000))],
    "one word": lambda: [of_a_megabyte("word ")] * 100,
    "no word at all": lambda: repeat("— .", 1_000_000),
    "no word twice": lambda: (
        " ".join(f"{n:x}" for n in range(first, first + 100)) for first in range(0, 3_000_000, 100)
    ),
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_unusual_collections_keep_the_bounds_of_memory(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "unusual.jsonl"
    with path.open("w") as file:
        count = 0
        for count, text in enumerate(UNUSUAL[kind](), 1):
            file.write(lines({"id": f"{count}", "text": text}))
    told = indexed(tmp_path, path, jobs=1)
    assert (told["added"], told["errors"]) == (count, [])
    assert max(told["own"], *told["workers"], 0) < 600


@pytest.mark.parametrize("line_end", ["", "\n"])
def test_a_line_of_200_megabytes(tmp_path: Path, line_end: str) -> None:
    path = tmp_path / "line.jsonl"
    with path.open("w") as file:
        file.write(lines({"id": "before", "text": "before"}) + '{"id": "long", "text": "')
        for _ in range(200):
            file.write("a long line " * (MB // 12))
        file.write('"}' + line_end)
        if line_end:
            file.write(lines({"id": "after", "text": "after"}))
    told = indexed(tmp_path, path, jobs=1)
    assert told["errors"] == [
        f"{path}:2: the line is over 67,108,864 bytes long; "
        "split it into documents of a chapter or a page each"
    ]
    assert told["added"] == (2 if line_end else 1)
    assert told["own"] < 400


def test_lines_just_short_enough(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "index")
    text = "a word or two " * (30 * MB // 14)
    records = ({"id": name, "text": f"{name} {text}"} for name in ("one", "two"))
    folder = write_files(tmp_path / "in", {"r.jsonl": lines(*records)})
    assert figures(index_paths(index, [folder])) == (2, 0, 0, 0)
    assert set(held(index)) == {"one", "two"}
    assert [hit.id for hit in Searcher(index).search("one -two").hits] == []


def test_a_million_bad_lines(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("{\n" * 1_000_000 + lines({"id": "good", "text": "good"}))
    told = indexed(tmp_path, path, jobs=2)
    assert (told["added"], len(told["errors"])) == (1, 1000)
    assert max(told["own"], *told["workers"]) < 300


def test_many_small_files(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for n in range(20_000):
        path = folder / f"{n % 100}" / f"{n}.txt"
        if n < 100:
            path.parent.mkdir(parents=True)
        path.write_text(f"{WORDS[n % len(WORDS)]} {n}")
    index = Index.create(tmp_path / "index")
    assert figures(index_paths(index, [folder])) == (20_000, 0, 0, 0)
    for n in range(0, 20_000, 4):
        (folder / f"{n % 100}" / f"{n}.txt").unlink()
    assert figures(index_paths(index, [folder], jobs=2)) == (0, 0, 15_000, 5_000)
