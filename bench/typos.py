"""How well typing errors are corrected: words of an index with one error each.

    python -m bench.typos COLLECTION...       folders as `relevance.collection` describes them

Words are drawn as often as documents hold them, stop words left out; a letter is left out, added,
replaced by another, or swapped with the next. What is a word of the index itself is no error that
could be seen, and is left out. A correction is right when it is the word or another form of it;
what is a form of the word by itself, and finds it, counts as right too.
Of queries with such an error in one of their words (all others known) it tells in how many the
right word is suggested (under "first") and in how many any is (under "among three").
Of the queries of the collection as they are it tells how many get a suggestion; only those with a
word that is in the index in no form can. Some are mistyped in truth: with --list they are printed.
Those of which every word stands in a list of words of one language, made from other texts by people
who do not know the index (`wordfreq`), are told apart: in its large lists, which hold what is
written once in a hundred million words and with it many a common slip; and in its small ones, of
words written once in a million.
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
from fihris.indexer.words import spans
from fihris.search import Searcher
from fihris.search.resolve import Resolver
from fihris.search.snapshot import Snapshot

from .relevance.collection import read

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
    parser.add_argument(
        "--errors", type=int, default=10_000, help="for each language (%(default)s)"
    )
    parser.add_argument("--list", action="store_true", help="the queries that get a suggestion")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        print(
            "| collection | letters | errors | first | among three |\n"
            "| --- | --- | ---: | ---: | ---: |"
        )
        for folder in options.collections:
            _measure(folder, options.errors, Random(options.seed), listed=options.list)
    except FihrisError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _measure(folder: Path, errors: int, random: Random, *, listed: bool) -> None:
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
        queries = list(collection.queries.values())
        _print(
            f"{folder.name} in its queries",
            "4 and more",
            list(_in_queries(searcher, queries, errors, random)),
        )
        meant = {text: searcher.search(text, limit=1).suggestion for text in queries}
        for name, chosen in (
            ("as they are", queries),
            ("of attested words", _attested(queries, "large")),
            ("of common words", _attested(queries, "small")),
        ):
            share = np.mean([bool(meant[text]) for text in chosen]) if chosen else 0.0
            print(f"| {folder.name} | queries {name} | {len(chosen)} | "
                  f"{share:.2%} get a suggestion | |")  # fmt: skip
        for text, other in meant.items() if listed else ():
            if other:
                print(f"{text}\n  {other}")


def _attested(queries: list[str], size: str) -> list[str]:
    """The queries whose words all stand in the list of one language, "large" or "small"."""
    import wordfreq  # only here, as in `vocabulary`

    lists = [wordfreq.get_frequency_dict(code, size) for code in _ALPHABETS]
    found = []
    for text in queries:
        keys = {key for key, _, _ in spans(text) if any(map(str.isalpha, key))}
        if keys and any(keys <= listed.keys() for listed in lists):
            found.append(text)
    return found


def _in_queries(
    searcher: Searcher, queries: list[str], count: int, random: Random
) -> Iterator[tuple[bool, bool]]:
    """For queries with an error in one of several words: whether what is suggested has a form of
    the word in its place, and whether anything at all is suggested."""
    for text in random.sample(queries, min(count, len(queries))):
        resolver = Resolver(searcher.snapshot, searcher.weights)
        keys = [key for key, _, _ in spans(text)]
        spelt = [key for key in keys if len(fold(key)) >= _SHORTEST and key.isalpha()
                 and not any(fold(key) in each.stop_words for each in LANGUAGES)]  # fmt: skip
        if len(spelt) < 2 or any(resolver.resolve(key).correction for key in keys):
            continue
        word = random.choice(spelt)
        code = next((c for c, letters in _ALPHABETS.items() if word[0] in letters), "fr")
        typed = _typed(word, _ALPHABETS[code], random)
        if word in text and resolver.resolve(typed).correction:
            suggestion = searcher.search(text.replace(word, typed, 1), limit=1).suggestion
            suggested = {key for key, _, _ in spans(suggestion)}
            yield bool(suggested & _forms(resolver, searcher.snapshot, word)), bool(suggestion)


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
