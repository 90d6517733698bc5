from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from shutil import copytree, ignore_patterns, rmtree
from typing import Any

import numpy as np
import pytest
from fihris.indexer import Document, Index, compiled
from fihris.indexer.arrayfile import Array
from fihris.indexer.hashtable import HashTable, hash_table, told
from fihris.indexer.ingest import index_paths
from fihris.indexer.keytables import KeyTables

SEEDS = Path(__file__).parents[2] / "seeds"

# The types of `Lexicon.dictionary`.
_LEXICON = "u1 u* u4 u4 u1 u* u4"

WHAT = "from fihris.indexer.compiled import kernels; print(kernels is not None)"


@pytest.mark.parametrize(("value", "expected"), [("0", "False"), ("1", "True")])
def test_the_environment_chooses(value: str, expected: str) -> None:
    if not compiled.kernels:
        pytest.skip("no compiler was at hand when Fihris was installed")
    environment = os.environ | {"FIHRIS_COMPILED": value}
    run = subprocess.run([sys.executable, "-c", WHAT], env=environment, stdout=subprocess.PIPE)
    assert run.stdout.decode().strip() == expected


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the program as --editable installs it."""
    if not compiled.kernels:
        pytest.skip("no compiler was at hand when Fihris was installed")
    for part in ("indexer", "search", "cli"):
        copytree(SEEDS.parent / part, tmp_path / "fihris" / part, ignore=ignore_patterns("__py*"))
    return tmp_path


def kernels_of(installed: Path, **environment: str) -> tuple[str, str]:
    """Whether those of indexer and search are used, and what is said about it."""
    what = (
        "from fihris.search import compiled; from fihris.indexer import compiled as indexer; "
        "print(compiled.kernels is not None, indexer.kernels is not None); "
        # What another process of the program has to say.
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import fihris.search'])"
    )
    environment = os.environ | {"PYTHONPATH": str(installed)} | environment
    run = subprocess.run(
        [sys.executable, "-c", what], env=environment, cwd=installed, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip(), run.stderr


@pytest.mark.parametrize(
    ("changed", "expected"),
    [("indexer/kernels/held.h", "False False"), ("search/kernels/gather.c", "False True")],
)
def test_kernels_older_than_their_sources_are_left_unused(
    installed: Path, changed: str, expected: str
) -> None:
    (installed / "fihris" / changed).touch()
    used, told = kernels_of(installed)
    assert used == expected
    assert told.count("the compiled kernels are older than their sources") == 1
    assert f"pip install --editable {installed}" in told


def test_other_kernels_are_used(installed: Path) -> None:
    assert kernels_of(installed) == ("True True", "")
    # As they are in a wheel, without sources.
    for part in ("indexer", "search"):
        rmtree(installed / "fihris" / part / "kernels")
    assert kernels_of(installed) == ("True True", "")


def test_the_command_says_what_to_run_on_one_line(installed: Path) -> None:
    (installed / "fihris" / "indexer" / "kernels" / "module.c").touch()
    what = "import sys; from fihris.cli import main; sys.argv[1:] = ['stats']; main()"
    environment = os.environ | {"PYTHONPATH": str(installed)}
    run = subprocess.run(
        [sys.executable, "-c", what], env=environment, cwd=installed, capture_output=True, text=True
    )
    told, missing = run.stderr.splitlines()
    assert told.startswith("fihris: the compiled kernels are older than their sources")
    assert missing.startswith("fihris: fihris-index: there is no index here")


def files(path: Path) -> dict[str, bytes]:
    """The files of the segments of an index, by what they hold."""
    return {file.suffix: file.read_bytes() for file in path.glob("MAIN_*.*")}


def test_files_are_the_same_with_kernels_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not compiled.kernels:
        pytest.skip("no compiler was at hand when Fihris was installed")
    random = Random(3)
    lines = [
        {"id": f"r{n}", "title": random_text(random, 4), "text": random_text(random, 90)}
        for n in range(60)
    ]
    records = tmp_path / "records.jsonl"
    records.write_text("".join(json.dumps(line) + "\n" for line in lines))
    written = []
    for name in ("compiled", "numpy"):
        if name == "numpy":
            monkeypatch.setattr(compiled, "kernels", None)
        with Index.create(tmp_path / name) as index:
            index_paths(index, [SEEDS, records])
            with index.writer() as writer:  # merged, and without what was deleted
                writer.delete("r7")
                writer.add(Document(id="new", title="Une armée", text="l’armée de l'été"))
                writer.optimize = True
        written.append(files(tmp_path / name))
    assert set(written[0]) == {".documents", ".lexicon", ".postings", ".store"}
    assert written[0] == written[1]


PIECES = "L’Armée l'été كِتَابٌ وللجيش Straße ﬁnal 軍は o'brien's ﷺ 12 _ e\u0301".split()


def random_text(random: Random, most: int) -> str:
    """Words of all kinds, some of them never seen before, in paragraphs."""
    words = [
        random.choice([random.choice(PIECES), f"{random.choice('aéجшß')}{random.randrange(999)}"])
        for _ in range(random.randrange(most))
    ]
    return "".join(word + random.choice(["", " ", ", ", "\n", "\n\n", "-"]) for word in words)


class TestArrays:
    """Kernels take hold of arrays only when these are what they say."""

    @pytest.fixture(autouse=True)
    def _kernels(self) -> None:
        if not compiled.kernels:
            pytest.skip("no compiler was at hand when Fihris was installed")

    def gather(self, *arrays: object) -> None:
        assert compiled.kernels
        compiled.kernels.gather(*arrays)  # pyright: ignore

    def test_types_and_number(self) -> None:
        values, places = np.arange(4, dtype=np.uint16), np.zeros(1, np.int64)
        out, which = np.zeros(0, np.uint16), np.zeros(0, np.int64)
        self.gather(values, places, places, out, which)
        for wrong in (
            (values, places, places, out),
            (values, places, places, out, which, which),
            (values, places.astype(np.int32), places, out, which),
            (values, places.astype(float), places, out, which),
            (values.reshape(2, 2), places, places, out, which),
            (values, places, places, out, b""),
            (None, places, places, out, which),
        ):
            with pytest.raises((TypeError, BufferError)):
                self.gather(*wrong)

    @pytest.mark.parametrize(
        ("start", "end", "room"), [(-1, 1, 2), (3, 5, 2), (3, 2, 0), (0, 2, 1), (0, 1, 2)]
    )
    def test_borders(self, start: int, end: int, room: int) -> None:
        with pytest.raises(IndexError):
            self.gather(
                np.arange(4, dtype=np.uint16),
                np.array([start]),
                np.array([end]),
                np.zeros(room, np.uint16),
                np.zeros(room, np.int64),
            )


class TestLookUps:
    """Compiled look-ups see what is wrong and never read outside of an array."""

    @pytest.fixture(autouse=True)
    def _kernels(self) -> None:
        if not compiled.kernels:
            pytest.skip("no compiler was at hand when Fihris was installed")

    @pytest.mark.parametrize("edges", [[0, 9, 9], [2, 1, 0], [0, 2**63, 2**64 - 1]])
    def test_strings(self, edges: list[int]) -> None:
        assert compiled.kernels
        blob, offsets = np.frombuffer(b"abc", np.uint8), np.array(edges, np.uint64)
        with pytest.raises(IndexError):
            compiled.kernels.place(blob, offsets, b"b")

    @pytest.mark.parametrize(
        "pattern", [b"", b"*", b"a*", b"a*c", b"*b*", b"a?c", b"b*a long tail"]
    )
    def test_patterns(self, pattern: bytes) -> None:
        """Strings, ids, places or bases that are wrong are told, whatever is looked for."""
        assert compiled.kernels
        strings = np.frombuffer(b"abcbc", np.uint8), np.array([0, 3, 5], np.uint32)
        right = *strings, *(np.array([1, 0], np.uint32),) * 2, *strings, np.array([0, 1], np.uint32)
        changed = np.zeros(0 if pattern in (b"*", b"a*") else 2, bool)

        def fitting(lexicon: tuple[Any, ...], bases: list[int], changed: Array) -> bytearray:
            assert compiled.kernels
            held = compiled.kernels.hold((lexicon,), _LEXICON)
            return compiled.kernels.fitting(held, np.array(bases, np.int64), pattern, changed)

        fitting(right, [0, 2], changed)
        for edges in ([0, 9, 9], [3, 2, 1], [0, 3, 2**32 - 1], [0, 2**63, 2**64 - 1], [0, 3], []):
            for place in (1, 5):
                wrong = [*right]
                wrong[place] = np.array(edges, np.uint64)
                # Only what is looked at is told.
                with contextlib.suppress(IndexError):
                    fitting(tuple(wrong), [0, 2], changed)
                if len(edges) < 3 or (pattern == b"*b*" and place == 1):
                    with pytest.raises(IndexError):
                        fitting(tuple(wrong), [0, 2], changed)
        for place in (2, 3, 6):
            wrong = [*right]
            wrong[place] = np.array([0], np.uint32)
            with pytest.raises(IndexError):
                fitting(tuple(wrong), [0, 2], changed)
        for bases in ([], [0], [1, 3], [0, 2, 4], [-1, 1]):
            with pytest.raises(IndexError):
                fitting(right, bases, changed)
        for length in {0, 1, 2, 3} - {len(changed)}:
            with pytest.raises(IndexError):
                fitting(right, [0, 2], np.zeros(length, bool))

    def test_words_of_patterns(self) -> None:
        assert compiled.kernels
        strings = np.frombuffer(b"abc", np.uint8), np.array([0, 3], np.uint32)
        ids, ranks, none = (np.array(each, np.uint32) for each in ([2**31], [0], []))
        held = compiled.kernels.hold(((*strings, ids, ranks, *strings, ids),), _LEXICON)
        with pytest.raises(IndexError):
            compiled.kernels.fitting(held, np.array([0, 1]), b"a*", none.astype(bool))
        with pytest.raises(IndexError):
            compiled.kernels.fitting(held, np.array([0, 1]), b"a*c", np.zeros(1, bool))
        assert not compiled.kernels.fitting(held, np.array([0, 1]), b"b*", none.astype(bool))

    @pytest.mark.parametrize("bits", [4, 20, 64])
    @pytest.mark.parametrize("length", [0, 1, 2, 63, 64, 65, 500, 5000, 70_000])
    @pytest.mark.parametrize("kind", [np.uint32, np.uint64])
    def test_hashes_spread_evenly_or_not(self, length: int, bits: int, kind: type) -> None:
        """Where a hash stands is guessed; wherever it is, it is found."""
        assert compiled.kernels
        random = Random(length)
        size = np.dtype(kind).itemsize * 8
        for shift in {max(0, size // 4 - bits), max(0, size - bits)}:
            some = [random.getrandbits(min(bits, size)) << shift for _ in range(length)]
            table = np.sort(np.array(some, kind))
            asked = [*table[:9].tolist(), *(random.getrandbits(size) for _ in range(50))]
            keys = np.array([0, 2**size - 1, *asked], kind)
            rows = np.arange(length, dtype=np.uint32)
            whole = keys.astype(np.uint64) << np.uint64(64 - size)
            found, which = KeyTables([hash_table(table, rows)]).having(whole)
            ordered, sought = told(table), told(keys)
            first = ordered.searchsorted(sought)
            counts = ordered.searchsorted(sought, "right") - first
            places = [range(n, n + count) for n, count in zip(first, counts, strict=True)]
            assert found.tolist() == [n for each in places for n in each]
            assert which.tolist() == np.arange(len(keys)).repeat(counts).tolist()

    def test_fewer_words_than_hashes(self) -> None:
        assert compiled.kernels
        one = np.zeros(1, np.uint64)
        whole = hash_table(np.arange(3, dtype=np.uint64), np.zeros(3, np.uint32))
        for words, checks in ((2, 0), (3, 1)):
            altered = whole._replace(
                owners=whole.owners[: 3 * words], checks=np.zeros(checks, np.uint64)
            )
            with pytest.raises(IndexError):
                KeyTables([altered]).having(one)
            with pytest.raises(IndexError):
                KeyTables([altered]).hold(one)

    @pytest.mark.parametrize(
        ("starts", "tails"), [(2, "u1"), (2, "u2"), (65537, "u8"), (3, "u4"), (65536, "u4")]
    )
    def test_tables_of_no_known_shape(self, starts: int, tails: str) -> None:
        assert compiled.kernels
        table = HashTable(
            np.zeros(starts, np.uint32), np.zeros(1, tails), *np.zeros((2, 1), np.uint32)
        )
        with pytest.raises((IndexError, TypeError)):
            KeyTables([table]).having(np.zeros(1, np.uint64))


def test_what_is_not_held() -> None:
    if not compiled.kernels:
        pytest.skip("no compiler was at hand when Fihris was installed")
    one = np.zeros(1, np.uint64)
    for tables, types in (((one,), "u*"), (((one, one),), "u*"), (((one,),), "f8"), ([], "u*")):
        with pytest.raises(TypeError):
            compiled.kernels.hold(tables, types)  # pyright: ignore
    values = compiled.kernels.hold(((one,),), "u*")
    with pytest.raises(TypeError, match=r"u4 u\* u\* u8"):
        compiled.kernels.having(values, one, np.zeros(1, np.int64))
