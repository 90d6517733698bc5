"""The context-free keys by which words are related: one number for each relation and string.

A lexicon lists, for every key, the words that have it; a query word is looked up by its own keys.
Both sides compute them here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .detect import script_of
from .folding import fold
from .hashing import UInt64Array, hashes
from .language import Language
from .languages import LANGUAGES
from .stretches import stretches

EXACT = 0
FOLDED = 1
_ROOT = 2
_STEM = 3


def stem_namespace(language: Language) -> int:
    """The namespace of a language's stems: from its code, so that order never matters."""
    return _STEM + int.from_bytes(language.code.encode(), "big") * 4


def root_namespace(language: Language) -> int:
    """The namespace of a language's roots."""
    return _ROOT + int.from_bytes(language.code.encode(), "big") * 4


@dataclass
class WordKeys:
    """The keys of a list of words, as parallel arrays of (hash, number of the word in the list),
    in the order of the words.

    Attributes:
        folded: the folded form of each word.
        hashes, words: every key of the relations exact, folded (only where a search needs it),
            stem in each language of the word's script, and root.
        rest_hashes, rest_words: the stem keys of what is left of a word without its proclitics.
        rest_checks: the FOLDED hash of that rest; the key counts only if the rest is a word.
        classes: by the bit of a language, 0 first for none, the key by which forms of a word stand
            together when it was seen in that language; 0 for words of other scripts.
    """

    folded: list[str]
    hashes: UInt64Array
    words: np.ndarray
    rest_hashes: UInt64Array
    rest_words: np.ndarray
    rest_checks: UInt64Array
    classes: UInt64Array

    def main(self, masks: np.ndarray) -> UInt64Array:
        """The key by which forms of a word stand together, one for each word.

        Args:
            masks: for each word the languages of the paragraphs where it stood, a bit for each of
                LANGUAGES. Of several languages the last one of the list counts.
        """
        main = self.classes[0].copy()
        for bit, keys in enumerate(self.classes[1:]):
            seen = (masks >> np.uint32(bit) & np.uint32(1) == 1) & (keys != 0)
            main[seen] = keys[seen]
        return main

    def of(self, numbers: np.ndarray, folded: list[str] | None = None) -> WordKeys:
        """The keys of some of the words (ascending), numbered anew.

        Args:
            folded: their folded forms, where these are not held here.
        """
        keys, words = _of(numbers, self.words)
        rests, rest_words = _of(numbers, self.rest_words)
        return WordKeys(
            [self.folded[n] for n in numbers.tolist()] if folded is None else folded,
            self.hashes[keys],
            words,
            self.rest_hashes[rests],
            rest_words,
            self.rest_checks[rests],
            self.classes[:, numbers],
        )


def joined(parts: Sequence[WordKeys]) -> WordKeys:
    """The keys of several lists of words, one list after another."""
    if len(parts) == 1:
        return parts[0]
    before = np.cumsum([0] + [len(part.folded) for part in parts])[:-1].tolist()
    pairs = list(zip(parts, before, strict=True))
    return WordKeys(
        [form for part in parts for form in part.folded],
        np.concatenate([part.hashes for part in parts]),
        np.concatenate([part.words + np.uint32(n) for part, n in pairs]),
        np.concatenate([part.rest_hashes for part in parts]),
        np.concatenate([part.rest_words + np.uint32(n) for part, n in pairs]),
        np.concatenate([part.rest_checks for part in parts]),
        np.concatenate([part.classes for part in parts], axis=1),
    )


def _of(numbers: np.ndarray, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the keys of some words stand (owners ascend), and the new number of each one's word."""
    left = np.searchsorted(owners, numbers, "left")
    right = np.searchsorted(owners, numbers, "right")
    return stretches(np.arange(len(owners)), left, right)


def languages_by_script() -> dict[str, list[tuple[int, Language]]]:
    """The languages of each script with their bit numbers in a word's mask."""
    table: dict[str, list[tuple[int, Language]]] = {}
    for number, language in enumerate(LANGUAGES):
        table.setdefault(language.script, []).append((number, language))
    return table


@dataclass
class _Pairs:
    """Keys being gathered."""

    hashes: list[UInt64Array] = field(default_factory=list)
    words: list[np.ndarray] = field(default_factory=list)
    checks: list[UInt64Array] = field(default_factory=list)

    def add(self, keys: UInt64Array, words: np.ndarray, checks: UInt64Array | None = None) -> None:
        self.hashes.append(keys)
        self.words.append(words.astype(np.uint32))
        if checks is not None:
            self.checks.append(checks)

    def arrays(self) -> tuple[UInt64Array, np.ndarray, UInt64Array]:
        """All keys in the order of the words."""
        none = np.zeros(0, np.uint64)
        keys = np.concatenate(self.hashes or [none])
        words = np.concatenate(self.words or [np.zeros(0, np.uint32)])
        checks = np.concatenate(self.checks or [none])
        order = np.argsort(words, kind="stable")
        return keys[order], words[order], checks[order] if len(checks) else checks


def word_keys(words: Sequence[str]) -> WordKeys:
    """The keys of words (of `casefold_key`)."""
    folded = [fold(word) for word in words]
    pairs, rests = _Pairs(), _Pairs()
    everything = np.arange(len(words), dtype=np.uint32)
    pairs.add(hashes(words, EXACT), everything)
    # A word that is its own folded form is found by its EXACT key; but the check of a rest looks
    # for FOLDED keys, and only words that are not ASCII have rests, which may be numbers.
    changed = np.fromiter((a != b for a, b in zip(words, folded, strict=True)), bool, len(words))
    rest_like = (not word.isascii() or word[0].isdigit() for word in words)
    posted = changed | np.fromiter(rest_like, bool, len(words))
    as_folded = hashes(folded, FOLDED)
    pairs.add(as_folded[posted], everything[posted])
    classes = np.zeros((1 + len(LANGUAGES), len(words)), np.uint64)
    classes[0] = as_folded

    by_script: dict[str, list[int]] = {}
    for number, word in enumerate(folded):
        by_script.setdefault(script_of(word), []).append(number)
    for script, languages in languages_by_script().items():
        numbers = np.array(by_script.get(script, ()), np.uint32)
        if not len(numbers):
            continue
        forms = [folded[int(n)] for n in numbers]
        written = numbers[changed[numbers]]
        spellings = [words[int(n)] for n in written]
        for rank, (bit, language) in enumerate(languages):
            namespace = stem_namespace(language)
            keys = hashes(language.stems(forms), namespace)
            pairs.add(keys, numbers)
            classes[1 + bit, numbers] = keys
            if rank == 0:
                classes[0, numbers] = keys
            # The stem of the word with its accents, where that is another one.
            keys = hashes(language.stems(spellings), namespace)
            other = keys != classes[1 + bit, written]
            pairs.add(keys[other], written[other])
            _add_rests(rests, language, forms, numbers)
            _add_roots(pairs, language, forms, numbers)
    keys, owners, _ = pairs.arrays()
    return WordKeys(folded, keys, owners, *rests.arrays(), classes)


def _add_rests(
    rests: _Pairs, language: Language, forms: Sequence[str], numbers: np.ndarray
) -> None:
    found: list[Sequence[str]] = [language.rests(form) for form in forms]
    strings = [rest for each in found for rest in each]
    if strings:
        owners = np.repeat(numbers, [len(each) for each in found])
        keys = hashes(language.stems(strings), stem_namespace(language))
        rests.add(keys, owners, hashes(strings, FOLDED))


def _add_roots(
    pairs: _Pairs, language: Language, forms: Sequence[str], numbers: np.ndarray
) -> None:
    roots = [language.root(form) for form in forms]
    rooted = np.fromiter(map(bool, roots), bool, len(roots))
    if rooted.any():
        keys = hashes([root for root in roots if root], root_namespace(language))
        pairs.add(keys, numbers[rooted])
