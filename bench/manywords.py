"""Documents that together hold so many different words as a large archive does.

Each word stands in one document at least. The frequent ones stand in many, since the rest of every
text is drawn by the frequencies of its language; so segments share the frequent words, and most
rare ones are in one of them. Equal counts give equal documents (with the same versions of numpy and
wordfreq).

The words are those of the large lists of wordfreq, about a million in three languages. What is
wanted beyond is made of them, in the shares of `BEYOND`: inflected forms and particles written onto
words, names, numbers, and what a machine misreads on scans.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from random import Random

import numpy as np
from fihris.indexer import Document
from fihris.indexer.folding import casefold_key
from fihris.indexer.words import words

from .queries import with_slip
from .vocabulary import LANGUAGES, Array, vocabulary

#: Of the words beyond the lists so many are of each kind.
BEYOND = {"forms": 0.35, "names": 0.1, "numbers": 0.05, "slips": 0.5}
#: A text has so many words of its own that need not be anywhere else, and so many that are drawn.
OWN, DRAWN = 33, 127
_TITLE = 6

_BEFORE = {
    "ar": ("وال", "بال", "فال", "كال", "لل", "و", "ب", "ل", "ف", "وب", "ول"),
    "fr": ("re", "dé", "in", "pré", "sur", "anti", ""),
    "en": ("re", "un", "non", "over", "anti", "mis", ""),
}
_BEHIND = {
    "ar": ("ها", "هم", "نا", "كم", "ية", "ات", "ين", "ه", ""),
    "fr": ("s", "es", "ment", "ions", "aient", "erait", "ées", "eur", "eurs"),
    "en": ("s", "ed", "ing", "ly", "ness", "ers", "able", "ish"),
}


def documents(count: int) -> Iterator[Document]:
    """Documents of at least so many different words, in no order."""
    own = _words(count)
    texts = {language: _texts(language, own[language]) for language in LANGUAGES}
    order = [language for language in LANGUAGES for _ in range(-(-len(own[language]) // OWN))]
    Random(1).shuffle(order)
    for number, language in enumerate(order):
        text = next(texts[language])
        yield Document(f"{number:07}", " ".join(text.split()[:_TITLE]), text)


def _words(count: int) -> dict[str, list[str]]:
    """The different words by their languages."""
    known: dict[str, str] = {}
    listed = {language: vocabulary(language).pieces for language in LANGUAGES}
    # The most frequent words of each language, where fewer are wanted than the lists hold.
    for rank in range(max(map(len, listed.values()))):
        for language, pieces in listed.items():
            if rank < len(pieces) and len(known) < count:
                _add(known, casefold_key(pieces[rank].strip(" ’")), language)
    beyond = count - len(known)
    random = Random(1)
    wanted = accumulate(round(beyond * share) for share in BEYOND.values())
    before = len(known)
    for kind, end in zip(BEYOND, wanted, strict=True):
        drawn = {language: _drawn(language, random) for language in LANGUAGES}
        while len(known) < before + end:
            language = random.choice(LANGUAGES)
            _add(known, _made(kind, language, drawn[language], random), language)
    own: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for word, language in known.items():
        own[language].append(word)
    for found in own.values():
        random.shuffle(found)
    return own


def _add(known: dict[str, str], word: str, language: str) -> None:
    """Adds a word that an index would read as such, and not as two or as another."""
    if word not in known and words(word) == [word]:
        known[word] = language


def _drawn(language: str, random: Random) -> Iterator[str]:
    """Words of five letters and more, endlessly, each as often as it is in texts."""
    listed = vocabulary(language)
    while True:
        shares = np.array([random.random() for _ in range(10_000)])
        for number in np.searchsorted(listed.shares, shares, "right").tolist():
            word = casefold_key(listed.pieces[min(number, len(listed.pieces) - 1)].strip(" ’"))
            if len(word) > 4 and word.isalpha():
                yield word


def _made(kind: str, language: str, drawn: Iterator[str], random: Random) -> str:
    """A word that may be in no list."""
    if kind == "numbers":
        return str(random.randrange(10 ** random.randint(3, 8)))
    word = next(drawn)
    if kind == "slips":
        return with_slip(word, language, random)
    if kind == "names":
        return word[: random.randint(2, 4)] + next(drawn)[-random.randint(2, 4) :]
    return random.choice(_BEFORE[language]) + word + random.choice(_BEHIND[language])


def _texts(language: str, own: list[str]) -> Iterator[str]:
    """Texts of one language, each with some of its own words among words drawn."""
    listed = vocabulary(language)
    pieces = np.array([piece.strip(" ’") for piece in listed.pieces], object)
    rng = np.random.default_rng(LANGUAGES.index(language))
    for first in range(0, len(own), OWN):
        shares = rng.random(DRAWN)
        numbers: Array = np.minimum(listed.shares.searchsorted(shares, "right"), len(pieces) - 1)
        numbers = numbers[~listed.attached[numbers]]
        text = np.concatenate([pieces[numbers], np.array(own[first : first + OWN], object)])
        yield " ".join(text[rng.permutation(len(text))].tolist())
