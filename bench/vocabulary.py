"""Words of a language with their real frequencies, as pieces of running text.

The frequencies are those of the package `wordfreq` (its large lists). It cuts clitics off: French
« l’ » and Arabic «و» are entries of their own, as frequent as they are in texts. Here they are
pieces without a space behind them, so that text put together from pieces has as many elisions and
proclitics as real text.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

LANGUAGES = ("ar", "fr", "en")

# What stands before a vowel, and what is written in its place before a consonant.
_ELISIONS = {
    "l": "le", "d": "de", "j": "je", "m": "me", "t": "te", "s": "se", "n": "ne", "c": "ce",
    "qu": "que", "jusqu": "jusque", "lorsqu": "lorsque", "puisqu": "puisque",
}  # fmt: skip
_PROCLITICS = frozenset("وبلفك")
_VOWEL = re.compile("[aeiouyhàâäéèêëîïôöùûüœæ]")
_ARABIC = re.compile("[\u0621-\u064a]")
_NUMBERS = {"00": range(10, 100), "000": range(100, 1000), "0000": range(1800, 2026)}
# One word in so many, of those rarer than the common ones, is a name and has a capital.
_NAMES, _COMMON = 12, 1500
#: So many of the most frequent words are function words: they are not repeated for their sense.
FUNCTION_WORDS = 150

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language, the most frequent first.

    Attributes:
        pieces: each word as it stands in running text, with the space behind it.
        shares: the running sum of their frequencies, up to 1.
        attached: which of them have no space behind them.
        vowels: which of them a French article is elided before.
        full: the number of what stands in the place of an elided word before a consonant, else
            the word's own number.
    """

    pieces: list[str]
    shares: Array
    attached: Array
    vowels: Array
    full: Array


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of "ar", "fr" or "en"."""
    import wordfreq  # only where words are made: the rest of the benchmarks does without

    entries: list[tuple[float, str]] = []
    for word, frequency in wordfreq.get_frequency_dict(language, "large").items():
        if word in _NUMBERS:
            numbers = _NUMBERS[word]
            entries += ((frequency / len(numbers), str(number)) for number in numbers)
        elif word.isdecimal() or _is_word(word, language):
            entries.append((frequency, word))
    entries.sort(key=lambda entry: (-entry[0], entry[1]))
    words = [word for _, word in entries]
    shares = np.cumsum([frequency for frequency, _ in entries])
    number = {word: n for n, word in enumerate(words)}
    full = np.arange(len(words))
    attached = np.zeros(len(words), bool)
    pieces = []
    for n, word in enumerate(words):
        piece = word + " "
        if language == "fr" and word in _ELISIONS:
            attached[n], full[n], piece = True, number[_ELISIONS[word]], word + "’"
        elif language == "ar" and word in _PROCLITICS:
            attached[n], piece = True, word
        elif n >= _COMMON and zlib.crc32(word.encode()) % _NAMES == 0:
            piece = piece.capitalize()
        pieces.append(piece)
    vowels = np.array([bool(_VOWEL.match(word)) for word in words])
    return Vocabulary(pieces, shares / shares[-1], attached, vowels, full)


def _is_word(word: str, language: str) -> bool:
    """Whether an entry is a word of the language's script (lists hold emoji and foreign words)."""
    if any(character.isdigit() for character in word):
        return False
    if language == "ar":
        return bool(_ARABIC.match(word))
    return any("a" <= character <= "z" for character in word)
