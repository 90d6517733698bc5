"""`fihris index`: progress, summary, errors, and what an interruption leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from fihris.cli import index as module
from fihris.cli.statistics import statistics
from fihris.indexer import ingest
from fihris.indexer.check import check

from .command import FIHRIS, call, environment, run_on_terminal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(4):
        text = f"Letter {number}\n\nA text about zebras, number {number}, which is long enough."
        (folder / f"{number}.txt").write_text(text)
    return folder


def test_again_and_again(folder: Path, tmp_path: Path) -> None:
    arguments = ["index", "--index", tmp_path / "index", folder]
    first = call(*arguments)
    assert (first.status, first.out) == (0, "")
    assert first.err.startswith("4 added, 0 changed, 0 unchanged, 0 removed, 0 left out (")
    assert call(*arguments).err.startswith("0 added, 0 changed, 4 unchanged, 0 removed, 0 left")
    (folder / "0.txt").write_text("Letter 0, on ocelots")
    (folder / "1.txt").unlink()
    (folder / "picture.png").write_bytes(b"x")
    assert call(*arguments).err.splitlines()[0] == "passed over: 1 (no reader for .png)"
    assert statistics(tmp_path / "index").documents == 3


def test_a_guard_and_prune(folder: Path, tmp_path: Path) -> None:
    arguments = ["index", "--index", tmp_path / "index", folder]
    call(*arguments)
    for file in folder.iterdir():
        file.unlink()
    kept = call(*arguments)
    assert kept.status == 0
    assert kept.err.startswith("kept: ")
    assert "--prune" in kept.err
    assert statistics(tmp_path / "index").documents == 4
    assert "4 removed" in call(*arguments, "--prune").err
    assert statistics(tmp_path / "index").documents == 0


def test_what_was_left_out(folder: Path, tmp_path: Path) -> None:
    good = json.dumps({"id": "good", "text": "A good record."})
    (folder / "records.jsonl").write_text("\n".join(["{bad"] * 25 + [good]) + "\n")
    done = call("index", "--index", tmp_path / "index", folder)
    assert (done.status, done.out) == (2, "")
    named = [line for line in done.err.splitlines() if line.startswith("left out: ")]
    assert len(named) == module.SHOWN + 1
    assert f"{folder}/records.jsonl:1: " in named[0]
    assert named[-1] == "left out: and 5 more"
    assert done.err.splitlines()[-1].startswith(
        "5 added, 0 changed, 0 unchanged, 0 removed, 25 left"
    )
    assert call("search", "--index", tmp_path / "index", "good").status == 0


def test_one_error_of_many_paths(folder: Path, tmp_path: Path) -> None:
    done = call("index", "--index", tmp_path / "index", folder, tmp_path / "nowhere")
    assert done.status == 2
    assert f"left out: {tmp_path}/nowhere: does not exist" in done.err
    assert statistics(tmp_path / "index").documents == 4


def test_a_slip_leaves_no_index(tmp_path: Path) -> None:
    done = call("index", "--index", tmp_path / "index", tmp_path / "nowhere")
    assert done.status == 2
    assert done.err == (
        f"fihris: {tmp_path}/nowhere: does not exist; check the spelling of the path; "
        "no index was made\n"
    )
    assert not (tmp_path / "index").exists()


def test_index_folder_is_something_else(folder: Path, tmp_path: Path) -> None:
    before = sorted(folder.iterdir())
    done = call("index", "--index", folder, folder)
    assert done.status == 2
    assert done.err.startswith(f"fihris: {folder}: the folder holds other files")
    assert sorted(folder.iterdir()) == before
    done = call("index", "--index", folder / "0.txt", folder)
    assert done.status == 2
    assert done.err.startswith(f"fihris: {folder}/0.txt: ")


def test_paths_are_needed(tmp_path: Path) -> None:
    assert call("index", "--index", tmp_path / "index").status == 2
    assert call("index", "--index", tmp_path / "index", "--jobs", "0", tmp_path).status == 2


def test_jobs_by_size(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert module._worthwhile_jobs((str(folder),)) == 1
    with (folder / "large.jsonl").open("w") as file:
        file.truncate(9_000_000)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(3)))
    assert module._worthwhile_jobs((str(folder),)) == 3
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    assert module._worthwhile_jobs((str(folder),)) == 4


def test_jobs_are_handed_on(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = ingest.index_paths

    def index_paths(*arguments: object, jobs: int, **more: object) -> ingest.Summary:
        seen.append(jobs)
        return real(*arguments, jobs=1, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ingest, "index_paths", index_paths)
    call("index", "--index", tmp_path / "index", "--jobs", "3", folder)
    call("index", "--index", tmp_path / "index", folder)
    assert seen == [3, 1]


def test_on_a_terminal(folder: Path, tmp_path: Path) -> None:
    (folder / "records.jsonl").write_text('{"id": "\\u001b[31mred"\n')
    done = run_on_terminal("index", "--index", tmp_path / "index", folder)
    assert done.status == 2
    assert f"left out: {folder}/records.jsonl:1: " in done.out
    assert "4 added, 0 changed, 0 unchanged, 0 removed, 1 left out" in done.out
    # The bar hides the cursor while it is there, and gives it back.
    assert done.out.count("\x1b[?25l") == done.out.count("\x1b[?25h") == 1


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interrupted(jobs: str, folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    call("index", "--index", index, folder)
    text = " ".join(f"zebra{n} and the army of number {n}" for n in range(60))
    with (folder / "large.jsonl").open("w") as file:
        for number in range(15_000):
            file.write(f'{{"id": "r{number}", "text": "{text}"}}\n')
    process = subprocess.Popen(
        [FIHRIS, "index", "--index", index, "--jobs", jobs, folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    )
    try:
        began = len(list(index.iterdir()))
        deadline = time.monotonic() + 30
        # A segment is begun: the command is in the middle of its work.
        while len(list(index.iterdir())) <= began and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        # As a terminal does: to all processes at once.
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, out, err) == (130, b"", b"")
    assert statistics(index).documents == 4
    assert check(index).ok
    assert call("delete", "--index", index, "archive/0.txt").status == 0
