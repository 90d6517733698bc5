"""How well typing errors are corrected: words of an index with one error each.

    python -m bench.typos COLLECTION...       folders as `judged` describes them

Words are drawn as often as documents hold them, stop words left out; a letter is left out, added,
replaced by another, or swapped with the next. What is a word of the index itself is no error that
could be seen, and is left out. A correction is right when it is the word or another form of it;
what is a form of the word by itself, and finds it, counts as right too.
Of the queries of the collection as they are it tells how many get a suggestion; only those with a
word that is in the index in no form can.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
from fihris.indexer import Index
from fihris.indexer.errors import FihrisError
from fihris.indexer.folding import fold
from fihris.indexer.languages import LANGUAGES
from fihris.search import Searcher
from fihris.search.resolve import Resolver
from fihris.search.snapshot import Snapshot

from .judged import read

_ALPHABETS = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "fr": "abcdefghijklmnopqrstuvwxyzéèàêç",
    "en": "abcdefghijklmnopqrstuvwxyz",
}
_SHORTEST = 4


def main(arguments: list[str] | None = None) -> int:
    """Measures; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("collections", nargs="+", type=Path, metavar="COLLECTION")
    parser.add_argument("--errors", type=int, default=2000, help="for each language (%(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        print(
            "| collection | letters | errors | first | among three |\n"
            "| --- | --- | ---: | ---: | ---: |"
        )
        for folder in options.collections:
            _measure(folder, options.errors, Random(options.seed))
    except FihrisError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _measure(folder: Path, errors: int, random: Random) -> None:
    collection = read(folder)
    with tempfile.TemporaryDirectory() as place:
        with Index.create(Path(place) / "index") as index, index.writer() as writer:
            for document in collection.documents():
                writer.add(document)
        searcher = Searcher(index)
        for code in _ALPHABETS:
            right: dict[int, list[tuple[bool, bool]]] = defaultdict(list)
            for word, typed in _errors(searcher.snapshot, code, errors, random):
                right[min(len(fold(word)), 12)].append(_judge(searcher, word, typed))
            for length in sorted(right):
                _print(f"{folder.name} {code}", f"{length}{'+' * (length == 12)}", right[length])
            for name, least in (("all", 0), ("6 and more", 6)):
                _print(
                    f"{folder.name} {code}",
                    name,
                    [p for n in right if n >= least for p in right[n]],
                )
        queries = collection.queries.values()
        suggested = sum(bool(searcher.search(text, limit=1).suggestion) for text in queries)
        print(f"| {folder.name} | queries as they are | {len(queries)} | "
              f"{suggested / len(queries):.2%} get a suggestion | |")  # fmt: skip


def _print(name: str, letters: str, pairs: list[tuple[bool, bool]]) -> None:
    if pairs:
        first, three = (np.mean(each) for each in zip(*pairs, strict=True))
        print(f"| {name} | {letters} | {len(pairs)} | {first:.1%} | {three:.1%} |", flush=True)


def _errors(snapshot: Snapshot, code: str, count: int, random: Random) -> Iterator[tuple[str, str]]:
    """Words of a language and what was typed for them."""
    bit = next(n for n, language in enumerate(LANGUAGES) if language.code == code)
    stop_words = LANGUAGES[bit].stop_words
    weights: dict[str, int] = defaultdict(int)
    known = set()
    for part in snapshot.parts:
        ids = np.arange(len(part.lexicon.identities))
        starts, ends = part.files.postings["text"].bounds(ids)
        for n, mask, frequency in zip(ids.tolist(), part.lexicon.masks.tolist(),
                                      (ends - starts).tolist(), strict=True):  # fmt: skip
            word = part.lexicon.word(n)
            form = fold(word)
            known.add(form)
            spelt = len(form) >= _SHORTEST and form.isalpha() and form not in stop_words
            if mask == 1 << bit and spelt:
                weights[word] += frequency
    if not weights:
        return
    drawn = random.choices(list(weights), list(weights.values()), k=3 * count)
    for word in drawn:
        typed = _typed(word, _ALPHABETS[code], random)
        if count and fold(typed) not in known:
            count -= 1
            yield word, typed


def _typed(word: str, alphabet: str, random: Random) -> str:
    place, letter = random.randrange(len(word)), random.choice(alphabet)
    before, here, after = word[:place], word[place], word[place + 1 :]
    ways = [before + after, before + letter + here + after, before + letter + after]
    if after:
        ways.append(before + after[0] + here + after[1:])
    return random.choice(ways)


def _judge(searcher: Searcher, word: str, typed: str) -> tuple[bool, bool]:
    resolver = Resolver(searcher.snapshot, searcher.weights)
    wanted = _forms(resolver, searcher.snapshot, word)
    if wanted & _forms(resolver, searcher.snapshot, typed) and not resolver.corrections(typed):
        return True, True  # it is a form of the same word: it is found without a correction
    found = [each.word for each in resolver.corrections(typed)[:3]]
    return bool(found) and found[0] in wanted, any(each in wanted for each in found)


def _forms(resolver: Resolver, snapshot: Snapshot, word: str) -> set[str]:
    """The words of the index that are forms of a word."""
    resolved = resolver.resolve(word)
    return {
        part.lexicon.word(int(n))
        for part, variants in zip(snapshot.parts, resolved.variants, strict=True)
        for n in variants.ids[: variants.matching]
    }


if __name__ == "__main__":
    sys.exit(main())
