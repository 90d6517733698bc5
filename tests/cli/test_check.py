"""`fihris check`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .command import call


@pytest.fixture
def copy(index: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(index, tmp_path / "copy"))


def test_clean(index: Path) -> None:
    done = call("check", "--index", index)
    assert (done.status, done.out) == (0, "")
    assert done.err.startswith("0 errors, 7 documents, 1 segment, 4 files, ")


def test_a_flipped_byte(copy: Path) -> None:
    [store] = copy.glob("*.store")
    content = bytearray(store.read_bytes())
    content[40] ^= 1
    store.write_bytes(content)
    done = call("check", "--index", copy)
    assert done.status == 2
    assert done.lines[0].startswith(f"{store}: is altered")
    assert "1 error, " in done.err
    exact = call("check", "--index", copy, "--json")
    assert exact.status == 2
    [finding] = [json.loads(line) for line in exact.lines]
    assert list(finding) == ["kind", "where", "what", "advice"]
    assert (finding["kind"], finding["where"]) == ("error", str(store))


def test_remarks_are_no_damage(copy: Path) -> None:
    left = copy / "MAIN_0123456789abcdef.store"
    left.write_bytes(b"left by an interruption")
    done = call("check", "--index", copy)
    assert (done.status, done.out) == (0, "")
    assert f"remark: {left}: belongs to no commit" in done.err
    [remark] = [json.loads(line) for line in call("check", "--index", copy, "--json").lines]
    assert (remark["kind"], remark["where"]) == ("remark", str(left))


def test_an_altered_record(copy: Path) -> None:
    [record] = copy.glob("*.toc")
    record.write_bytes(record.read_bytes()[:-1])
    done = call("check", "--index", copy)
    assert (done.status, len(done.lines)) == (2, 1)
    assert done.err == "1 error, 0 documents, 0 segments, 0 files, 0.0 MB (no commit was read)\n"
