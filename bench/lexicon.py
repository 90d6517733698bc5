"""CPU time and memory of what is found out once for each distinct word: its keys and its place in
the tables of a lexicon. `python -m bench.lexicon [WORDS OF EACH LANGUAGE]`
"""

from __future__ import annotations

import random
import sys
import tempfile
import tracemalloc
from pathlib import Path
from time import process_time

import numpy as np
from fihris.indexer.arrayfile import ArrayWriter
from fihris.indexer.folding import casefold_key
from fihris.indexer.lexiconwriter import write_lexicon
from fihris.indexer.relations import word_keys
from fihris.indexer.storage import Folder

from .vocabulary import LANGUAGES, vocabulary


def words(count: int) -> list[str]:
    """The most frequent words of each language, mixed up."""
    pieces = [piece for language in LANGUAGES for piece in vocabulary(language).pieces[:count]]
    keys = dict.fromkeys(casefold_key(piece.strip(" ’")) for piece in pieces)
    chosen = [key for key in keys if key]
    random.Random(1).shuffle(chosen)
    return chosen


def main() -> None:
    chosen = words(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
    masks = np.random.default_rng(1).integers(0, 32, len(chosen)).astype(np.uint32)

    def run() -> tuple[float, float]:
        with tempfile.TemporaryDirectory() as path:
            start = process_time()
            keys = word_keys(chosen)
            middle = process_time()
            with ArrayWriter(Folder(Path(path)), "lexicon") as writer:
                write_lexicon(writer, chosen, keys, masks)
                writer.close()
            return middle - start, process_time() - middle

    times = [run() for _ in range(5)]
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    for name, seconds in zip(("keys", "lexicon"), map(min, zip(*times, strict=True)), strict=True):
        print(f"{name:8} {seconds / len(chosen) * 1e6:5.2f} µs a word")
    print(f"memory   {peak / 1e6:5.0f} MB at most for {len(chosen):,} words")


if __name__ == "__main__":
    main()
