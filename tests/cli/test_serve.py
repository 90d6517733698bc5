"""`fihris serve`: its address, its end, and ports that cannot be had."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import termios
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from fihris.cli.serve import _MEMORY, bound, url
from fihris.indexer import FihrisError

from .command import FIHRIS, call, environment

#: The command, which waits for two seconds only when it is told to stop.
HASTY = (
    sys.executable,
    "-c",
    "from fihris.cli import main, serve; serve._GRACE = serve._LATE = 1; raise SystemExit(main())",
)


#: The same with a log that waits until it is read.
WAITING = (
    *HASTY[:2],
    HASTY[2].replace(
        "raise", "serve._LOGGING['handlers']['lines']['class'] = 'logging.StreamHandler'; raise"
    ),
)


@contextmanager
def serving(
    *arguments: str | Path, command: tuple[str | Path, ...] = (FIHRIS,), **env: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server and its address."""
    process = subprocess.Popen(
        [*command, "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**env),
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().rstrip("\n")
    finally:
        # So that no worker is left without its parent, whatever is found.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def named(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that has a name by its settings."""
    file = tmp_path_factory.mktemp("named") / "fihris.toml"
    file.write_text('name = "Archive of the zebras"\n')
    with serving("--index", index, "--settings", file) as (_, address):
        yield address


@pytest.fixture(scope="module")
def pair(
    index: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of two workers that logs no requests, since nobody reads its log, and answers a
    client's first twenty searches, and its address."""
    file = tmp_path_factory.mktemp("pair") / "fihris.toml"
    file.write_text("log_requests = false\nrequests_per_minute = 1\nburst = 20\n")
    with serving("--index", index, "--workers", "2", "--settings", file) as both:
        yield both
        # Else what they share would be left behind.
        both[0].terminate()
        assert both[0].wait(timeout=30) == 0


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_told_to_stop(end: signal.Signals, index: Path) -> None:
    with serving("--index", index) as (process, address):
        assert address.startswith("http://127.0.0.1:")
        with urlopen(f"{address}?q=zebras", timeout=30) as answer:
            assert answer.status == 200
            assert b"A letter" in answer.read()
        os.killpg(process.pid, end)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (0, "")
        first, *lines = err.splitlines()
        assert first == "Ctrl-C stops the server"
        # A line for each request, without what was asked.
        assert [json.loads(line)["status"] for line in lines if "zebras" not in line] == [200]


def test_indexes_first(archive: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    with serving("--index", tmp_path / "index", archive, nowhere) as (process, address):
        with urlopen(f"{address}?q=ocelot", timeout=30) as answer:
            assert answer.status == 200
        process.terminate()
        _, err = process.communicate(timeout=30)
    assert f"left out: {nowhere}: does not exist" in err
    assert "7 added" in err


def test_port_in_use(index: Path, archive: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = call("serve", "--index", index, "--port", str(port))
        assert (done.status, done.out) == (2, "")
        assert done.err == (
            f"fihris: 127.0.0.1:{port}: the port is in use; choose another with --port "
            "(0: any that is free)\n"
        )
        # Told before the work of indexing, not after it.
        done = call("serve", "--index", tmp_path / "index", "--port", str(port), archive)
        assert done.status == 2
        assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("no-such-host.invalid", "there is no such host"),
        ("a" * 70 + ".b", "there is no such host"),
        ("192.0.2.1", "not an address of this machine"),
    ],
)
def test_host_that_cannot_be_had(host: str, reason: str, index: Path) -> None:
    done = call("serve", "--index", index, "--host", host)
    assert done.status == 2
    assert done.err.startswith(f"fihris: {host}:8000: {reason}")


@pytest.mark.parametrize(
    ("error", "reason"),
    [(13, "not permitted; choose a port above 1023"), (97, "cannot listen there (Address family")],
)
def test_other_reasons(error: int, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def bind(*_: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(FihrisError) as caught:
        bound("127.0.0.1", 80)
    assert str(caught.value).startswith(f"127.0.0.1:80: {reason}")


def test_answers_are_not_held_back() -> None:
    """Neither here nor in workers: what is accepted inherits it."""
    with bound("127.0.0.1", 0) as listener:
        listener.listen()
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux has it")
def test_who_does_not_take_the_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fihris.cli.serve._UNREAD", 500)
    with bound("127.0.0.1", 0) as listener:
        listener.listen()
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            accepted.setblocking(False)
            end = time.monotonic() + 60
            with pytest.raises((TimeoutError, BrokenPipeError, ConnectionResetError)):  # noqa: PT012
                while time.monotonic() < end:
                    with contextlib.suppress(BlockingIOError):
                        accepted.send(b"a" * 65536)
                    time.sleep(0.01)


def test_workers_share_the_connections(pair: tuple[subprocess.Popen[str], str]) -> None:
    process, address = pair
    urlopen(f"{address}healthz", timeout=60).close()
    workers = _workers(process.pid)
    assert len(workers) == 2
    # The second one may begin to listen a while after the first.
    shares = [_shares(address, workers)]
    while min(shares[-1]) < 3:
        assert len(shares) < 50, shares
        time.sleep(0.2)
        shares.append(_shares(address, workers))


def _shares(address: str, workers: list[int]) -> list[int]:
    """How many of forty connections that come at once each worker takes."""
    before = [_sockets(n) for n in workers]
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    with contextlib.ExitStack() as stack:
        clients = [
            stack.enter_context(socket.create_connection((host, int(port)))) for _ in range(40)
        ]
        for client in clients:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        for client in clients:
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
        return [_sockets(n) - was for n, was in zip(workers, before, strict=True)]


def _children(parent: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{parent}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def _workers(server: int) -> list[int]:
    return [n for n in _children(server) if b"spawn_main" in _command_line(n)]


def _ignores_hangups(process: int) -> bool:
    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines()
    )
    return bool(int(status["SigIgn"], 16) >> signal.SIGHUP - 1 & 1)


def _command_line(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # ended since it was listed
        return b""


def _sockets(process: int) -> int:
    return sum(_is_socket(each) for each in Path(f"/proc/{process}/fd").iterdir())


def _is_socket(descriptor: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith("socket:")
    except FileNotFoundError:  # closed since its folder was listed
        return False


def test_address() -> None:
    with bound("127.0.0.1", 0) as listener:
        assert url(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_address_of_the_new_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    with bound("127.0.0.1", 0) as listener:
        monkeypatch.setattr(socket.socket, "getsockname", lambda _: ("::1", 8000, 0, 0))
        assert url(listener) == "http://[::1]:8000/"


def test_wrong_port(index: Path) -> None:
    assert call("serve", "--index", index, "--port", "65536").status == 2


def test_several_workers_answer_and_stop(index: Path) -> None:
    """What they share takes no room on a disk, and is gone in the end."""
    with serving("--index", index, "--workers", "2") as (process, address):
        for attempt in range(1, 101):  # noqa: B007
            with contextlib.suppress(OSError), urlopen(f"{address}?q=zebras", timeout=30) as answer:
                assert b"A letter" in answer.read()
                break
            time.sleep(0.1)
        with urlopen(f"{address}metrics", timeout=30) as figures:
            assert b'fihris_requests_total{method="GET",route="search"' in figures.read()
        given = Path(f"/proc/{_workers(process.pid)[0]}/environ").read_bytes().decode().split("\0")
        shared = dict(each.split("=", 1) for each in given if each)["PROMETHEUS_MULTIPROC_DIR"]
        assert Path(shared).parent == Path(_MEMORY)
        process.terminate()
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (0, "")
        first, *lines = err.splitlines()
        assert first == "Ctrl-C stops the server"
        # A line for each request, without what was asked. Of those that failed there may be some.
        statuses = [json.loads(line)["status"] for line in lines if "zebras" not in line]
        assert set(statuses) == {200}
        assert 2 <= len(statuses) <= attempt + 1
        assert not Path(shared).exists()


@pytest.mark.slow
@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT, signal.SIGINT]])
def test_ends_though_a_worker_hangs(
    signals: list[signal.Signals], index: Path, tmp_path: Path
) -> None:
    arguments = ("--index", index, "--workers", "2")
    with serving(*arguments, command=HASTY, TMPDIR=str(tmp_path)) as (process, address):
        urlopen(address, timeout=60).close()
        hanging, other = _workers(process.pid)
        os.kill(hanging, signal.SIGSTOP)
        _until(lambda: Path(f"/proc/{hanging}/stat").read_text().rpartition(")")[2][1] == "T")
        for each in signals:
            os.killpg(process.pid, each)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (0, "")
        told = [json.loads(line) for line in err.splitlines() if '"fihris.cli.serve"' in line]
        # There may be more: uvicorn replaces one that it was just asking for a sign of life.
        assert told[0]["message"] == "workers that did not end were killed"
        assert hanging in told[0]["workers"]
        assert not Path(f"/proc/{hanging}").exists()
        assert not Path(f"/proc/{other}").exists()
        assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ends_though_the_log_holds_it_up(workers: str, index: Path, tmp_path: Path) -> None:
    arguments = ("--index", index, "--workers", workers)
    with serving(*arguments, command=WAITING, TMPDIR=str(tmp_path)) as (process, address):
        _fill_the_log(process, address)
        process.terminate()
        assert process.wait(timeout=30) == 0
        assert list(tmp_path.iterdir()) == []


def _fill_the_log(process: subprocess.Popen[str], address: str) -> None:
    """Asks until there is no answer, since the line that tells of it cannot be written."""
    assert process.stderr is not None
    fcntl.fcntl(process.stderr, fcntl.F_SETPIPE_SZ, 4096)
    urlopen(address, timeout=60).close()
    with pytest.raises(TimeoutError):  # noqa: PT012
        while True:
            urlopen(f"{address}healthz", timeout=1).close()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_goes_on_though_nobody_reads_the_log(workers: str, index: Path) -> None:
    with serving("--index", index, "--workers", workers) as (process, address):
        assert process.stderr is not None
        fcntl.fcntl(process.stderr, fcntl.F_SETPIPE_SZ, 4096)
        for _ in range(40):
            urlopen(f"{address}healthz", timeout=60).close()
        told = os.read(process.stderr.fileno(), 4096)
        # Each worker tells of what it lost itself, when it is asked again.
        lost: list[int] = []
        while max(lost, default=0) <= 5:
            urlopen(f"{address}healthz", timeout=60).close()
            told += os.read(process.stderr.fileno(), 4096)
            lines = (line for line in told.splitlines(True) if line.startswith(b"{"))
            lost = [json.loads(each).get("lost", 0) for each in lines if each.endswith(b"\n")]
        process.terminate()
        process.communicate(timeout=30)
        assert process.returncode == 0


def test_the_log_tells_which_worker_died_and_which_was_started(index: Path) -> None:
    with serving("--index", index, "--workers", "2") as (process, address):
        urlopen(address, timeout=60).close()
        killed = _workers(process.pid)[0]
        os.kill(killed, signal.SIGKILL)
        _until(lambda: killed not in (now := _workers(process.pid)) and len(now) == 2)
        # The other one may answer.
        urlopen(address, timeout=60).close()
        now = _workers(process.pid)
        process.terminate()
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0
        (told,) = _told(err)
        assert (told["level"], told["worker"], told["ended"]) == ("error", killed, "SIGKILL")
        assert told["started"] in now
        assert told["message"] == (
            f"worker {killed} died (SIGKILL); worker {told['started']} was started"
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("killed", "told"), [(False, "did not answer and was killed"), (True, "died")]
)
def test_the_log_tells_of_a_worker_that_did_not_answer(
    killed: bool, told: str, index: Path
) -> None:
    with serving("--index", index, "--workers", "2") as (process, address):
        urlopen(address, timeout=60).close()
        hanging = _workers(process.pid)[0]
        os.kill(hanging, signal.SIGSTOP)
        if killed:  # by somebody else, while it is waited for
            time.sleep(2)
            os.kill(hanging, signal.SIGKILL)
        _until(lambda: hanging not in (now := _workers(process.pid)) and len(now) == 2)
        process.terminate()
        _, err = process.communicate(timeout=30)
        assert f"worker {hanging} {told} (SIGKILL);" in _told(err)[0]["message"]


def _told(log: str) -> list[dict[str, Any]]:
    """What the log says but for requests."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [line for line in lines if line["logger"] != "fihris.web.requests"]


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_begins_anew_at_a_hangup(workers: str, index: Path, tmp_path: Path) -> None:
    """Without a terminal, as services are; whether all its processes are told or one."""
    file = tmp_path / "fihris.toml"
    file.write_text('name = "First"\n')
    arguments = ("--index", index, "--workers", workers, "--settings", file)
    with serving(*arguments) as (process, address):
        assert b"First" in urlopen(address, timeout=60).read()
        for name in ("Second", "Third"):
            file.write_text(f'name = "{name}"\n')
            before = _workers(process.pid)
            # One that has only begun would still be ended by it, and replaced.
            _until(lambda before=before: all(map(_ignores_hangups, before)))
            os.killpg(process.pid, signal.SIGHUP)
            _until(lambda name=name: name.encode() in urlopen(address, timeout=60).read())
            _until(lambda before=before: not set(before) & set(_workers(process.pid)))
        file.write_text("nmae = 1\n")
        process.send_signal(signal.SIGHUP)
        for _ in range(20):
            assert b"Third" in urlopen(address, timeout=60).read()
            time.sleep(0.1)
        process.terminate()
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0
        *renewed, refused = _told(err)
        assert [line["level"] for line in renewed] == ["info"] * 2 * int(workers)
        assert refused["message"].startswith(f"the settings stay as they were: {file}: ")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ends_with_its_terminal(workers: str, index: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [FIHRIS, "serve", "--port", "0", "--index", index, "--workers", workers],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        env=environment(),
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    try:
        assert process.stdout is not None
        urlopen(process.stdout.readline().rstrip("\n"), timeout=60).close()
        os.close(ours)
        assert process.wait(timeout=30) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_goes_on_under_nohup(workers: str, index: Path) -> None:
    arguments = ("--index", index, "--workers", workers)
    with serving(*arguments, command=("nohup", FIHRIS)) as (process, address):
        urlopen(address, timeout=60).close()
        process.send_signal(signal.SIGHUP)
        for _ in range(10):
            urlopen(address, timeout=60).close()
            time.sleep(0.1)
        process.terminate()
        _, err = process.communicate(timeout=30)
        assert (process.returncode, _told(err)) == (0, [])


@pytest.mark.slow
def test_workers_end_with_who_watches_over_them(index: Path, tmp_path: Path) -> None:
    arguments = ("--index", index, "--workers", "2")
    # What they share is left behind.
    with serving(*arguments, TMPDIR=str(tmp_path)) as (process, address):
        urlopen(address, timeout=60).close()
        workers = _workers(process.pid)
        process.kill()
        _until(lambda: not any(map(_command_line, workers)))


def _until(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass in a minute")


def test_leaves_nothing_when_told_to_stop_at_once(index: Path, tmp_path: Path) -> None:
    arguments = ("--index", index, "--workers", "2")
    with serving(*arguments, TMPDIR=str(tmp_path)) as (process, _):
        process.terminate()
        assert process.wait(timeout=30) == 0
        assert list(tmp_path.iterdir()) == []


def test_several_workers_count_a_client_together(
    pair: tuple[subprocess.Popen[str], str],
) -> None:
    _, address = pair
    statuses = Counter[int]()
    for _ in range(60):
        try:
            statuses[urlopen(f"{address}?q=zebras", timeout=60).status] += 1
        except HTTPError as refused:
            statuses[refused.code] += 1
    assert 20 <= statuses[200] <= 22
    assert statuses[200] + statuses[429] == 60


def test_settings_are_read(named: str) -> None:
    assert b"Archive of the zebras" in urlopen(named, timeout=30).read()


def test_settings_are_named_when_they_are_wrong(index: Path, tmp_path: Path) -> None:
    file = tmp_path / "fihris.toml"
    file.write_text("nmae = 1\n")
    done = call("serve", "--index", index, "--settings", file)
    assert done.status == 2
    assert done.err.startswith(f"fihris: {file}: ")


def test_a_long_query_reaches_the_page(named: str) -> None:
    query = quote("رسالة ") * 16_000
    with urlopen(f"{named}?q={query}", timeout=30) as answer:
        assert answer.status == 200


def test_a_bad_thesaurus_is_named_before_it_serves(index: Path, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    file.write_text("alone\n")
    done = call("serve", "--index", index, FIHRIS_THESAURUS=str(file))
    assert done.status == 2
    assert f"fihris: {file}:1: has one term only" in done.err
