"""CPU time of resolving the words of queries in a large lexicon, and the memory of its tables.

    python -m bench.resolving [FOLDER] [--words 1500000] [--queries 1000] [--rounds 3]

Documents of so many different words (`bench.manywords`) are indexed twice, in one segment and in
ten of the sizes that commits leave, unless FOLDER holds them already. A query is four different
words of one document, so that words are asked for as often as documents hold them; one query in
three has a typing error in one word. Each is resolved through all layers by a resolver that has
seen nothing before; the fastest of several rounds counts, so that other work on the machine is not
measured.

Memory is that of a process that opens one index and resolves all queries: what it maps, what of it
the queries touched, and what was allocated.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from time import process_time

import numpy as np
from fihris.indexer import Document, Index
from fihris.indexer.detect import script_of
from fihris.indexer.errors import FihrisError
from fihris.indexer.stretches import distinct
from fihris.indexer.words import words
from fihris.search import Searcher, nodes
from fihris.search.resolve import Resolver
from fihris.search.weights import WEIGHTS
from whoosh.query import Or

from .manywords import documents
from .queries import with_slip

#: Shares of the documents: seven segments of one tier and three of a lower one, so that no commit
#: merges any.
SEGMENTS = (0.13,) * 7 + (0.03,) * 3
#: Milliseconds at p95, and megabytes of tables.
AIM, MEMORY = 2.0, 250
_QUERY_WORDS = 4
_TYPED_WRONG = 1 / 3
_LEAST_LETTERS = 5


@dataclass
class Figures:
    """What one process measured.

    Attributes:
        lexicons: how many words each segment has.
        different: how many all have.
        tables: bytes of the lexicon files by group of tables.
        right, wrong: milliseconds of each query, without and with a typing error.
        opened, resolved: what the process had allocated for itself after opening and after all
            queries, beside what it had before, and how much of the files was in its memory, in MB.
    """

    lexicons: list[int]
    different: int
    tables: dict[str, int]
    right: list[float]
    wrong: list[float]
    opened: tuple[float, float]
    resolved: tuple[float, float]


def main(arguments: list[str] | None = None) -> int:
    """Indexes where it must, measures and prints; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("bench/data/resolving"))
    parser.add_argument("--words", type=int, default=1_500_000, help="(%(default)s)")
    parser.add_argument("--queries", type=int, default=1000, help="(%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(%(default)s)")
    options = parser.parse_args(arguments)
    try:
        paths = [_indexed(options.folder, options.words, shares) for shares in ((1.0,), SEGMENTS)]
        for path in paths:
            # Each in a process of its own, so that its memory is told apart.
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                _show(pool.apply(measure, (path, options.queries, options.rounds)))
    except FihrisError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _indexed(folder: Path, count: int, shares: tuple[float, ...]) -> Path:
    """An index of documents of so many words, in segments of these shares."""
    path = folder / f"{count}-{len(shares)}"
    if not path.exists():
        unfinished = path.with_name(path.name + ".part")
        with Index.create(unfinished) as index:
            for some in _parted(list(documents(count)), shares):
                with index.writer() as writer:
                    for document in some:
                        writer.add(document)
            if len(shares) == 1:
                index.optimize()
        unfinished.rename(path)
    return path


def _parted(everything: list[Document], shares: tuple[float, ...]) -> Iterator[list[Document]]:
    edges = [0, *(round(share * len(everything)) for share in accumulate(shares))]
    return (everything[begin:end] for begin, end in pairwise(edges))


def measure(path: Path, count: int, rounds: int) -> Figures:
    """The figures of one index."""
    before = _memory()
    searcher = Searcher(path)
    opened = _memory()
    parts = searcher.snapshot.parts
    right = list(_queries(searcher, count - round(count * _TYPED_WRONG), Random(1)))
    wrong = [
        _with_slip(query, Random(n))
        for n, query in enumerate(_queries(searcher, round(count * _TYPED_WRONG), Random(2)))
    ]
    times = [_times(searcher, queries, rounds) for queries in (right, wrong)]
    resolved = _memory()
    return Figures(
        [len(part.lexicon) for part in parts],
        len(distinct(np.concatenate([part.lexicon.identities for part in parts]))),
        _tables(searcher),
        *times,
        (opened[0] - before[0], opened[1] - before[1]),
        (resolved[0] - before[0], resolved[1] - before[1]),
    )


def _queries(searcher: Searcher, count: int, random: Random) -> Iterator[list[str]]:
    """Different words of random documents, four at a time."""
    parts = searcher.snapshot.parts
    sizes = [part.count for part in parts]
    # The same documents in one segment and in ten, by their ids.
    for number in (random.randrange(sum(sizes)) for _ in range(count)):
        part, doc = searcher.snapshot.find(f"{number:07}") or (parts[0], 0)
        held = sorted(set(words(part.files.text(doc))))
        yield random.sample(held, min(_QUERY_WORDS, len(held)))


def _with_slip(query: list[str], random: Random) -> list[str]:
    """The same with an error in one of the words that are long enough."""
    long = [n for n, word in enumerate(query) if len(word) >= _LEAST_LETTERS and word.isalpha()]
    if not long:
        return query
    at = random.choice(long)
    language = "ar" if script_of(query[at]) == "Arabic" else "en"
    return [*query[:at], with_slip(query[at], language, random), *query[at + 1 :]]


def _times(searcher: Searcher, queries: list[list[str]], rounds: int) -> list[float]:
    """The fastest of several rounds for each query, in milliseconds of CPU."""
    trees = [Or([nodes.Word(word) for word in query]) for query in queries]
    best = np.full(len(trees), np.inf)
    for _ in range(rounds):
        for n, tree in enumerate(trees):
            resolve = Resolver(searcher.snapshot, WEIGHTS).resolve_all
            best[n] = min(best[n], _cpu(resolve, tree))
    return best.tolist()


def _cpu(run: Callable[[Or], None], tree: Or) -> float:
    begin = process_time()
    run(tree)
    return (process_time() - begin) * 1000


def _memory() -> tuple[float, float]:
    """What this process has allocated, and what of files is in its memory, in MB."""
    status = Path("/proc/self/status").read_text()
    kilobytes = dict(re.findall(r"(Rss\w+):\s+(\d+) kB", status))
    return int(kilobytes["RssAnon"]) / 1000, int(kilobytes["RssFile"]) / 1000


def _tables(searcher: Searcher) -> dict[str, int]:
    """The bytes of the arrays of all lexicons, by what stands before the point in their names."""
    found: dict[str, int] = {}
    for part in searcher.snapshot.parts:
        file = part.lexicon.file
        for name in file.names():
            group = name.partition(".")[0]
            found[group] = found.get(group, 0) + file[name].nbytes
    return found


def _show(figures: Figures) -> None:
    total = sum(figures.tables.values())
    named = ", ".join(f"{name} {size / 1e6:.0f}" for name, size in figures.tables.items())
    stored = total - figures.tables["words"]
    entries = sum(figures.lexicons)
    print(
        f"\n{figures.different:,} different words; in the segments "
        f"{', '.join(f'{count:,}' for count in figures.lexicons)}\n"
        f"tables, MB, mapped: {total / 1e6:.0f} ({named}); without the words themselves "
        f"{stored / 1e6:.0f}{'' if stored <= MEMORY * 1e6 else ' (!)'}, "
        f"{stored / max(entries, 1):.0f} bytes for each word of a segment\n"
        f"allocated by opening {figures.opened[0]:.1f} MB, by resolving {figures.resolved[0]:.1f}; "
        f"of the files in memory then {figures.resolved[1]:.0f}\n\n"
        "| queries of four words | p50 | p95 | p99 ms |\n| --- | ---: | ---: | ---: |"
    )
    kinds = {
        "all": figures.right + figures.wrong,
        "typed right": figures.right,
        "with an error": figures.wrong,
    }
    for name, times in kinds.items():
        p50, p95, p99 = np.percentile(times, [50, 95, 99])
        print(f"| {name} | {p50:.2f} | {p95:.2f}{'' if p95 <= AIM else ' (!)'} | {p99:.2f} |")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
