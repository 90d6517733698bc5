"""The whole path, as users go it: from the text of a query to hits with snippets, from the start of
`fihris search` to its last line, from a browser's socket and back.

    python -m bench.journey INDEX QUERIES
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from fihris.indexer import Document, Index
from fihris.search import Searcher

from .queries import Query, load
from .rounds import percentiles
from .worker import memory

#: Queries of this kind are asked, so many of them, each so often.
KIND, QUERIES, ROUNDS = "or", 60, 5
_STARTS = 10
_LARGE = 1_000_000
_FIHRIS = Path(sys.executable).with_name("fihris")


def main() -> None:
    index, queries = map(Path, sys.argv[1:])
    asked = load(queries)
    texts = [" ".join(query.words) for query in asked if query.kind == KIND]
    # Spread over the languages, which stand one after another.
    texts = texts[:: max(1, len(texts) // QUERIES)][:QUERIES]
    found = {
        **searching(index, texts),
        **facets(index, asked),
    }
    resident = memory()
    found |= {
        **large_document(index),
        "`fihris search`, process start to last line": command(index, texts),
        "page, socket to socket": page(index, texts),
    }
    json.dump({"times": found, "memory": resident}, sys.stdout)


def searching(index: Path, texts: list[str]) -> dict[str, Any]:
    """From the text of a query to ten hits with snippets, and what the snippets take of it."""
    searcher = Searcher(index)
    whole = timed([lambda text=text: searcher.search(text) for text in texts])
    bare = timed([lambda text=text: searcher.search(text, limit=0) for text in texts])
    return {
        "query to ten hits with snippets": shown(whole),
        "of it the snippets": shown(_differences(whole, bare)),
    }


def facets(index: Path, asked: list[Query]) -> dict[str, Any]:
    """Counting the values of all documents that hold the most frequent word that is asked for."""
    searcher = Searcher(index)
    words = {word for query in asked if query.kind == "heavy or" for word in query.words}
    common = max(words, key=lambda word: searcher.search(f"={word}", limit=0).total)
    query = f"={common}"
    # Values get numbers that hold for all segments, once for each commit.
    (first,) = timed([lambda: Searcher(index).search(query, limit=0, facets=10)], 1)
    whole = timed([lambda: searcher.search(query, limit=0, facets=10)], 20)
    bare = timed([lambda: searcher.search(query, limit=0)], 20)
    total = searcher.search(query, limit=0).total
    return {
        f"facets of {total:,} documents": shown(_differences(whole, bare)),
        "opening, a search and the first facets of a commit": shown([first]),
    }


def large_document(index: Path) -> dict[str, Any]:
    """The snippets of a document of one megabyte, put together from those of the index."""
    texts = list(_texts(index, _LARGE))
    words = [word for word in texts[len(texts) // 2].split() if len(word) > 6][:3]
    with tempfile.TemporaryDirectory() as folder:
        with Index.create(Path(folder) / "index") as made, made.writer() as writer:
            writer.add(Document(id="large", text="\n\n".join(texts)))
        one = Searcher(Path(folder) / "index")
        query = " ".join(words)
        assert one.search(query).hits[0].snippets
        whole = timed([lambda: one.search(query)], 15)
        bare = timed([lambda: one.search(query, limit=0)], 15)
    return {"snippets of a document of a megabyte": shown(_differences(whole, bare))}


def command(index: Path, texts: list[str]) -> dict[str, Any]:
    """`fihris search`, from the start of its process to the last line, when its modules are there
    as bytecode: what is installed has it from the start."""
    keeping = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def run(text: str) -> None:
        arguments = [_FIHRIS, "search", "--index", index, "--", text]
        subprocess.run(arguments, capture_output=True, check=True, env=keeping)

    run(texts[0])
    return shown(timed([lambda text=text: run(text) for text in texts[:_STARTS]], 1))


def page(index: Path, texts: list[str]) -> dict[str, Any]:
    """A page of results, from the request to the last byte, over one connection; CPU is that of
    the client alone."""
    with _served(index) as (host, port):
        client = http.client.HTTPConnection(host, port, timeout=60)

        def asked(text: str) -> None:
            client.request("GET", f"/?q={quote(text)}")
            answer = client.getresponse()
            body = answer.read()
            assert answer.status == 200, answer.status
            assert b"<mark" in body

        return shown(timed([lambda text=text: asked(text) for text in texts]))


@contextmanager
def _served(index: Path) -> Iterator[tuple[str, int]]:
    """The address that a server of the index listens on."""
    process = subprocess.Popen(
        [_FIHRIS, "serve", "--index", index, "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout
        address = urlsplit(process.stdout.readline().split()[-1])
        yield address.hostname or "", address.port or 0
    finally:
        process.terminate()
        process.wait()


def _texts(index: Path, size: int) -> Iterator[str]:
    """Texts of the first documents, so many bytes in all."""
    files = Index.open(index).segments()[1][0].files
    for number in range(files.count):
        if size <= 0:
            return
        text = files.text(number)
        size -= len(text.encode())
        yield text


def timed(calls: list[Callable[[], Any]], rounds: int = ROUNDS) -> list[tuple[float, float]]:
    """The medians of the CPU seconds (processes that were started and ended included) and of the
    wall seconds that each of some calls takes, turn about."""
    times: list[list[tuple[float, float]]] = [[] for _ in calls]
    # The first round warms up.
    for turn in range(rounds + 1):
        for call, mine in zip(calls, times, strict=True):
            wall, cpu = time.perf_counter(), _cpu()
            call()
            if turn:
                mine.append((_cpu() - cpu, time.perf_counter() - wall))
    return [
        (sorted(cpu for cpu, _ in mine)[rounds // 2], sorted(wall for _, wall in mine)[rounds // 2])
        for mine in times
    ]


def shown(times: list[tuple[float, float]]) -> dict[str, Any]:
    """Percentiles of CPU and wall."""
    return {
        "cpu": percentiles([cpu for cpu, _ in times]),
        "wall": percentiles([wall for _, wall in times]),
    }


def _cpu() -> float:
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


def _differences(
    wholes: list[tuple[float, float]], parts: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    return [
        (max(0.0, a - c), max(0.0, b - d)) for (a, b), (c, d) in zip(wholes, parts, strict=True)
    ]


if __name__ == "__main__":
    main()
