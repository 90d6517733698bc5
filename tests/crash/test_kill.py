"""A process killed at any moment leaves the last acknowledged commit, or the next one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Index, IndexNotFound
from fihris.indexer.commit import read_commit, unused_files

from .changes import Change, assert_sound, changes, state_of, states

COUNT = 16


class Victims:
    """Processes that make changes, and are killed."""

    def __init__(self, program: "subprocess.Popen[str]") -> None:
        assert program.stdin is not None
        assert program.stdout is not None
        self._stdin, self._stdout = program.stdin, program.stdout

    def seconds(self, folder: Path) -> float:
        """How long one takes that is not killed."""
        start = time.monotonic()
        print(0, COUNT, folder, sep="\t", file=self._stdin, flush=True)
        while self._stdout.readline().strip() != "end":
            pass
        return time.monotonic() - start

    def kill(self, seed: int, folder: Path, after: int, delay: float) -> int:
        """Starts one and kills it so many seconds after it acknowledged a change; gives the last
        one that it acknowledged, 0 when it had made the index, -1 when not even that."""
        print(seed, COUNT, folder, sep="\t", file=self._stdin, flush=True)
        acknowledged = -1
        pid = 0
        while not pid or acknowledged < after:
            words = self._stdout.readline().split()
            if words[0] == "pid":
                pid = int(words[1])
            else:
                acknowledged = int(words[0])
        time.sleep(delay)
        with suppress(ProcessLookupError):  # it was done by then
            os.kill(pid, signal.SIGKILL)
        while (line := self._stdout.readline().strip()) != "end":
            acknowledged = int(line)
        return acknowledged


@pytest.fixture
def victims() -> Iterator[Victims]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash.victim"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        yield Victims(program)


def kill_often(victims: Victims, tmp_path: Path, times: int, seed: int) -> None:
    """Kills at random moments, spread from the start to about the end of all changes."""
    random = Random(seed)
    survived = []
    whole = victims.seconds(tmp_path / "whole")
    for number in range(times):
        folder = tmp_path / f"index-{number}"
        after, delay = number * COUNT // times - 1, random.uniform(0, 2 * whole / COUNT)
        acknowledged = victims.kill(number, folder, after, delay)
        expected = states(changes(number, COUNT))
        try:
            index = Index.open(folder)
        except IndexNotFound:
            assert acknowledged < 0
            continue
        first = max(acknowledged, 0)
        assert_sound(index, expected[first : first + 2])
        before = state_of(index)
        again = Change({"again": "everywhere again"}, ("doc-1",), False)
        again.make(index)
        assert_sound(index, [again.applied(before)])
        assert unused_files(index.folder, read_commit(index.folder)) == []
        survived.append(acknowledged)
    # Otherwise the moments were all too late.
    assert any(0 < acknowledged < COUNT for acknowledged in survived)


def test_killed_at_random_moments(victims: Victims, tmp_path: Path) -> None:
    kill_often(victims, tmp_path, times=5, seed=1)


@pytest.mark.slow
def test_killed_at_a_hundred_random_moments(victims: Victims, tmp_path: Path) -> None:
    kill_often(victims, tmp_path, times=100, seed=2)
