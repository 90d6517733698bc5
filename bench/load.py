"""What `fihris serve` can take: its own pages from socket to socket, asked for by wrk.

    python -m bench.load --index INDEX --corpus corpus.jsonl --out load.json

Needs Debian's wrk. The server and wrk share the machine and talk over loopback alone; wrk's own CPU
is reported beside the server's. See docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from .corpus import read
from .memory import PARTS, Memory, memory, parts, processes, watched
from .queries import PER_KIND, Query, make

_SCRIPT = Path(__file__).with_suffix(".lua")
_TICKS = os.sysconf("SC_CLK_TCK")
#: People who wait and type: so long between two requests of one connection, in milliseconds.
_PAUSE = 500.0
#: Clients that never wait.
_CLIENTS = 32
#: How often memory is looked at, in seconds.
_LOOK = 2.0


@dataclass(frozen=True)
class Scenario:
    """Requests that arrive in one way.

    Attributes:
        rate: of them in a second; 0: as many as _CLIENTS get who never wait.
        wanted: what is to hold, as a sentence for the table.
    """

    name: str
    paths: Sequence[str]
    rate: float
    wanted: str


def main(arguments: list[str] | None = None) -> None:
    """Runs the benchmark and prints a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index", type=Path, required=True, help="made with `fihris index`")
    parser.add_argument("--corpus", type=Path, required=True, help="the collection it was made of")
    parser.add_argument("--per-kind", type=int, default=10 * PER_KIND, help="different queries")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=30, help="for each kind of load")
    parser.add_argument("--mixed", type=float, default=60, help="seconds of mixed load; 0: none")
    parser.add_argument(
        "--rate", type=float, default=100,
        help="requests a second of mixed load; 0: as many as are answered  [default: 100]",
    )  # fmt: skip
    parser.add_argument("--only", action="append", metavar="LOAD", help="one of them; repeatable")
    parser.add_argument("--out", type=Path, help="write all figures to this file, as JSON")
    options = parser.parse_args(arguments)
    if shutil.which("wrk") is None:
        parser.exit(2, "bench.load needs wrk: apt-get install wrk\n")
    asked = make(options.corpus, options.per_kind)
    ids = [record["id"] for record in read(options.corpus, 1000)]
    figures = {}
    with serving(options.index, options.workers) as (server, address):
        for scenario in scenarios(asked, ids, options.rate):
            mixed = scenario.name == "mixed"
            seconds = options.mixed if mixed else options.seconds
            if seconds and (not options.only or scenario.name in options.only):
                print(scenario.name, file=sys.stderr, flush=True)
                figures[scenario.name] = measured(server, address, scenario, seconds)
    print(table(figures))
    if "mixed" in figures:
        print(f"\n{memory_table(figures['mixed'])}")
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def scenarios(asked: Sequence[Query], ids: Sequence[str], rate: float = 100) -> list[Scenario]:
    """The loads, each made of all queries in an order of its own; `rate` is of the mixed one."""
    chosen = random.Random(1)
    words = [(text(query), query.language) for query in asked]
    chosen.shuffle(words)
    pages = [f"/?{urlencode({'q': q, 'lang': lang})}" for q, lang in words]
    searches = [f"/api/v1/search?{urlencode({'q': q})}" for q, _ in words]
    # What is typed letter by letter, from the second letter of the last word on.
    typed = [
        f"/api/v1/suggest?{urlencode({'q': ' '.join([*query.words[:-1], query.words[-1][:n]])})}"
        for query in asked
        for n in range(2, len(query.words[-1]) + 1)
    ]
    chosen.shuffle(typed)
    found = [
        f"/documents/{quote(chosen.choice(ids))}?{urlencode({'q': q, 'lang': lang})}"
        for q, lang in words
    ]
    # As people use it: eight suggestions while a query is typed, a page, every third a document.
    mixed = [*pages, *found[::3], *typed[: 8 * len(pages)]]
    chosen.shuffle(mixed)
    return [
        Scenario("pages", pages, 60, "60 a second, p95 under 60 ms"),
        Scenario("suggestions", typed, 200, "200 a second, p95 under 15 ms"),
        Scenario("searches", searches, 0, "150 a second or more"),
        Scenario("mixed", mixed, rate, "no error, flat memory"),
    ]


def text(query: Query) -> str:
    """A query as somebody types it."""
    if query.kind == "and":
        return " AND ".join(query.words)
    if query.kind == "phrase":
        return f'"{" ".join(query.words)}"'
    return f"{query.words[0]}*" if query.kind == "prefix" else " ".join(query.words)


def measured(server: int, address: str, scenario: Scenario, seconds: float) -> dict[str, Any]:
    """What came of a load: requests, latencies in milliseconds, CPU seconds, memory in bytes."""
    idle = memory(server)
    wrk(address, scenario, min(5.0, seconds))
    warm, before = memory(server), cpu(server)
    with watched(server, min(_LOOK, seconds / 20)) as seen:
        figures = wrk(address, scenario, seconds)
        figures["server_cpu"] = cpu(server) - before
    held = [idle, warm, *parts(seen), memory(server)]
    figures["memory"] = dict(zip(Memory._fields, zip(*held, strict=True), strict=True))
    return {"wanted": scenario.wanted, **figures}


def wrk(address: str, scenario: Scenario, seconds: float) -> dict[str, Any]:
    """Lets wrk ask for so long, with its own CPU seconds as "wrk_cpu"."""
    connections = round(scenario.rate * _PAUSE / 1000) or _CLIENTS
    pause = _PAUSE if scenario.rate else 0
    with tempfile.NamedTemporaryFile("w", suffix=".paths") as paths:
        paths.write("\n".join(scenario.paths) + "\n")
        paths.flush()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            ["wrk", "--threads=1", f"--connections={connections}", f"--duration={seconds:.0f}s",
             "--timeout=10s", "--header=Accept-Encoding: gzip", f"--script={_SCRIPT}",
             address, "--", paths.name, str(pause)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    figures["wrk_cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return figures


@contextlib.contextmanager
def serving(index: Path, workers: int) -> Iterator[tuple[int, str]]:
    """`fihris serve` as an operator starts it: its process id and its address."""
    command = [
        Path(sys.executable).with_name("fihris"), "serve", "--index", index, "--port", "0",
        "--workers", str(workers),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        yield process.pid, process.stdout.readline().strip().rstrip("/")
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def cpu(parent: int) -> float:
    """CPU seconds that a process and its children used."""
    # The fields after the name, which may hold spaces.
    stats = (Path(f"/proc/{n}/stat").read_text().rpartition(")")[2] for n in processes(parent))
    return sum(int(ticks) for stat in stats for ticks in stat.split()[11:13]) / _TICKS


def table(figures: dict[str, dict[str, Any]]) -> str:
    """The figures as a Markdown table."""
    columns = ("a second", "p50 ms", "p95 ms", "p99 ms", "errors", "server CPU ms", "wrk CPU ms",
               "own MB")  # fmt: skip
    lines = [
        f"| load | wanted | {' | '.join(columns)} |",
        f"| --- | --- {'| ---: ' * len(columns)}|",
    ]
    for name, each in figures.items():
        requests = max(1, each["requests"])
        server, asking = (each[name] * 1000 / requests for name in ("server_cpu", "wrk_cpu"))
        lines.append(
            f"| {name} | {each['wanted']} | {requests / each['seconds']:.0f} | {each['p50']:.1f} "
            f"| {each['p95']:.1f} | {each['p99']:.1f} | {each['refused'] + each['broken']} "
            f"| {server:.2f} | {asking:.2f} "
            f"| {_megabytes(each['memory']['own'][1])} → {_megabytes(each['memory']['own'][-1])} |"
        )
    return "\n".join(lines)


def memory_table(figures: dict[str, Any]) -> str:
    """How the memory of all its processes went during a load, in Markdown."""
    names = ("before", "warm", *(f"{n}/{PARTS}" for n in range(1, PARTS + 1)), "end")
    rows = {"of its own": figures["memory"]["own"], "mapped files": figures["memory"]["mapped"]}
    lines = [
        f"| MB during {figures['requests']:,} requests | {' | '.join(names)} |",
        f"| --- {'| ---: ' * len(names)}|",
        *(f"| {name} | {' | '.join(map(_megabytes, sizes))} |" for name, sizes in rows.items()),
    ]
    return "\n".join(lines)


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.0f}"


if __name__ == "__main__":
    main()
