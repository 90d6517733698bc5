"""A word of a query becomes a weighted set of words of the index.

Segments know only keys of words, free of context. What depends on other words (is this rest a
word, is the class absent, which of too many are kept) is decided here, over all segments of a
commit at once, so that it does not matter how documents are spread over segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import regex

from ..indexer.arrayfile import Array
from ..indexer.detect import script_of
from ..indexer.folding import fold
from ..indexer.hashing import hashes
from ..indexer.language import Language
from ..indexer.relations import root_namespace
from ..indexer.spelling import MIN_LETTERS
from . import compiled
from .corrections import Correction, corrections
from .forms import SCRIPTS, Asked, Forms
from .nodes import ExactPhrase, Near, Word
from .similar import Alike, most, similar_words
from .snapshot import Snapshot
from .thesaurus import NO_SYNONYMS, plain
from .variants import Candidates, Resolved, Variants
from .weights import Layer, Weights, grained

# A word of a query, whether it is strict, and whether layers count.
_Key = tuple[str, bool, bool]
# So many words are resolved at a time.
_TOGETHER = 64
_DIGIT = regex.compile(r"\d")


def _is_spelt(folded: str) -> bool:
    """Whether a word has letters enough, and no digits, to be told from others by its spelling."""
    return len(folded) >= MIN_LETTERS and (folded.isalpha() or not _DIGIT.search(folded))


def _words(query: Any) -> Iterator[_Key]:
    """The words of a tree, as they are asked for when it is run."""
    for leaf in query.leaves():
        if isinstance(leaf, Word):
            yield leaf.text, leaf.strict, True
        elif isinstance(leaf, ExactPhrase):
            for word in leaf.words:
                yield word, leaf.strict, False
        elif isinstance(leaf, Near):
            for operand in leaf.words:
                yield from _words(operand)


class Resolver:
    """Resolves query words in the lexicons of a snapshot.

    Args:
        only_live: whether words that stand in deleted documents alone are passed over, and the
            languages that words were seen in do not count; else deleted documents tell of them
            until they are merged away.

    Attributes:
        thesaurus: what it takes synonyms from.
    """

    def __init__(self, snapshot: Snapshot, weights: Weights, only_live: bool = False) -> None:
        self._parts, self._weights = snapshot.parts, weights
        self._snapshot, self._lexicons = snapshot, snapshot.lexicons
        self._forms = Forms(snapshot, weights, only_live)
        self.thesaurus = snapshot.thesaurus if weights.synonym else NO_SYNONYMS
        self._known: dict[tuple[str, bool, bool], Resolved] = {}
        self._classes: dict[str, list[Variants]] = {}
        self._plain_forms: dict[str, frozenset[str]] = {}

    def resolve(self, text: str, strict: bool = False, layers: bool = True) -> Resolved:
        """What a word stands for; of the same word asked for again the same answer.

        Args:
            text: its key.
            strict: only the word as written.
            layers: whether forms, synonyms, roots and similar spellings count, or only accents.
        """
        asked = text, strict, layers
        if asked not in self._known:
            self._resolve([asked])
        return self._known[asked]

    def resolve_all(self, query: Any) -> None:
        """Resolves all the words of a tree, so that they are known when it is run."""
        asked = dict.fromkeys(_words(query))
        wanted = [each for each in asked if each not in self._known]
        for first in range(0, len(wanted), _TOGETHER):
            self._resolve(wanted[first : first + _TOGETHER])

    def _resolve(self, wanted: Sequence[_Key]) -> None:
        weights = self._weights
        found = Candidates(self._lexicons, len(wanted))
        words = [Asked(*each) for each in wanted]
        self._forms.add(found, words)
        layered = [
            (n, word)
            for n, word in enumerate(words)
            if word.layers and not word.strict and self._parts
        ]
        if self.thesaurus:
            for n, word in layered:
                self._add_synonyms(found, n, word.text)
        missing = found.missing()
        corrected = [""] * len(words)
        alike: dict[int, Alike] = {}
        for n, word in layered:
            absent = missing[n] and not self._in_term(word.text)
            if weights.root:
                for _, language in word.languages:
                    if root := language.root(word.folded):
                        self._add_roots(found, n, root, language)
            if not _is_spelt(word.folded):
                continue
            if weights.similar:
                floor, cap = weights.similar_floor, weights.similar_cap
                alike[n] = similar_words(self._snapshot, word.folded, floor, cap)
            if absent and weights.corrected:
                corrected[n] = self._add_corrections(found, n, word.text, alike.get(n))
        self._add_similar(found, alike)
        every = zip(wanted, found.variants(), corrected, strict=True)
        for asked, variants, correction in every:
            self._known[asked] = Resolved(asked[0], variants, correction)

    def _add_similar(self, found: Candidates, alike: dict[int, Alike]) -> None:
        """The words that are spelled like some words of the query, given by the places of these."""
        if not alike:
            return
        numbers, likeness, _, _ = zip(*alike.values(), strict=True)
        owners = np.repeat([*alike], [*map(len, numbers)])
        worth = self._weights.similar * np.concatenate(likeness)
        found.add(np.concatenate(numbers), worth, Layer.SIMILAR, owners)

    def corrections(self, text: str) -> list[Correction]:
        """The words that a word may have been meant to be, the likeliest first; none when it is
        in the index in any form."""
        if not _is_spelt(fold(text)) or not self._weights.corrected:
            return []
        forms = Candidates(self._lexicons)
        self._forms.add(forms, [Asked(text)])
        if self.thesaurus:
            self._add_synonyms(forms, 0, text)
        if not forms.missing()[0] or self._in_term(text):
            return []
        return corrections(self._snapshot, text)

    def _in_term(self, text: str) -> bool:
        """Whether a term of the thesaurus knows a word: where it is not in the index, it is no slip
        all the same."""
        return bool(self.thesaurus) and self.thesaurus.holds_in_term(self.plain_forms(text))

    def _add_synonyms(self, found: Candidates, n: int, text: str) -> None:
        """The forms of the words that share a group with the word or with any of its forms."""
        for word in self.thesaurus.words(self.plain_forms(text), self._weights.synonym_cap):
            forms = self.forms(word)
            numbers = self._lexicons.numbers([variants.ids for variants in forms])
            weights = np.concatenate([np.zeros(0), *(variants.weights for variants in forms)])
            found.add(numbers, self._weights.synonym * weights, Layer.SYNONYM, n)

    def plain_forms(self, text: str) -> frozenset[str]:
        """A word and its other forms in the index, as the thesaurus compares them (`plain`)."""
        if text not in self._plain_forms:
            forms = {plain(text)}
            for part, variants in zip(self._parts, self.forms(text), strict=True):
                forms |= {plain(part.lexicon.word(number)) for number in variants.ids.tolist()}
            # Behind particles there may be a word that only the thesaurus knows.
            folded = fold(text)
            for _, language in SCRIPTS.get(script_of(folded), []):
                rests = map(plain, language.rests(folded))
                forms |= {rest for rest in rests if self.thesaurus.holds([rest])}
            self._plain_forms[text] = frozenset(forms)
        return self._plain_forms[text]

    def forms(self, text: str) -> list[Variants]:
        """A word and its other forms, without what is only related to it."""
        if text not in self._classes:
            forms = Candidates(self._lexicons)
            self._forms.add(forms, [Asked(text)])
            self._classes[text] = forms.variants()[0]
        return self._classes[text]

    def _add_roots(self, found: Candidates, n: int, root: str, language: Language) -> None:
        numbers, _ = self._lexicons.keys.having(hashes([root], root_namespace(language)))
        if len(numbers) > self._weights.root_cap:
            numbers = self._most_frequent(numbers, self._weights.root_cap)
        found.add(numbers, grained(self._weights.root), Layer.ROOT, n)

    def _most_frequent(self, numbers: Array, cap: int) -> Array:
        """Of some words those that are among the `cap` most frequent different ones."""
        lexicons, snapshot = self._lexicons, self._snapshot
        if compiled.kernels:
            held = lexicons.identities.held, snapshot.starts.held, snapshot.ends.held
            kept = compiled.kernels.most_frequent(*held, lexicons.bases, numbers, cap)
            return np.frombuffer(kept, np.int64)
        counts = (snapshot.ends.of(numbers) - snapshot.starts.of(numbers)).astype(np.int64)
        everywhere = lexicons.together(numbers, counts, np.add)
        return numbers[most(lexicons.identities.of(numbers), everywhere, cap)]

    def _add_corrections(self, found: Candidates, n: int, text: str, similar: Alike | None) -> str:
        best = corrections(self._snapshot, text, similar)
        for correction in best:
            weight = (
                self._weights.corrected
                if correction.edits == 1
                else (self._weights.corrected_twice)
            )
            found.add(correction.numbers, grained(weight), Layer.CORRECTED, n)
        return best[0].word if best else ""
