"""The language of each paragraph of a document, and the script of a word.

Script first: where one configured language has the script, nothing is left to guess. Languages
that share a script are told apart by the function words that only one of them has: two such words
settle 93 % of French and English pieces of 10 words (of 20 words: 99.7 %), and 99.9 % of those
rightly. What is open goes to the statistical model of py3langid (`languagemodel.py`), which is
loaded when first needed. What is still open, a heading or a name, takes the language of its
neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

import numpy as np
import regex

from . import compiled
from .arrayfile import Array
from .growing import Growing
from .language import Language
from .languagemodel import model
from .languages import LANGUAGES
from .stretches import distinct
from .strings import Strings
from .vocabulary import Read, Vocabulary
from .words import MAX_WORD

# The words that begin in so many characters are looked at; a longer look changes no answer.
_SAMPLE = 200
_MODEL_SAMPLE = 120
# A language is told by this many different function words, if it has twice those of the next.
_ENOUGH_WORDS = 2
# The model has its say from this many letters and this probability on: then it is right in 99.9 %
# of pieces of 4 to 10 words. A guess with no neighbour to ask may be a little less sure (99.7 %).
_MODEL_LETTERS = 20
_SURE = 0.9
_SURE_ENOUGH = 0.8

_FOREIGN = "?"


class _Scripts(dict[str, str]):
    """The script of a character, looked up with regex once and remembered: one that was asked
    for, `_FOREIGN` for a letter of another script, "" for what is no letter."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self._patterns = {name: regex.compile(rf"\p{{{name}}}") for name in names}

    def __missing__(self, character: str) -> str:
        script = ""
        if character.isalpha():
            found = (name for name, p in self._patterns.items() if p.match(character))
            script = next(found, _FOREIGN)
        self[character] = script
        return script


_SCRIPT_OF_CHARACTER = _Scripts(language.script for language in LANGUAGES)


def script_of(word: str) -> str:
    """The script of a word's first letter as the configured languages name it, "Latin" say;
    "" when that letter is of a script that none of them has, or when there is no letter."""
    for character in word:
        script = _SCRIPT_OF_CHARACTER[character]
        if script:
            return "" if script == _FOREIGN else script
    return ""


def told_by_first_letter(words: Strings, number: Callable[[str], int], none: int) -> Array:
    """What the first letter of each word tells, as a number (uint8).

    Args:
        number: what a character tells; asked once for each that there is.
        none: what it gives for no letter, and what a word without letters gets.
    """
    numbers = np.full(len(words), none, np.uint8)
    open_, place = np.arange(len(words)), 0
    while len(open_):
        # Of most words the first character is a letter.
        points = words.at(open_, place)
        different = distinct(points)
        table = np.array([number(chr(code)) for code in different.tolist()], np.uint8)
        numbers[open_] = table[np.searchsorted(different, points)]
        place += 1
        open_ = open_[(numbers[open_] == none) & (words.lengths[open_] > place)]
    return numbers


class Detector:
    """Tells languages from one another; the same text always gets the same answer.

    Args:
        languages: those to choose among; a passage in the script of none of them gets none.

    Attributes:
        telling: the function words that one language has and no other one of its script.
        own: of those, whether each language has them (a row for each word).
    """

    def __init__(self, languages: Sequence[Language] = LANGUAGES) -> None:
        self._languages = languages
        self._places = {language.code: place for place, language in enumerate(languages)}
        scripts = list(dict.fromkeys(language.script for language in languages))
        #: The number of each script; 0 is that of words without letters.
        self.scripts = {"": 0, **{script: n for n, script in enumerate(scripts, 1)}}
        self.scripts[_FOREIGN] = len(self.scripts)
        self._script_of = np.array([self.scripts[each.script] for each in languages], np.int64)
        self._in_script = self._script_of == np.arange(len(self.scripts))[:, None]
        self.script_of_character = _Scripts(scripts)
        own_words = [
            language.stop_words.difference(
                *(
                    other.stop_words
                    for other in languages
                    if other.script == language.script and other is not language
                )
            )
            for language in languages
        ]
        self.telling = sorted(frozenset[str]().union(*own_words))
        self.own = np.array(
            [[word in own for own in own_words] for word in self.telling], bool
        ).reshape(len(self.telling), len(languages))

    def languages(self, paragraphs: Sequence[str], declared: str | None = None) -> list[str]:
        """The ISO 639-1 code of each paragraph of a document, "" where it could not be told.

        A declared language ("fr", "fr-CA") counts for all paragraphs in its script; one that is
        not configured is passed over.
        """
        clues = Clues(self)
        read = clues.vocabulary.read([text[: _SAMPLE + MAX_WORD] for text in paragraphs])
        places = self.tell(clues, paragraphs, read, [len(paragraphs)], [declared])
        return [self._languages[place].code if place >= 0 else "" for place in places.tolist()]

    def tell(
        self,
        clues: Clues,
        passages: Sequence[str],
        read: Read,
        counts: Sequence[int],
        declared: Sequence[str | None],
    ) -> Array:
        """The language of each passage of some documents, as its place in the list of languages,
        or -1 (int64).

        Args:
            read: the words of the passages, or at least those of the beginning of each.
            counts: how many passages each document has.
            declared: the language that is declared for each document.
        """
        scripts, letters, own = self._look_at(clues, read)
        leading = own.argmax(axis=1)
        first = own[np.arange(len(own)), leading]
        second = np.partition(own, -2, axis=1)[:, -2] if own.shape[1] > 1 else np.zeros_like(first)
        told = (first >= _ENOUGH_WORDS) & (first >= 2 * second)
        found = np.where(told, leading, -1)
        for script in range(1, len(self.scripts) - 1):
            members = np.flatnonzero(self._in_script[script])
            here = scripts == script
            if len(members) == 1:
                found[here] = members[0]
            else:
                for place in np.flatnonzero(here & ~told & (letters >= _MODEL_LETTERS)).tolist():
                    found[place] = self._ask_model(passages[place], script, _SURE)
        edges = [0, *accumulate(counts)]
        for doc, code in enumerate(declared):
            language = self._places.get((code or "").replace("_", "-").partition("-")[0].lower())
            if language is not None:
                mine = slice(edges[doc], edges[doc + 1])
                found[mine][scripts[mine] == self._script_of[language]] = language
        open_ = np.flatnonzero((found < 0) & (scripts != self.scripts[_FOREIGN]))
        for doc in distinct(np.searchsorted(edges, open_, "right") - 1).tolist():
            mine = slice(edges[doc], edges[doc + 1])
            self._ask_neighbours(passages[mine], found[mine], scripts[mine])
        return found

    def _look_at(self, clues: Clues, read: Read) -> tuple[Array, Array, Array]:
        """For each passage, by its beginning: the script of most letters, how many letters there
        are, and how many different own words of each language of that script."""
        letters, counts = self._counted(clues, read)
        letters[:, 0] = 0
        scripts = letters.argmax(axis=1)
        counts[~self._in_script[scripts]] = 0
        return scripts, letters.sum(axis=1), counts

    def _counted(self, clues: Clues, read: Read) -> tuple[Array, Array]:
        """For each passage, by its beginning: the letters of each script, and the different own
        words of each language, a column for each."""
        lengths, scripts = clues.known()
        count = len(read.counts)
        letters = np.zeros((count, len(self.scripts)), np.int64)
        counts = np.zeros((count, len(self._languages)), np.int64)
        if compiled.kernels:
            bits = (self.own << np.arange(len(self._languages), dtype=np.uint32)).sum(axis=1)
            compiled.kernels.look(
                read.words, read.offsets, read.counts, np.array([_SAMPLE]), lengths, scripts,
                bits.astype(np.uint32), np.empty(len(bits), np.int64),
                letters.ravel(), counts.ravel(),
            )  # fmt: skip
            return letters, counts
        sampled = read.offsets < _SAMPLE
        words, passages = read.words[sampled], np.repeat(np.arange(count), read.counts)[sampled]
        letters[:] = np.bincount(
            passages * len(self.scripts) + scripts[words],
            weights=lengths[words],
            minlength=letters.size,
        ).reshape(letters.shape)
        telling = words < len(self.own)
        pairs = distinct(passages[telling] << 32 | words[telling])
        passages, own = pairs >> 32, self.own[pairs & 0xFFFFFFFF]
        for language in range(len(self._languages)):
            counts[:, language] = np.bincount(passages[own[:, language]], minlength=count)
        return letters, counts

    def _ask_model(self, text: str, script: int, sure: float) -> int:
        members = np.flatnonzero(self._in_script[script]).tolist()
        found = model(tuple(self._languages[place].code for place in members))
        if found is None:
            return -1
        code, probability = found.classify(text[:_MODEL_SAMPLE])
        return self._places[code] if probability >= sure else -1

    def _ask_neighbours(self, passages: Sequence[str], found: Array, scripts: Array) -> None:
        """Fills in the open passages of a document from the one before in the same script, else
        the one after; a passage without letters may follow any other."""
        open_ = found < 0
        for script in distinct(scripts[open_]).tolist():
            places = np.flatnonzero(open_ & (scripts == script))
            told = np.flatnonzero(~open_)
            if script == self.scripts[_FOREIGN]:
                continue
            if script:
                told = told[self._script_of[found[told]] == script]
            if len(told):
                before = np.searchsorted(told, places) - 1
                found[places] = found[told[np.maximum(before, 0)]]
            elif script:
                together = "\n".join(passages[place][:_SAMPLE] for place in places.tolist())
                found[places] = self._ask_model(together, script, _SURE_ENOUGH)


class Clues:
    """What a detector knows of each word of a vocabulary that it shares with others.

    Attributes:
        vocabulary: begins with the function words that tell a language.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self.vocabulary = Vocabulary(detector.telling)
        self._scripts = Growing(np.uint8)

    def known(self) -> tuple[Array, Array]:
        """The length of each word of the vocabulary, and the number of its script: that of its
        first letter."""
        words, known = self.vocabulary.words(), len(self._scripts)
        detector = self._detector
        self._scripts.extend(
            told_by_first_letter(
                words.between(known, len(words)),
                lambda letter: detector.scripts[detector.script_of_character[letter]],
                0,
            )
        )
        return words.lengths, self._scripts.array


def main_language(codes: Sequence[str], lengths: Sequence[int]) -> tuple[str, list[str]]:
    """The main language of a document and the list of all its languages, most text first.

    Takes each paragraph's code and length; paragraphs of code "" do not count, and where no other
    is left the answer is ("", []). Of equal shares the one that comes first leads.
    """
    share: dict[str, int] = {}
    for code, length in zip(codes, lengths, strict=True):
        if code:
            share[code] = share.get(code, 0) + length
    every = sorted(share, key=share.__getitem__, reverse=True)
    return (every[0] if every else ""), every
