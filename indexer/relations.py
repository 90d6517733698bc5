"""The context-free keys by which words are related: one number for each relation and string.

A lexicon lists, for every key, the words that have it; a query word is looked up by its own keys.
Both sides compute them here.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from .arrayfile import Array
from .detect import script_of, told_by_first_letter
from .folding import folds
from .hashing import UInt64Array, hashes
from .hashtable import told
from .heap import trim
from .language import Language
from .languages import LANGUAGES
from .stretches import order_of_small
from .strings import Strings

EXACT = 0
FOLDED = 1
_ROOT = 2
_STEM = 3


def key_hashes(strings: Sequence[str] | Strings, namespace: int) -> UInt64Array:
    """The keys of some strings in a namespace: what lexicons tell of their hashes."""
    return told(hashes(strings, namespace))


def stem_namespace(language: Language) -> int:
    """The namespace of a language's stems: from its code, so that order never matters."""
    return _STEM + int.from_bytes(language.code.encode(), "big") * 4


def root_namespace(language: Language) -> int:
    """The namespace of a language's roots."""
    return _ROOT + int.from_bytes(language.code.encode(), "big") * 4


def languages_by_script() -> dict[str, list[tuple[int, Language]]]:
    """The languages of each script with their bit numbers in a word's mask."""
    table: dict[str, list[tuple[int, Language]]] = {}
    for number, language in enumerate(LANGUAGES):
        table.setdefault(language.script, []).append((number, language))
    return table


_BY_SCRIPT = list(languages_by_script().items())
_SCRIPT_NUMBERS = {script: number for number, (script, _) in enumerate(_BY_SCRIPT)}
_MOST_LANGUAGES = max(len(languages) for _, languages in _BY_SCRIPT)
# Of words in a script that no language has, and of those without a letter.
FOREIGN, NO_LETTER = 254, 255


class WordKeys(msgspec.Struct):
    """The keys of a list of words, as parallel arrays of (hash, number of the word in the list),
    in the order of the words.

    Attributes:
        folded: the folded form of each word.
        hashes, words: every key of the relations exact, folded (only where a search needs it),
            stem in each language of the word's script, and root.
        rest_hashes, rest_words: the stem keys of what is left of a word without its proclitics.
        rest_checks: the FOLDED hash of that rest; the key counts only if the rest is a word.
        classes: by the place of a language among those of its script, the key by which forms of
            a word stand together when it was seen in that language; the first one counts when
            it was seen in none.
        scripts: the script of each word as a number, so that `classes` are of its languages.
    """

    folded: Strings
    hashes: UInt64Array
    words: Array
    rest_hashes: UInt64Array
    rest_words: Array
    rest_checks: UInt64Array
    classes: UInt64Array
    scripts: Array

    def main(self, masks: Array) -> UInt64Array:
        """The key by which forms of a word stand together, one for each word.

        Args:
            masks: for each word the languages of the paragraphs where it stood, a bit for each of
                LANGUAGES. Of several languages the last one of the list counts.
        """
        main = self.classes[0].copy()
        for script, (_, languages) in enumerate(_BY_SCRIPT):
            own = self.scripts == script
            for (bit, _), keys in zip(languages, self.classes, strict=False):
                seen = own & (masks >> np.uint32(bit) & np.uint32(1) == 1)
                main[seen] = keys[seen]
        return main


def joined(parts: list[WordKeys]) -> WordKeys:
    """The keys of several lists of words, one list after another. Empties the list, so that each
    array is let go of as soon as it is joined: those of a large vocabulary are large."""
    if len(parts) == 1:
        return parts.pop()
    before = np.cumsum([0] + [len(part.scripts) for part in parts])[:-1].tolist()
    folded = [part.folded for part in parts]
    hashes_, words = [part.hashes for part in parts], [part.words for part in parts]
    rest_hashes = [part.rest_hashes for part in parts]
    rest_words = [part.rest_words for part in parts]
    rest_checks = [part.rest_checks for part in parts]
    classes = [part.classes for part in parts]
    scripts = [part.scripts for part in parts]
    parts.clear()

    together = Strings.joined(folded)
    folded.clear()
    return WordKeys(
        together,
        _joined(hashes_),
        _joined(words, before),
        _joined(rest_hashes),
        _joined(rest_words, before),
        _joined(rest_checks),
        _joined(classes),
        _joined(scripts),
    )


def _joined(arrays: list[Array], before: Sequence[int] = ()) -> Array:
    """The arrays one after another; to the numbers of each is added what is before it. Empties the
    list, array by array: together they need not be held twice."""
    shape = *arrays[0].shape[:-1], sum(array.shape[-1] for array in arrays)
    together = np.empty(shape, arrays[0].dtype)
    end = shape[-1]
    while arrays:
        array = arrays.pop()
        part = together[..., end - array.shape[-1] : end]
        part[...] = array
        if before:
            part += np.uint32(before[len(arrays)])
        end -= array.shape[-1]
        del array
        trim()
    return together


class _Pairs(msgspec.Struct):
    """Keys being gathered."""

    hashes: list[UInt64Array] = msgspec.field(default_factory=list)
    words: list[Array] = msgspec.field(default_factory=list)
    checks: list[UInt64Array] = msgspec.field(default_factory=list)

    def add(self, keys: UInt64Array, words: Array, checks: UInt64Array | None = None) -> None:
        self.hashes.append(keys)
        self.words.append(words.astype(np.uint32))
        if checks is not None:
            self.checks.append(checks)

    def arrays(self) -> tuple[UInt64Array, Array, UInt64Array]:
        """All keys in the order of the words."""
        none = np.zeros(0, np.uint64)
        keys = np.concatenate(self.hashes or [none])
        words = np.concatenate(self.words or [np.zeros(0, np.uint32)])
        checks = np.concatenate(self.checks or [none])
        # By word, and those of one word as they came.
        order = order_of_small(words)
        return keys[order], words[order], checks[order] if len(checks) else checks


def word_keys(words: Sequence[str] | Strings) -> WordKeys:
    """The keys of words (of `casefold_key`)."""
    return joined([_keys(batch) for _, batch in Strings.of(words).batches()] or [_keys(_NONE)])


_NONE = Strings.of([])


def _keys(words: Strings) -> WordKeys:
    folded, changed = folds(words)
    pairs, rests = _Pairs(), _Pairs()
    everything = np.arange(len(words), dtype=np.uint32)
    pairs.add(key_hashes(words, EXACT), everything)
    # A word that is its own folded form is found by its EXACT key; but the check of a rest looks
    # for FOLDED keys, and only words that are not ASCII have rests, which may be numbers.
    first = words.first()
    number = (first >= ord("0")) & (first <= ord("9"))
    posted = changed | number | words.any(words.points > _LAST_ASCII)
    as_folded = key_hashes(folded, FOLDED)
    pairs.add(as_folded[posted], everything[posted])
    classes = np.zeros((_MOST_LANGUAGES, len(words)), np.uint64)
    classes[0] = as_folded

    scripts = told_by_first_letter(folded, _script_of_letter, NO_LETTER)
    for number, (_, languages) in enumerate(_BY_SCRIPT):
        numbers = np.flatnonzero(scripts == number)
        if not len(numbers):
            continue
        forms = folded.take(numbers)
        # The stem of a word with its accents as well, where that is another one.
        written = numbers[changed[numbers]]
        spellings = Strings.joined([forms, words.take(written)])
        listed = None if all(language.arrays for _, language in languages) else spellings.list()
        for rank, (_, language) in enumerate(languages):
            namespace = stem_namespace(language)
            found = key_hashes(language.stems_of(spellings, listed), namespace)
            keys, of_written = found[: len(forms)], found[len(forms) :]
            pairs.add(keys, numbers)
            classes[rank, numbers] = keys
            other = of_written != classes[rank, written]
            pairs.add(of_written[other], written[other])
            found, owners = language.rests_of(forms)
            if len(found):
                keys = key_hashes(language.stems_of(found), namespace)
                rests.add(keys, numbers[owners], hashes(found, FOLDED))
            found, owners = language.roots_of(forms)
            if len(found):
                pairs.add(key_hashes(found, root_namespace(language)), numbers[owners])
    keys, owners, _ = pairs.arrays()
    return WordKeys(folded, keys, owners, *rests.arrays(), classes, scripts)


_LAST_ASCII = 0x7F


def _script_of_letter(letter: str) -> int:
    """The script of a letter as its place in `_BY_SCRIPT`."""
    return _SCRIPT_NUMBERS.get(script_of(letter), FOREIGN if letter.isalpha() else NO_LETTER)
