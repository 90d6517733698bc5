"""Queries to measure with, taken from a generated collection: equal files give equal queries.

python -m bench.queries corpus.jsonl queries.tsv

The file has a line for each query: its kind, its language and its words, parted by tabs.
"""

from __future__ import annotations

import argparse
import itertools
import random
import string
from collections import Counter
from pathlib import Path

import msgspec
from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.words import words

from .corpus import Record, read
from .vocabulary import LANGUAGES, vocabulary

#: single: one word; or: 2 to 4 of middling frequency; heavy or: with function words among them;
#: and: 2 or 3 that stand in one document; phrase: 2 or 3 in a row; prefix: the beginning of one;
#: wildcard: beginning and end of one with a star between; fuzzy: one with a slip, which no document
#: holds; filtered: an OR among the documents whose main language is the query's; facets: an OR with
#: the values of all its documents counted.
KINDS = (
    "single", "or", "heavy or", "and", "phrase", "prefix", "wildcard", "fuzzy", "filtered", "facets"
)  # fmt: skip
PER_KIND = 102
#: Queries are made from so many documents at the beginning, so that a collection and its beginning
#: are asked the same; a word is middling when this share of the documents of its language hold it
#: (in judged collections four of five content words of real queries do: median .01, mean .04).
SAMPLE = 20_000
MIDDLING = (0.002, 0.1)
_COMMON = 0.3
_PREFIX_LETTERS = (4, 5)
_ALPHABETS = {
    "ar": "ابتثجحدرسشصعفقكلمنهوي",
    "fr": string.ascii_lowercase,
    "en": string.ascii_lowercase,
}


class Query(msgspec.Struct, frozen=True):
    """One query; its words are keys of `fihris.indexer.words`, which all engines are asked for.

    Attributes:
        words: for kind "prefix" the one prefix, for "wildcard" the one pattern.
    """

    kind: str
    language: str
    words: tuple[str, ...]


def make(corpus: Path, per_kind: int = PER_KIND, seed: int = 1) -> list[Query]:
    """Queries of every kind, in equal shares of the three languages."""
    texts: dict[str, list[list[str]]] = {language: [] for language in LANGUAGES}
    for record in read(corpus, SAMPLE):
        if not record["mixed"]:
            texts[record["main"]].append(_keys(record))
    queries = []
    for language in LANGUAGES:
        chosen = random.Random(f"{seed} {language}")
        makers = _Maker(language, texts[language], chosen)
        for kind in KINDS:
            queries += makers.several(kind, per_kind // len(LANGUAGES))
    return sorted(queries, key=lambda query: KINDS.index(query.kind))


def _keys(record: Record) -> list[str]:
    return words(record["text"])


class _Maker:
    def __init__(self, language: str, texts: list[list[str]], chosen: random.Random) -> None:
        self._language, self._texts, self._chosen = language, texts, chosen
        frequencies = Counter(itertools.chain.from_iterable(map(set, texts)))
        least, most = (share * len(texts) for share in MIDDLING)
        # A word that is its own folded form means the same to all engines.
        self._middling = {
            word
            for word, count in frequencies.items()
            if least <= count <= most and len(word) > 2 and word.isalpha() and fold(word) == word
        }
        pieces = vocabulary(language).pieces
        self._known = {*frequencies, *(casefold_key(piece.strip(" ’")) for piece in pieces)}
        self._common = sorted(
            word for word, count in frequencies.items() if count >= _COMMON * len(texts)
        )

    def several(self, kind: str, count: int) -> list[Query]:
        """Different queries of a kind."""
        found: dict[Query, None] = {}
        while len(found) < count:
            text = self._chosen.choice(self._texts)
            middling = list(dict.fromkeys(word for word in text if word in self._middling))
            asked = self._words(kind, text, middling)
            if asked:
                found[Query(kind, self._language, tuple(asked))] = None
        return list(found)

    def _words(self, kind: str, text: list[str], middling: list[str]) -> list[str]:
        chosen = self._chosen
        if len(middling) < 4:
            return []
        if kind == "single":
            return chosen.sample(middling, 1)
        if kind in ("or", "filtered", "facets"):
            return chosen.sample(middling, chosen.randint(2, 4))
        if kind == "heavy or":
            function = chosen.sample(self._common, min(chosen.randint(2, 3), len(self._common)))
            asked = [*chosen.sample(middling, 2), *function]
            chosen.shuffle(asked)
            return asked
        if kind == "and":
            return chosen.sample(middling, chosen.randint(2, 3))
        if kind == "prefix":
            letters = chosen.choice(_PREFIX_LETTERS)
            long = [word for word in middling if len(word) > letters]
            return [chosen.choice(long)[:letters]] if long else []
        if kind == "wildcard":
            long = [word for word in middling if len(word) > 6]
            word = chosen.choice(long) if long else ""
            return [f"{word[:3]}*{word[-2:]}"] if word else []
        if kind == "fuzzy":
            long = [word for word in middling if len(word) > 4]
            slip = with_slip(chosen.choice(long), self._language, chosen) if long else ""
            return [] if slip in self._known else [slip]
        size = chosen.randint(2, 3)
        begin = chosen.randrange(max(1, len(text) - size))
        run = text[begin : begin + size]
        return run if any(word in self._middling for word in run) and len(run) == size else []


def with_slip(word: str, language: str, chosen: random.Random) -> str:
    """The word (three letters or more) with a letter left out, added, replaced or swapped with the
    next, never the first."""
    at = chosen.randrange(1, len(word) - 1)
    letter = chosen.choice(_ALPHABETS[language])
    head, tail = word[:at], word[at:]
    slips = head + tail[1:], head + letter + tail, head + letter + tail[1:]
    return chosen.choice([*slips, head + tail[1] + tail[0] + tail[2:]])


def load(path: Path) -> list[Query]:
    """The queries of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        Query(kind, language, tuple(words))
        for kind, language, *words in (line.split("\t") for line in lines)
    ]


def main(arguments: list[str] | None = None) -> None:
    """Makes queries from a collection and writes them to a file."""
    parser = argparse.ArgumentParser(description="Makes queries from a generated collection.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    lines = (
        "\t".join((query.kind, query.language, *query.words))
        for query in make(options.corpus, seed=options.seed)
    )
    options.file.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
