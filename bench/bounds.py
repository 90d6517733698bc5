"""What the most expensive queries cost, and unusual collections: nothing may grow out of bounds.

    python -m bench.bounds INDEX...                        queries that ask for nearly everything
    python -m bench.bounds --queries queries.tsv INDEX     and how many ordinary ones are cut: none
    python -m bench.bounds --distinct 5000000              documents whose words stand nowhere else
    python -m bench.bounds --empty 1000000                 documents without a word
    python -m bench.bounds --repeated 6500000              one document of one word

CPU time of whole searches, from the text to ten hits with snippets: the best of three.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
from fihris.indexer import Document, Index
from fihris.search import Searcher
from fihris.search.syntax import parse

from .queries import load

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORDS = 10
# Beside each other, stop words of the generated collection make phrases that stand in it.
_STOP = ("the", "of", "de", "la", "في", "من")


def main(arguments: list[str] | None = None) -> None:
    """Measures and prints Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--queries", type=Path, help="ordinary queries, of `bench.queries`")
    parser.add_argument("--distinct", type=int, default=0, metavar="WORDS")
    parser.add_argument("--empty", type=int, default=0, metavar="DOCUMENTS")
    parser.add_argument("--repeated", type=int, default=0, metavar="WORDS")
    parser.add_argument("indexes", type=Path, nargs="*", metavar="INDEX")
    options = parser.parse_args(arguments)
    for index in options.indexes:
        searcher = Searcher(index)
        print(f"\n{searcher.snapshot.documents:,} documents, {_lexicon(searcher):,} words\n")
        _table(searcher, worst(searcher))
        if options.queries:
            asked = [" ".join(query.words) for query in load(options.queries)]
            cut = sum(searcher.search(text).partial for text in asked)
            print(f"\nof {len(asked):,} ordinary queries cut: {cut}")
    if options.distinct:
        _unusual(distinct(options.distinct), ["ab*", "*ab*", "*a*b*", "abc*x", "-*ab*"])
    if options.empty:
        _unusual(empty(options.empty), ["army", "*ab*", "-army", '"the army"', "language:fr"])
    if options.repeated:
        same = ["word", "wo*", '"word word word"', "word NEAR word", '"word word" NEAR "word word"']
        _unusual(iter([Document("same", text="word " * options.repeated, language="en")]), same)


def worst(searcher: Searcher) -> dict[str, str]:
    """Queries that ask for much, by what they are."""
    frequent = frequent_words(searcher, 512)
    rows = {f"`{pattern}`": pattern for pattern in ("*es*", "*ال*", "ال*", "co*", "e*s a*s o*s")}
    rows["`army -*es*`"] = "army -*es*"
    two = (f"{a}{b}*" for a in _LETTERS for b in "aeioulrnstpmhcd")
    rows["390 patterns of two letters"] = " ".join(two)
    rows["phrase of two stop words"] = f'"{_STOP[1]} {_STOP[0]}"'
    rows["phrase of 500 stop words"] = '"' + " ".join(["the"] * 500) + '"'
    pairs = [(a, b) for a in frequent[:16] for b in frequent[:16]]
    rows["200 phrases of two stop words"] = " ".join(f'"{a} {b}"' for a, b in pairs[:200])
    rows["stop words NEAR"] = f"{_STOP[0]} NEAR {_STOP[1]}"
    rows["100 stop words NEAR"] = " NEAR ".join(frequent[:100])
    rows["512 frequent words"] = " ".join(frequent)
    rows["20 frequent words, AND"] = " AND ".join(frequent[:20])
    nested = frequent[0]
    for n, word in enumerate(frequent[1:31]):
        nested = f"({nested} {'AND' if n % 2 else 'OR'} {word})"
    rows["30 levels of AND and OR"] = nested
    return rows


def frequent_words(searcher: Searcher, count: int) -> list[str]:
    """The words that the most documents of the largest segment hold."""
    part = max(searcher.snapshot.parts, key=lambda part: part.count)
    frequencies = np.diff(part.files.postings["text"].offsets.astype(np.int64))
    found = (part.lexicon.word(int(n)) for n in np.argsort(-frequencies)[: 2 * count])
    return [word for word in found if word.isalpha()][:count]


def distinct(words: int) -> Iterator[Document]:
    """Documents of words that each stand once in the whole collection."""
    random = Random(1)
    for first in range(0, words, _WORDS):
        made = (
            "".join(random.choices(_LETTERS, k=3)) + _numeral(n)
            for n in range(first, min(first + _WORDS, words))
        )
        yield Document(f"{first:09}", text=" ".join(made), language="en")


def _numeral(number: int) -> str:
    """A number in letters."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, len(_LETTERS))
        digits += _LETTERS[digit]
    return digits


def empty(documents: int) -> Iterator[Document]:
    """Documents without a word."""
    return (Document(f"{n:09}", text="", language="fr") for n in range(documents))


def _unusual(documents: Iterator[Document], queries: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        begin = time.process_time()
        with Index.create(path) as index, index.writer() as writer:
            for document in documents:
                writer.add(document)
        indexed = time.process_time() - begin
        disk = sum(file.stat().st_size for file in path.iterdir()) / 1e6
        peak = _peak()
        begin = time.process_time()
        searcher = Searcher(path)
        searcher.search("nothing")
        opened = (time.process_time() - begin) * 1000
        facets = _best(lambda: searcher.search("-nothing", facets=10))
        print(
            f"\n{searcher.snapshot.documents:,} documents, {_lexicon(searcher):,} words: indexed "
            f"in {indexed:.1f} s with {peak:.0f} MB at most, {disk:.0f} MB on disk; opened and "
            f"asked once in {opened:.0f} ms; facets of all {facets:.1f} ms\n"
        )
        _table(searcher, {f"`{query}`": query for query in queries})
        print(f"\nat most {_peak():.0f} MB")


def _peak() -> float:
    """The most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _best(call: Callable[[], object]) -> float:
    """CPU milliseconds, the best of three."""
    times = []
    for _ in range(3):
        begin = time.process_time()
        call()
        times.append((time.process_time() - begin) * 1000)
    return min(times)


def _lexicon(searcher: Searcher) -> int:
    return sum(len(part.lexicon) for part in searcher.snapshot.parts)


def _table(searcher: Searcher, queries: dict[str, str]) -> None:
    print("| query | CPU ms | documents | in part |")
    print("| --- | ---: | ---: | --- |")
    for name, text in queries.items():
        assert "cut" not in parse(text).notes, f"{name}: longer than a query may be"
        found = searcher.search(text)
        taken = _best(partial(searcher.search, text))
        in_part = "yes" if found.partial else ""
        print(f"| {name} | {taken:.0f} | {found.total:,} | {in_part} |", flush=True)


if __name__ == "__main__":
    main()
