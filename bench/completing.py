"""CPU time of completing what is being typed, word by word, in words and titles of an index.

    python -m bench.completing INDEX [--typed 1000] [--rounds 3]

What is typed is taken from random documents of the index: one to four words in a row out of a text,
or of the beginning of a title, the last one cut after any of its letters. Different texts, so that
no cache of answers helps; the fastest of several rounds counts, so that other work on the machine
is not measured. Each round begins with nothing kept from the one before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from time import process_time

import numpy as np
from fihris.indexer import Index
from fihris.indexer.errors import FihrisError
from fihris.indexer.words import words
from fihris.search import Searcher

#: How many words are typed, or how many letters of one.
_WORDS = {"one word": 1, "two words": 2, "three words": 3, "four words": 4}
_LETTERS = {"the first letter": 1, "the first two letters": 2, "the first three letters": 3}
_AIM = 10.0


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints a table; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("index", type=Path, metavar="INDEX")
    parser.add_argument("--typed", type=int, default=1000, help="of each kind (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        index = Index.open(options.index)
        searcher = Searcher(index)
        parts = searcher.snapshot.parts
        lexicons = " and ".join(f"{len(part.lexicon):,}" for part in parts)
        print(f"{searcher.snapshot.live:,} documents; words of the segments: {lexicons}\n")
        print("| typed | words and phrases, p50 / p95 / p99 ms | titles |\n| --- | ---: | ---: |")
        sampled = list(_sampled(searcher, 20 * options.typed, Random(options.seed)))
        for kind in (*_WORDS, "with an error", *_LETTERS):
            cells = []
            for ask, field in ((Searcher.suggest, 0), (Searcher.titles, 1)):
                sources = [each[field] for each in sampled]
                typed = _typed(kind, sources, options.typed, Random(options.seed))
                cells.append(_figures(index, ask, typed, options.rounds))
            print(f"| {kind} | {' | '.join(cells)} |", flush=True)
    except FihrisError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _sampled(searcher: Searcher, count: int, random: Random) -> Iterator[tuple[list[str], ...]]:
    """The words of text and title of random documents."""
    parts = [part for part in searcher.snapshot.parts if part.live.any()]
    for _ in range(count // 20):
        part = random.choices(parts, [p.count for p in parts])[0]
        doc = random.choice(np.flatnonzero(part.live).tolist())
        yield words(part.files.text(doc)), words(part.files.fields(doc)["title"])


def _typed(kind: str, sources: list[list[str]], count: int, random: Random) -> list[str]:
    """Different texts as they are typed, of one kind; fewer where the documents have no more."""
    found: dict[str, None] = {}
    for _ in range(20 * count):
        if len(found) == count:
            break
        source = random.choice(sources)
        size = _WORDS.get(kind, 1)
        begin = random.randrange(max(1, len(source) - size + 1))
        *before, last = source[begin : begin + size] or [""]
        if len(before) + 1 < size or len(last) < 2:
            continue
        if kind == "with an error":
            if len(last) < 5:
                continue
            at = random.randrange(1, len(last) - 1)
            last = last[:at] + last[at + 1] + last[at] + last[at + 2 :]
        letters = _LETTERS.get(kind) or random.randint(2, len(last))
        found[" ".join([*before, last[:letters]])] = None
    return list(found)


def _figures(
    index: Index, ask: Callable[[Searcher, str], object], typed: list[str], rounds: int
) -> str:
    """The fastest of several rounds for each text, in milliseconds of CPU."""
    if not typed:
        return "nothing to type"
    best = np.full(len(typed), np.inf)
    for _ in range(rounds):
        searcher = Searcher(index)
        ask(searcher, typed[0])
        for n, text in enumerate(typed):
            begin = process_time()
            ask(searcher, text)
            best[n] = min(best[n], (process_time() - begin) * 1000)
    p50, p95, p99 = np.percentile(best, [50, 95, 99])
    return f"{p50:.1f} / {p95:.1f} / {p99:.1f}{'' if p95 <= _AIM else ' (!)'}"


if __name__ == "__main__":
    sys.exit(main())
