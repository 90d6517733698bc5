"""The words of the index that are written as words of a query, or are other forms of them.

All words of a query are looked up together: for each of them alone, most of the time would go into
calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.detect import script_of
from ..indexer.folding import fold
from ..indexer.hashing import UInt64Array, hash_of, hashes
from ..indexer.language import Language, no_rests
from ..indexer.relations import EXACT, FOLDED, languages_by_script, stem_namespace
from ..indexer.stretches import among, distinct
from .snapshot import Snapshot
from .variants import Candidates
from .weights import Layer, Weights

SCRIPTS = languages_by_script()
_WITH_PARTICLES = [
    each for known in SCRIPTS.values() for each in known if each[1].rests is not no_rests
]


class Asked:
    """A word of a query.

    Attributes:
        text: its key.
        strict: only the word as written.
        layers: whether forms count, or only accents.
        folded: its folded form.
        languages: those that it may be of, with their bits.
    """

    def __init__(self, text: str, strict: bool = False, layers: bool = True) -> None:
        self.text, self.strict, self.layers = text, strict, layers
        self.folded = fold(text)
        self.languages: Sequence[tuple[int, Language]]
        if self.folded.isdecimal():
            # و1945 is 1945 to those who write particles onto numbers
            self.languages = _WITH_PARTICLES
        else:
            self.languages = SCRIPTS.get(script_of(self.folded), [])


class Forms:
    """Finds forms of words in the lexicons of a snapshot.

    Args:
        only_live: as for a `Resolver`.
    """

    def __init__(self, snapshot: Snapshot, weights: Weights, only_live: bool) -> None:
        self._snapshot, self._lexicons = snapshot, snapshot.lexicons
        self._weights, self._only_live = weights, only_live

    def add(self, found: Candidates, words: Sequence[Asked]) -> None:
        """Adds to the candidates of each word the word itself and its other forms."""
        masks = self._add_as_written(found, words)
        if self._weights.stem and any(word.layers and not word.strict for word in words):
            self._add_stems(found, words, masks)

    def _add_as_written(self, found: Candidates, words: Sequence[Asked]) -> list[int]:
        """The words and those with the same folded form; gives the languages that what was found
        for each was seen in, as a mask."""
        keys: list[int] = []
        owners: list[int] = []
        for n, word in enumerate(words):
            keys.append(hash_of(word.text, EXACT))
            owners.append(n)
        for n, word in enumerate(words):
            if self._weights.folded and word.folded and not word.strict:
                keys.append(hash_of(word.folded, FOLDED))
                owners.append(n)
                if word.folded != word.text:
                    keys.append(hash_of(word.folded, EXACT))
                    owners.append(n)
        numbers, which = self._having(np.array(keys, np.uint64))
        own = np.array(owners, np.int64)[which]
        itself = which < len(words)
        other = ~itself
        found.add(numbers[itself], 1.0, Layer.EXACT, own[itself])
        found.add(numbers[other], self._weights.folded, Layer.FOLDED, own[other])
        masks = [0] * len(words)
        # They are few, for which numpy's own way takes longer.
        for n, mask in zip(own.tolist(), self._lexicons.masks.of(numbers).tolist(), strict=True):
            masks[n] |= mask
        return masks

    def _add_stems(self, found: Candidates, words: Sequence[Asked], masks: Sequence[int]) -> None:
        shared: list[tuple[int, int, Language, Sequence[str]]] = []
        limits = [0] * len(words)
        for n, word in enumerate(words):
            if word.strict or not word.layers:
                continue
            languages = word.languages
            bits = sum([1 << bit for bit, _ in languages])
            mask = 0 if self._only_live else masks[n] & bits
            for bit, language in languages:
                if not mask or mask >> bit & 1:
                    shared.append((n, bit, language, language.rests(word.folded)))
            if mask and len(languages) > 1:
                limits[n] = bits
        attested = self._attested({rest for *_, rests in shared for rest in rests})
        keys: list[int] = []
        key_owners: list[int] = []
        key_bits: list[int] = []
        own_rests: dict[int, list[str]] = {}  # of words that may have any
        for n, bit, language, rests in shared:
            word = words[n]
            forms = [word.folded, word.text]
            if language.rests is not no_rests:
                there = [rest for rest in rests if rest in attested]
                own_rests.setdefault(n, [word.folded]).extend(there)
                forms += there
            namespace = stem_namespace(language)
            for stem in {*language.stems(forms)}:
                keys.append(hash_of(stem, namespace))
                key_owners.append(n)
                key_bits.append(bit)
        wanted, owners = np.array(keys, np.uint64), np.array(key_owners, np.int64)
        numbers, which = self._having(wanted)
        if own_rests:
            behind, of_key = self._behind_proclitics(wanted, owners, own_rests)
            numbers, which = np.concatenate([numbers, behind]), np.concatenate([which, of_key])
        own = owners[which]
        if any(limits):
            # A word forms a class with others only in a language that both were seen in; one
            # that was seen in no language of its script may be of any. Where the script has only
            # one language that is all of them.
            seen = self._lexicons.together(numbers, self._lexicons.masks.of(numbers), np.bitwise_or)
            seen &= np.array(limits, np.uint64)[own]
            both = seen >> np.array(key_bits, np.uint64)[which] & np.uint64(1) == 1
            kept = (seen == 0) | both
            numbers, own = numbers[kept], own[kept]
        found.add(numbers, self._weights.stem, Layer.STEM, own)

    def _behind_proclitics(
        self, wanted: UInt64Array, owners: Array, forms: dict[int, list[str]]
    ) -> tuple[Array, Array]:
        """The words that have one of some stems behind their proclitics, and the place of it;
        what stands there must be a word of the index or one of the forms of the word that the
        stem is of."""
        places = np.array([n for n, owner in enumerate(owners.tolist()) if owner in forms], int)
        numbers, checks, which = self._lexicons.rests.having_checked(wanted[places])
        if self._only_live:
            live = self._live(numbers)
            numbers, checks, which = numbers[live], checks[live], which[live]
        which = places[which]
        if not len(checks):
            return numbers, which
        different = distinct(checks)
        real = among(checks, different[self._are_words(different)])
        for n, own in forms.items():
            real |= (owners[which] == n) & among(checks, np.sort(hashes(own, FOLDED)))
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

    def _attested(self, rests: Iterable[str]) -> set[str]:
        """Those of some folded strings that are words of the index."""
        asked = list(rests)
        if not asked:
            return set()
        known = self._are_words(hashes(asked, FOLDED))
        return {rest for rest, there in zip(asked, known.tolist(), strict=True) if there}

    def _are_words(self, checks: UInt64Array) -> Array:
        """Which of some FOLDED hashes are of words of the index (bool)."""
        if not self._only_live:
            return self._lexicons.keys.hold(checks)
        known = np.zeros(len(checks), bool)
        known[self._having(checks)[1]] = True
        return known
