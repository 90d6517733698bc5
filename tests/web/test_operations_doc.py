"""What docs/operations.md shows for systemd and containers, tried as far as a test can."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from urllib.request import urlopen

import pytest

_ROOT = Path(__file__).parents[2]
_EXAMPLES = _ROOT / "docs" / "examples"
_DOC = (_ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
_SERVICE = (_EXAMPLES / "fihris.service").read_text(encoding="utf-8")
_CONTAINER = (_EXAMPLES / "Containerfile").read_text(encoding="utf-8")
_FIHRIS = Path(sys.executable).with_name("fihris")


@pytest.mark.parametrize("name", ["fihris.service", "Containerfile"])
def test_the_page_shows_the_files_as_they_are(name: str) -> None:
    assert f"\n{(_EXAMPLES / name).read_text(encoding='utf-8')}```\n" in _DOC
    assert f"(examples/{name})" in _DOC


def _free_port() -> int:
    """One below those that the system gives to other tests, which could take it meanwhile."""
    for port in Random().sample(range(20_000, 32_000), 100):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")


def _answers(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Starts a server, asks it for a sign of life, and stops it as systemd and docker do."""
    port = _free_port()
    command = [*command, "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})})
    try:
        for _ in range(600):
            assert process.poll() is None
            try:
                with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
                    assert json.load(answer)["status"] == "ok"
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise AssertionError("the server did not answer")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_the_service_starts_and_stops(index_path: Path, tmp_path: Path) -> None:
    (line,) = re.findall(r"^ExecStart=(.*)$", _SERVICE, re.MULTILINE)
    program, *arguments = shlex.split(line)
    assert program == "/opt/fihris/.venv/bin/fihris"
    arguments = [str(index_path) if each == "/srv/fihris/index" else each for each in arguments]
    settings = tmp_path / "fihris.toml"
    settings.write_text('name = "Archive"\n', encoding="utf-8")
    assert "Environment=FIHRIS_SETTINGS=/etc/fihris.toml\n" in _SERVICE
    _answers([str(_FIHRIS), *arguments], {"FIHRIS_SETTINGS": str(settings)})


@pytest.mark.slow
def test_systemd_takes_the_service(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    assert analyze, "systemd-analyze is not there, and this test needs it: apt-get install systemd"
    unit = tmp_path / "fihris.service"
    unit.write_text(_SERVICE.replace("/opt/fihris/.venv/bin/fihris", str(_FIHRIS)))
    done = subprocess.run(
        [analyze, "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    # "Exposure" is systemd's own judgement, from 0 to 10; it calls less than 2 ... well kept.
    done = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", "--threshold=20", unit],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_steps_of_the_container(index_path: Path, tmp_path: Path) -> None:
    """Without a container engine: the same steps in an empty environment."""
    steps = dict(line.split(" ", 1) for line in _CONTAINER.splitlines())
    assert steps["RUN"].startswith("pip install --no-cache-dir /src && ")
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=_ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, files):
        if (_ROOT / name).is_file():
            (tmp_path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(_ROOT / name, tmp_path / "src" / name)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    programs = tmp_path / "venv" / "bin"
    install = shlex.split(steps["RUN"].partition(" && ")[0])
    install = [str(tmp_path / "src") if each == "/src" else each for each in install]
    subprocess.run([programs / install[0], "--quiet", *install[1:]], check=True)
    command = [str(index_path) if each == "/index" else each for each in json.loads(steps["CMD"])]
    # The address is that of all interfaces in a container; here this machine's own must do.
    command = ["127.0.0.1" if each == "0.0.0.0" else each for each in command]
    command[0] = str(programs / command[0])
    _answers(command)
    health = steps["HEALTHCHECK"].removeprefix("CMD ")
    port = _free_port()
    health = health.replace(":8000/", f":{port}/")
    assert subprocess.run(["sh", "-c", health], capture_output=True, check=False).returncode != 0
    server = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE)
    try:
        for _ in range(100):
            done = subprocess.run(["sh", "-c", health], capture_output=True, check=False)
            if done.returncode == 0:
                break
            time.sleep(0.2)
        assert done.returncode == 0, done.stderr
    finally:
        server.terminate()
        server.communicate(timeout=30)
