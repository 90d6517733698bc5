"""A word of a query becomes a weighted set of words of the index.

Segments know only keys of words, free of context. What depends on other words (is this rest a
word, is the class absent, which of too many are kept) is decided here, over all segments of a
commit at once, so that it does not matter how documents are spread over segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import regex

from ..indexer.arrayfile import Array
from ..indexer.detect import script_of
from ..indexer.folding import fold
from ..indexer.hashing import UInt64Array, hash_of, hashes
from ..indexer.language import Language, no_rests
from ..indexer.relations import (
    EXACT,
    FOLDED,
    languages_by_script,
    root_namespace,
    stem_namespace,
)
from ..indexer.spelling import MIN_LETTERS
from ..indexer.stretches import among, distinct
from . import compiled
from .corrections import Correction, corrections
from .nodes import ExactPhrase, Near, Word
from .similar import Alike, most, similar_words
from .snapshot import Snapshot
from .thesaurus import NO_SYNONYMS, plain
from .variants import Candidates, Resolved, Variants
from .weights import Layer, Weights, grained

_SCRIPTS = languages_by_script()
_WITH_PARTICLES = [
    each for known in _SCRIPTS.values() for each in known if each[1].rests is not no_rests
]
_DIGIT = regex.compile(r"\d")


def _is_spelt(folded: str) -> bool:
    """Whether a word has letters enough, and no digits, to be told from others by its spelling."""
    return len(folded) >= MIN_LETTERS and (folded.isalpha() or not _DIGIT.search(folded))


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
        self._only_live = only_live
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
            self._known[asked] = self._resolved(*asked)
        return self._known[asked]

    def resolve_all(self, query: Any) -> None:
        """Resolves all the words of a tree, so that they are known when it is run."""
        for leaf in query.leaves():
            if isinstance(leaf, Word):
                self.resolve(leaf.text, leaf.strict)
            elif isinstance(leaf, ExactPhrase):
                for word in leaf.words:
                    self.resolve(word, leaf.strict, layers=False)
            elif isinstance(leaf, Near):
                for operand in leaf.words:
                    self.resolve_all(operand)

    def _resolved(self, text: str, strict: bool, layers: bool) -> Resolved:
        weights = self._weights
        found = Candidates(self._lexicons)
        folded = fold(text)
        as_written = folded if weights.folded and not strict else ""
        if strict or not layers or not self._parts:
            self._add_as_written(found, text, as_written)
            return Resolved(text, found.variants())
        languages = self._add_forms(found, text, folded)
        if self.thesaurus:
            self._add_synonyms(found, text)
        absent = self._is_absent(found, text)
        if weights.root:
            for _, language in languages:
                if root := language.root(folded):
                    self._add_roots(found, root, language)
        correction = ""
        if _is_spelt(folded) and (weights.similar or (absent and weights.corrected)):
            similar = None
            if weights.similar:
                floor, cap = weights.similar_floor, weights.similar_cap
                similar = similar_words(self._snapshot, folded, floor, cap)
                found.add(similar.numbers, weights.similar * similar.likeness, Layer.SIMILAR)
            if absent and weights.corrected:
                correction = self._add_corrections(found, text, similar)
        return Resolved(text, found.variants(), correction)

    def corrections(self, text: str) -> list[Correction]:
        """The words that a word may have been meant to be, the likeliest first; none when it is
        in the index in any form."""
        folded = fold(text)
        if not _is_spelt(folded) or not self._weights.corrected:
            return []
        forms = Candidates(self._lexicons)
        self._add_forms(forms, text, folded)
        if self.thesaurus:
            self._add_synonyms(forms, text)
        if not self._is_absent(forms, text):
            return []
        return corrections(self._snapshot, text)

    def _add_forms(self, found: Candidates, text: str, folded: str) -> list[tuple[int, Language]]:
        """The word and its other forms; gives the languages that it may be of."""
        weights = self._weights
        mask = self._add_as_written(found, text, folded if weights.folded else "")
        languages = _SCRIPTS.get(script_of(folded), [])
        if folded.isdecimal():
            languages = _WITH_PARTICLES  # و1945 is 1945 to those who write particles onto numbers
        bits = sum(1 << bit for bit, _ in languages)
        mask = 0 if self._only_live else mask & bits
        if weights.stem:
            shared = [each for each in languages if not mask or mask >> each[0] & 1]
            self._add_stems(found, text, folded, shared, mask, bits)
        return languages

    def _is_absent(self, found: Candidates, text: str) -> bool:
        """Whether neither the index nor a term of the thesaurus knows a word: it may be a slip."""
        known = self.thesaurus and self.thesaurus.holds_in_term(self.plain_forms(text))
        return found.none and not known

    def _add_synonyms(self, found: Candidates, text: str) -> None:
        """The forms of the words that share a group with the word or with any of its forms."""
        for word in self.thesaurus.words(self.plain_forms(text), self._weights.synonym_cap):
            forms = self.forms(word)
            numbers = self._lexicons.numbers([variants.ids for variants in forms])
            weights = np.concatenate([np.zeros(0), *(variants.weights for variants in forms)])
            found.add(numbers, self._weights.synonym * weights, Layer.SYNONYM)

    def plain_forms(self, text: str) -> frozenset[str]:
        """A word and its other forms in the index, as the thesaurus compares them (`plain`)."""
        if text not in self._plain_forms:
            forms = {plain(text)}
            for part, variants in zip(self._parts, self.forms(text), strict=True):
                forms |= {plain(part.lexicon.word(number)) for number in variants.ids.tolist()}
            # Behind particles there may be a word that only the thesaurus knows.
            folded = fold(text)
            for _, language in _SCRIPTS.get(script_of(folded), []):
                rests = map(plain, language.rests(folded))
                forms |= {rest for rest in rests if self.thesaurus.holds([rest])}
            self._plain_forms[text] = frozenset(forms)
        return self._plain_forms[text]

    def forms(self, text: str) -> list[Variants]:
        """A word and its other forms, without what is only related to it."""
        if text not in self._classes:
            forms = Candidates(self._lexicons)
            self._add_forms(forms, text, fold(text))
            self._classes[text] = forms.variants()
        return self._classes[text]

    def _add_as_written(self, found: Candidates, text: str, folded: str) -> int:
        """The word and those with the same folded form, unless that is ""; gives the mask of
        their languages."""
        keys = [hash_of(text, EXACT)]
        if folded:
            keys += [hash_of(folded, FOLDED), hash_of(folded, EXACT)]
        numbers, which = self._having(np.array(keys, np.uint64))
        itself = which == 0
        found.add(numbers[itself], 1.0, Layer.EXACT)
        found.add(numbers[~itself], self._weights.folded, Layer.FOLDED)
        return int(np.bitwise_or.reduce(self._lexicons.masks.of(numbers), initial=0))

    def _add_stems(
        self,
        found: Candidates,
        text: str,
        folded: str,
        languages: Sequence[tuple[int, Language]],
        mask: int,
        bits: int,
    ) -> None:
        keys: list[int] = []
        of_key: list[int] = []
        own_rests: list[str] = []
        for bit, language in languages:
            rests = self._attested(language.rests(folded))
            own_rests += rests
            for stem in {*language.stems([folded, text, *rests])}:
                keys.append(hash_of(stem, stem_namespace(language)))
                of_key.append(bit)
        wanted, bit_of_key = np.array(keys, np.uint64), np.array(of_key, np.int64)
        numbers, which = self._having(wanted)
        of_word = bit_of_key[which]
        if any(language.rests is not no_rests for _, language in languages):
            behind, which = self._behind_proclitics(wanted, [folded, *own_rests])
            numbers = np.concatenate([numbers, behind])
            of_word = np.concatenate([of_word, bit_of_key[which]])
        if mask and bits.bit_count() > 1:
            # A word forms a class with others only in a language that both were seen in; one
            # that was seen in no language of its script may be of any. Where the script has only
            # one language that is all of them.
            masks = self._lexicons.masks.of(numbers)
            seen = self._lexicons.together(numbers, masks, np.bitwise_or) & np.uint64(bits)
            bit = seen >> of_word.astype(np.uint64) & np.uint64(1)
            numbers = numbers[(seen == 0) | (bit == 1)]
        found.add(numbers, self._weights.stem, Layer.STEM)

    def _behind_proclitics(self, wanted: UInt64Array, forms: list[str]) -> tuple[Array, Array]:
        """The words that have one of some stems behind their proclitics, and the place of it;
        what stands there must be a word of the index or one of the given forms."""
        numbers, checks, which = self._lexicons.rests.having_checked(wanted)
        if self._only_live:
            live = self._live(numbers)
            numbers, checks, which = numbers[live], checks[live], which[live]
        if not len(checks):
            return numbers, which
        different = distinct(checks)
        known = self._are_words(different) | among(different, np.sort(hashes(forms, FOLDED)))
        real = among(checks, different[known])
        return numbers[real], which[real]

    def _having(self, keys: UInt64Array) -> tuple[Array, Array]:
        """The words that have any of the keys, and the places of these."""
        numbers, which = self._lexicons.keys.having(keys)
        if self._only_live:
            live = self._live(numbers)
            return numbers[live], which[live]
        return numbers, which

    def _live(self, numbers: Array) -> Array:
        """Which of some words, given segment by segment, stand in a live document of theirs."""
        if not self._snapshot.deleted:
            return np.ones(len(numbers), bool)
        return self._snapshot.frequencies(numbers) > 0

    def _attested(self, rests: Sequence[str]) -> list[str]:
        """Those of some folded strings that are words of the index."""
        if not rests:
            return []
        known = self._are_words(hashes(list(rests), FOLDED))
        return [rest for rest, there in zip(rests, known.tolist(), strict=True) if there]

    def _are_words(self, checks: UInt64Array) -> Array:
        """Which of some FOLDED hashes are of words of the index (bool)."""
        if not self._only_live:
            return self._lexicons.keys.hold(checks)
        known = np.zeros(len(checks), bool)
        known[self._having(checks)[1]] = True
        return known

    def _add_roots(self, found: Candidates, root: str, language: Language) -> None:
        numbers, _ = self._lexicons.keys.having(hashes([root], root_namespace(language)))
        if len(numbers) > self._weights.root_cap:
            numbers = self._most_frequent(numbers, self._weights.root_cap)
        found.add(numbers, grained(self._weights.root), Layer.ROOT)

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

    def _add_corrections(self, found: Candidates, text: str, similar: Alike | None) -> str:
        best = corrections(self._snapshot, text, similar)
        for correction in best:
            weight = (
                self._weights.corrected
                if correction.edits == 1
                else (self._weights.corrected_twice)
            )
            found.add(correction.numbers, grained(weight), Layer.CORRECTED)
        return best[0].word if best else ""
