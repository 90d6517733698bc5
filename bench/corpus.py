"""A generated collection in Arabic, French and English that looks like a real one to an engine.

Every document is random prose: words drawn by their real frequencies (`vocabulary`), some of them
repeated within the document as writers do, sentences with capitals and punctuation, paragraphs, a
title. Nine in ten are of one language, the others of two. Some Arabic ones carry tashkeel, some
French ones were typed without accents. Equal count and seed give equal documents (with the same
versions of numpy and wordfreq), and a smaller collection is the beginning of a larger one. With
slips, as a machine that reads scans makes them, it has many more words, most in one document.

    python -m bench.corpus --documents 20000 corpus.jsonl
"""

from __future__ import annotations

import argparse
import json
import math
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from .vocabulary import FUNCTION_WORDS, LANGUAGES, Array, Vocabulary, vocabulary

#: Words of a text: log-normal of this mean and spread, within bounds.
MEAN_WORDS, SPREAD, LEAST_WORDS, MOST_WORDS = 265, 0.55, 30, 3000
#: Of the words that are not function words so many are repetitions of earlier ones.
REPEATED = 0.35
_MIXED = 0.1
_VOCALISED = 0.03
_UNACCENTED = 0.04
_STRAIGHT_APOSTROPHES = 0.2
#: So many collections and creators; a few of them have most of the documents.
COLLECTIONS, CREATORS = 40, 3000
YEARS = (1850, 2000)
_CHUNK = 500
_ENDS = {"ar": ".....؟!", "fr": ".....?!", "en": ".....?!"}
_COMMA = {"ar": "،", "fr": ",", "en": ","}
_TASHKEEL = "\u064e\u064f\u0650\u0652\u0651\u064b"

Generator = np.random.Generator


class Record(TypedDict):
    """One document, as it stands on a line of the file.

    Attributes:
        main: the language of most of it; peers that cannot tell languages are given it. Fihris,
            which would take a key "language" for its own, has to find it out.
        mixed: whether a part of it is of another language.
        date: a year.
    """

    id: str
    main: str
    mixed: bool
    title: str
    text: str
    collection: str
    creator: str
    date: str


def documents(count: int, seed: int = 1, slips: float = 0) -> Iterator[Record]:
    """The documents of a collection, one after another.

    Args:
        slips: what share of the words of the texts has a wrong letter.
    """
    for first in range(0, count, _CHUNK):
        for n, record in enumerate(_chunk(first, min(_CHUNK, count - first), seed)):
            if slips:
                style = np.random.default_rng([seed, first, 2, n])
                record["text"] = _with_slips(record["text"], slips, style)
            yield record


def write(path: Path, count: int, seed: int = 1, slips: float = 0) -> None:
    """Writes a collection as JSON Lines; what is written is there whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8") as file:
        for record in documents(count, seed, slips):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    unfinished.replace(path)


def read(path: Path, limit: int | None = None) -> Iterator[Record]:
    """The documents of a file, at most `limit` of them."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number == limit:
                return
            yield json.loads(line)


def _chunk(first: int, wanted: int, seed: int) -> Iterator[Record]:
    rng = np.random.default_rng([seed, first])
    mean = math.log(MEAN_WORDS) - SPREAD**2 / 2
    # Always a whole chunk, so that a smaller collection begins like a larger one.
    sizes = np.clip(rng.lognormal(mean, SPREAD, _CHUNK), LEAST_WORDS, MOST_WORDS).astype(int)
    main = rng.integers(0, len(LANGUAGES), _CHUNK)
    mixed = rng.random(_CHUNK) < _MIXED
    other = (main + rng.integers(1, len(LANGUAGES), _CHUNK)) % len(LANGUAGES)
    foreign = np.where(mixed, (sizes * rng.uniform(0.15, 0.45, _CHUNK)).astype(int), 0)
    metadata = _metadata(np.random.default_rng([seed, first, 1]))
    parts: dict[tuple[int, int], Array] = {}
    for number, language in enumerate(LANGUAGES):
        words = vocabulary(language)
        owners = np.flatnonzero((main == number) | (mixed & (other == number)))
        lengths = np.where(main == number, sizes - foreign, foreign)[owners]
        drawn = _draw(words, lengths, rng)
        edges = np.cumsum(lengths)[:-1]
        parts |= zip(
            ((int(owner), number) for owner in owners), np.split(drawn, edges), strict=True
        )
    for n in range(_CHUNK):
        style = np.random.default_rng([int(rng.integers(2**31)), n])
        if n >= wanted:
            continue
        own, guest = int(main[n]), int(other[n])
        paragraphs = _prose(LANGUAGES[own], parts[n, own], style)
        if mixed[n]:
            paragraphs += _prose(LANGUAGES[guest], parts[n, guest], style)
        title = _title(LANGUAGES[own], parts[n, own], style)
        title, text = _noisy(LANGUAGES[own], title, "\n\n".join(paragraphs), style)
        yield Record(
            id=f"doc-{first + n:07}",
            main=LANGUAGES[own],
            mixed=bool(mixed[n]),
            title=title,
            text=text,
            **metadata[n],
        )


def _metadata(rng: Generator) -> list[dict[str, Any]]:
    """Collections, creators and dates of a chunk; value n of a kind is chosen in proportion to
    1 / n (Zipf)."""

    def chosen(kinds: int) -> list[int]:
        shares = np.cumsum(1 / np.arange(1, kinds + 1))
        return np.searchsorted(shares / shares[-1], rng.random(_CHUNK), "right").tolist()

    columns = chosen(COLLECTIONS), chosen(CREATORS), rng.integers(*YEARS, _CHUNK).tolist()
    return [
        {"collection": f"collection {one + 1}", "creator": f"creator {two + 1}", "date": str(year)}
        for one, two, year in zip(*columns, strict=True)
    ]


def _draw(words: Vocabulary, lengths: Array, rng: Generator) -> Array:
    """The numbers of the words of several texts, one after another."""
    total = int(lengths.sum())
    drawn = np.searchsorted(words.shares, rng.random(total), "right")
    drawn = np.minimum(drawn, len(words.pieces) - 1)
    # A content word gives way to an earlier one of its text, at random: so a word that was used is
    # used again, and over all texts every word stays as frequent as it was (Pólya's urn).
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    here = np.arange(total)
    earlier = starts + (rng.random(total) * (here - starts)).astype(np.int64)
    content = drawn >= FUNCTION_WORDS
    repeated = content & content[earlier] & (rng.random(total) < REPEATED)
    source = np.where(repeated, earlier, here)
    while not np.array_equal(further := source[source], source):
        source = further
    drawn = drawn[source]
    elided = words.full[drawn] != drawn
    elided[:-1] &= ~words.vowels[drawn[1:]]
    return np.where(elided, words.full[drawn], drawn)


def _prose(language: str, drawn: Array, style: Generator) -> list[str]:
    """Words as sentences in paragraphs."""
    words = vocabulary(language)
    pieces = [words.pieces[n] for n in drawn.tolist()]
    attached = words.attached[drawn]
    for n in np.flatnonzero(style.random(len(pieces)) < 0.06).tolist():
        if not attached[n]:
            pieces[n] = pieces[n][:-1] + _COMMA[language] + " "
    sentences: list[str] = []
    paragraphs: list[str] = []
    begin, room = 0, int(style.integers(3, 8))
    while begin < len(pieces):
        end = min(begin + int(style.integers(6, 33)), len(pieces))
        while end < len(pieces) and attached[end - 1]:
            end += 1
        sentence = "".join(pieces[begin:end]).rstrip(_COMMA[language] + " ")
        mark = _ENDS[language][int(style.integers(len(_ENDS[language])))]
        sentences.append(sentence[:1].upper() + sentence[1:] + mark)
        begin = end
        if len(sentences) == room or begin >= len(pieces):
            paragraphs.append(" ".join(sentences))
            sentences, room = [], int(style.integers(3, 8))
    return paragraphs


def _title(language: str, drawn: Array, style: Generator) -> str:
    """A few neighbouring words out of a text."""
    words = vocabulary(language)
    size = int(style.integers(3, 10))
    begin = int(style.integers(max(1, len(drawn) - size)))
    title = "".join(words.pieces[n] for n in drawn[begin : begin + size].tolist()).strip()
    return title[:1].upper() + title[1:]


def _noisy(language: str, title: str, text: str, style: Generator) -> tuple[str, str]:
    """The text as some people write it: vocalised, without accents, with straight apostrophes."""
    chance = style.random()
    if language == "ar" and chance < _VOCALISED:
        marks = style.integers(0, 2 * len(_TASHKEEL), len(text))
        text = "".join(
            letter + _TASHKEEL[mark] if mark < len(_TASHKEEL) and "ء" <= letter <= "ي" else letter
            for letter, mark in zip(text, marks.tolist(), strict=True)
        )
    elif language == "fr" and chance < _UNACCENTED:
        title, text = (
            "".join(c for c in unicodedata.normalize("NFD", t) if not unicodedata.combining(c))
            for t in (title, text)
        )
    if style.random() < _STRAIGHT_APOSTROPHES:
        title, text = title.replace("’", "'"), text.replace("’", "'")
    return title, text


def _with_slips(text: str, share: float, style: Generator) -> str:
    """The text with a letter in that share of its words replaced by another of its letters."""
    letters = list(text)
    places = [n for n, letter in enumerate(letters) if letter.isalpha()]
    count = round(share * len(text.split()))
    for n, other in style.choice(places, (count, 2)).tolist():
        letters[n] = text[other]
    return "".join(letters)


def main(arguments: list[str] | None = None) -> None:
    """Writes a collection to a file."""
    parser: Any = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slips", type=float, default=0, help="this share of the words has one")
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    write(options.file, options.documents, options.seed, options.slips)


if __name__ == "__main__":
    main()
