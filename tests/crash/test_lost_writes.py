"""A power cut after any step leaves the last acknowledged commit, or the next one."""

from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Index, IndexNotFound
from fihris.indexer.commit import read_commit, unused_files

from .changes import Change, assert_sound, changes, state_of, states
from .shim import ForgetfulFolder


def cut_everywhere(tmp_path: Path, seed: int, count: int, every: int) -> None:
    """Makes changes, and looks at what each power cut would leave; at one of so many the index is
    written to again."""
    made = changes(seed, count)
    expected = states(made)
    folder = ForgetfulFolder(tmp_path / "index", Random(seed))
    index = Index.create(folder)
    created = len(folder.outages)
    for change in made:
        change.make(index)
        folder.acknowledged += 1
    assert state_of(index) == expected[-1]
    for number, outage in enumerate(folder.outages):
        path = tmp_path / f"outage-{number}"
        outage.restore(path)
        try:
            found = Index.open(path)
        except IndexNotFound:
            assert number < created
            continue
        assert_sound(found, expected[outage.acknowledged : outage.acknowledged + 2])
        if number % every == 0:
            before = state_of(found)
            again = Change({"again": "everywhere again"}, ("doc-1",), False)
            again.make(found)
            assert_sound(found, [again.applied(before)])
            assert unused_files(found.folder, read_commit(found.folder)) == []


def test_a_power_cut_after_any_step_loses_nothing_acknowledged(tmp_path: Path) -> None:
    cut_everywhere(tmp_path, seed=1, count=4, every=12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 7))
def test_power_cuts_in_long_histories(tmp_path: Path, seed: int) -> None:
    cut_everywhere(tmp_path, seed, count=25, every=2)
