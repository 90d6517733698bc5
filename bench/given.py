"""The words that peers are given, so that all engines search the same terms.

    python -m bench.given corpus.jsonl words.tsv

A line for each document: id, main language, collection, creator, date, the words of the title and
those of the text, parted by tabs; words by spaces. Found once for all peers.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fihris.indexer.words import words

from .corpus import read


class Given(NamedTuple):
    """A document, cut into the words that Fihris finds."""

    id: str
    language: str
    collection: str
    creator: str
    date: str
    title: str
    text: str


def write(corpus: Path, path: Path) -> None:
    """Cuts a collection into words; what is written is there whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8") as file:
        for record in read(corpus):
            title, text = (" ".join(words(record[part])) for part in ("title", "text"))
            values = (record[name] for name in ("id", "main", "collection", "creator", "date"))
            file.write("\t".join((*values, title, text)) + "\n")
    unfinished.replace(path)


def given(path: Path) -> Iterator[Given]:
    """The documents of a file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Given(*line.rstrip("\n").split("\t"))


def main(arguments: list[str] | None = None) -> None:
    """Cuts a collection into words."""
    parser = argparse.ArgumentParser(description="Cuts a generated collection into words.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    write(options.corpus, options.file)


if __name__ == "__main__":
    main()
