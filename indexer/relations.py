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
    """The keys of a list of words, as parallel arrays of (hash, number of the word in the list).

    Attributes:
        folded: the folded form of each word.
        hashes, words: every key of the relations exact, folded (only where it differs from the
            word), stem in each language of the word's script, and root.
        rest_hashes, rest_words: the stem keys of what is left of a word without its proclitics.
        rest_checks: the FOLDED hash of that rest; the key counts only if the rest is a word.
        main: the key by which forms of one word stand together, one for each word.
    """

    folded: list[str]
    hashes: UInt64Array
    words: np.ndarray
    rest_hashes: UInt64Array
    rest_words: np.ndarray
    rest_checks: UInt64Array
    main: UInt64Array


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

    def add(self, strings: Sequence[str], words: np.ndarray, namespace: int) -> UInt64Array:
        keys = hashes(strings, namespace)
        self.hashes.append(keys)
        self.words.append(words.astype(np.uint32))
        return keys

    def arrays(self) -> tuple[UInt64Array, np.ndarray]:
        if not self.hashes:
            return np.zeros(0, np.uint64), np.zeros(0, np.uint32)
        keys, words = np.concatenate(self.hashes), np.concatenate(self.words)
        # A word whose key and folded form have one stem would be listed twice.
        order = np.lexsort((words, keys))
        keys, words = keys[order], words[order]
        new = np.ones(len(keys), bool)
        new[1:] = (keys[1:] != keys[:-1]) | (words[1:] != words[:-1])
        return keys[new], words[new]


def word_keys(words: Sequence[str], masks: np.ndarray | None = None) -> WordKeys:
    """The keys of words (of `casefold_key`), in ascending order of hash, then word.

    Args:
        masks: for each word the languages of the paragraphs where it stood, a bit for each of
            LANGUAGES; chooses among the languages of a script the one that `main` is taken from.
    """
    folded = [fold(word) for word in words]
    pairs, rests, checks = _Pairs(), _Pairs(), []
    everything = np.arange(len(words), dtype=np.uint32)
    pairs.add(words, everything, EXACT)
    # A word that is its own folded form is found by its EXACT key; but the check of a rest looks
    # for FOLDED keys, and only words that are not ASCII have rests, which may be numbers.
    changed = np.fromiter((a != b for a, b in zip(words, folded, strict=True)), bool, len(words))
    rest_like = (not word.isascii() or word[0].isdigit() for word in words)
    posted = changed | np.fromiter(rest_like, bool, len(words))
    main = pairs.add(folded, everything, FOLDED)
    pairs.hashes[-1], pairs.words[-1] = main[posted], everything[posted]
    main = main.copy()

    by_script: dict[str, list[int]] = {}
    for number, word in enumerate(folded):
        by_script.setdefault(script_of(word), []).append(number)
    for script, languages in languages_by_script().items():
        numbers = np.array(by_script.get(script, ()), np.uint32)
        if not len(numbers):
            continue
        mine = [folded[n] for n in numbers]
        written = numbers[changed[numbers]]
        for rank, (bit, language) in enumerate(languages):
            keys = pairs.add(language.stems(mine), numbers, stem_namespace(language))
            pairs.add(
                language.stems([words[int(n)] for n in written]), written, stem_namespace(language)
            )
            if rank == 0:
                main[numbers] = keys
            elif masks is not None:
                # Of several languages the last one of the list that the word was seen in.
                seen = (masks[numbers] >> bit & 1).astype(bool)
                main[numbers[seen]] = keys[seen]
            found = [
                (n, rest)
                for n, word in zip(numbers, mine, strict=True)
                for rest in language.rests(word)
            ]
            if found:
                strings = [rest for _, rest in found]
                rests.add(
                    language.stems(strings),
                    np.array([n for n, _ in found], np.uint32),
                    stem_namespace(language),
                )
                checks.append(hashes(strings, FOLDED))
            roots = [
                (n, root)
                for n, word in zip(numbers, mine, strict=True)
                if (root := language.root(word))
            ]
            if roots:
                pairs.add(
                    [root for _, root in roots],
                    np.array([n for n, _ in roots], np.uint32),
                    root_namespace(language),
                )
    keys, owners = pairs.arrays()
    rest_keys, rest_words = (
        (np.concatenate(rests.hashes), np.concatenate(rests.words))
        if rests.hashes
        else (np.zeros(0, np.uint64), np.zeros(0, np.uint32))
    )
    rest_checks = np.concatenate(checks) if checks else np.zeros(0, np.uint64)
    order = np.lexsort((rest_checks, rest_words, rest_keys))
    return WordKeys(
        folded, keys, owners, rest_keys[order], rest_words[order], rest_checks[order], main
    )
