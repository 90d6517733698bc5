"""A word of a query becomes a weighted set of words of the index.

Segments know only keys of words, free of context. What depends on other words (is this rest a
word, is the class absent, which of too many are kept) is decided here, over all segments of a
commit at once, so that it does not matter how documents are spread over segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import regex

from ..indexer.arrayfile import Array
from ..indexer.detect import script_of
from ..indexer.folding import fold
from ..indexer.hashing import UInt64Array, hashes
from ..indexer.language import Language
from ..indexer.relations import (
    EXACT,
    FOLDED,
    languages_by_script,
    root_namespace,
    stem_namespace,
)
from ..indexer.spelling import MIN_LETTERS
from .similar import Alike, corrections, similar_words
from .snapshot import Snapshot
from .weights import CORE, GRAIN, Layer, Weights, grained

_SCRIPTS = languages_by_script()
_DIGIT = regex.compile(r"\d")


@dataclass(slots=True)
class Variants:
    """The words of one segment that a query word stands for.

    Attributes:
        ids: their ids, ascending.
        weights: what each counts (float64, multiples of 1 / GRAIN).
        layers: how each is related (Layer).
    """

    ids: Array
    weights: Array
    layers: Array

    @property
    def core(self) -> Array:
        """Which of them make a document a match."""
        return np.isin(self.layers, _CORE)


_CORE = np.array(sorted(CORE))


@dataclass(slots=True)
class Resolved:
    """A query word and what it stands for.

    Attributes:
        text: the word's key.
        variants: for each segment of the snapshot.
        correction: the word taken in its place because nothing like it is there, or "".
    """

    text: str
    variants: list[Variants]
    correction: str = ""

    @property
    def found(self) -> bool:
        """Whether any word of the index makes a match."""
        return any(v.core.any() for v in self.variants)


@dataclass
class _Candidates:
    """Words of all segments being gathered, as parallel arrays."""

    segments: list[Array] = field(default_factory=list)
    ids: list[Array] = field(default_factory=list)
    weights: list[Array] = field(default_factory=list)
    layers: list[Array] = field(default_factory=list)

    def add(self, segment: int, ids: Array, weight: float | Array, layer: Layer) -> None:
        if len(ids):
            self.segments.append(np.full(len(ids), segment))
            self.ids.append(ids.astype(np.int64))
            self.weights.append(np.broadcast_to(weight, len(ids)))
            self.layers.append(np.full(len(ids), layer))

    def variants(self, segments: int) -> list[Variants]:
        """For each segment its words, each once, by the relation that weighs most."""
        if not self.ids:
            none = np.zeros(0, np.int64)
            return [Variants(none, np.zeros(0), none)] * segments
        segment, ids = np.concatenate(self.segments), np.concatenate(self.ids)
        weights, layers = np.concatenate(self.weights), np.concatenate(self.layers)
        weights = np.round(weights * GRAIN) / GRAIN
        order = np.lexsort((layers, -weights, ids, segment))
        segment, ids = segment[order], ids[order]
        first = np.ones(len(order), bool)
        first[1:] = (segment[1:] != segment[:-1]) | (ids[1:] != ids[:-1])
        chosen = order[first]
        segment, ids = segment[first], ids[first]
        edges = np.searchsorted(segment, np.arange(segments + 1))
        return [
            Variants(ids[a:b], weights[chosen[a:b]], layers[chosen[a:b]])
            for a, b in pairwise(edges)
        ]


class Resolver:
    """Resolves query words in the lexicons of a snapshot."""

    def __init__(self, snapshot: Snapshot, weights: Weights) -> None:
        self._parts, self._weights = snapshot.parts, weights

    def resolve(self, text: str, strict: bool = False, layers: bool = True) -> Resolved:
        """What a word stands for.

        Args:
            text: its key.
            strict: only the word as written.
            layers: whether forms, roots and similar spellings count, or only accents.
        """
        weights, count = self._weights, len(self._parts)
        if not count:
            return Resolved(text, [])
        found = _Candidates()
        exact = hashes([text], EXACT)
        if strict:
            for n, part in enumerate(self._parts):
                found.add(n, part.lexicon.having(exact)[0], 1.0, Layer.EXACT)
            return Resolved(text, found.variants(count))
        folded = fold(text)
        mask = self._add_as_written(found, text, folded, exact)
        if not layers:
            return Resolved(text, found.variants(count))
        languages = _SCRIPTS.get(script_of(folded), [])
        bits = sum(1 << bit for bit, _ in languages)
        mask &= bits
        if weights.stem:
            for bit, language in languages:
                if not mask or mask >> bit & 1:
                    self._add_stems(found, text, folded, language, bit if mask else None, bits)
        absent = not found.ids
        if weights.root:
            for _, language in languages:
                if root := language.root(folded):
                    self._add_roots(found, root, language)
        spelt = len(folded) >= MIN_LETTERS and not _DIGIT.search(folded)
        correction = ""
        if spelt and (weights.similar or (absent and weights.corrected)):
            alike = similar_words(self._parts, folded)
            if absent and weights.corrected:
                correction = self._add_corrections(found, folded, alike)
            if weights.similar:
                for n, (ids, likeness) in enumerate(
                    alike.best(weights.similar_floor, weights.similar_cap)
                ):
                    found.add(n, ids, weights.similar * likeness, Layer.SIMILAR)
        return Resolved(text, found.variants(count), correction)

    def _add_as_written(
        self, found: _Candidates, text: str, folded: str, exact: UInt64Array
    ) -> int:
        """The word and those with the same folded form; gives the mask of their languages."""
        same = np.concatenate([hashes([folded], FOLDED), hashes([folded], EXACT)])
        weight, mask = grained(self._weights.folded), 0
        for n, part in enumerate(self._parts):
            ids, _ = part.lexicon.having(exact)
            found.add(n, ids, 1.0, Layer.EXACT)
            if weight:
                others, _ = part.lexicon.having(same)
                others = others[~np.isin(others, ids)] if len(ids) else others
                found.add(n, others, weight, Layer.FOLDED)
                ids = np.concatenate([ids, others])
            mask |= int(np.bitwise_or.reduce(part.lexicon.masks[ids], initial=0))
        return mask

    def _add_stems(
        self,
        found: _Candidates,
        text: str,
        folded: str,
        language: Language,
        bit: int | None,
        bits: int,
    ) -> None:
        namespace = stem_namespace(language)
        own_rests = self._attested(language.rests(folded))
        stems = set(language.stems([folded, text, *own_rests]))
        keys = hashes(sorted(stems), namespace)
        weight = grained(self._weights.stem)
        rest_words, rest_checks = [], []
        for part in self._parts:
            ids, checks, _ = part.lexicon.having_rest(keys)
            rest_words.append(ids)
            rest_checks.append(checks)
        attested = self._attested_checks(np.concatenate(rest_checks), [folded, *own_rests])
        related = []
        for part, words, checks in zip(self._parts, rest_words, rest_checks, strict=True):
            ids, _ = part.lexicon.having(keys)
            related.append(np.unique(np.concatenate([ids, words[np.isin(checks, attested)]])))
        if bit is not None:
            # A word forms a class with others only in a language that both were seen in; one
            # that was seen in no language of its script may be of any.
            for n, masks in enumerate(self._masks(related)):
                masks = masks & np.uint32(bits)
                related[n] = related[n][(masks == 0) | (masks >> np.uint32(bit) & 1 == 1)]
        for n, ids in enumerate(related):
            found.add(n, ids, weight, Layer.STEM)

    def _masks(self, ids: list[Array]) -> list[Array]:
        """The languages that some words of each segment were seen in, in any segment."""
        pairs = list(zip(self._parts, ids, strict=True))
        if len(pairs) == 1:
            return [pairs[0][0].lexicon.masks[pairs[0][1]]]
        identities = np.concatenate([part.lexicon.identities[words] for part, words in pairs])
        distinct, place = np.unique(identities, return_inverse=True)
        masks = np.zeros(len(distinct), np.uint32)
        np.bitwise_or.at(
            masks, place, np.concatenate([part.lexicon.masks[words] for part, words in pairs])
        )
        return np.split(masks[place], np.cumsum([len(words) for words in ids])[:-1])

    def _attested(self, rests: Sequence[str]) -> list[str]:
        """Those of some folded strings that are words of the index."""
        if not rests:
            return []
        keys = hashes(list(rests), FOLDED)
        known = self._attested_checks(keys, [])
        return [rest for rest, key in zip(rests, keys, strict=True) if key in known]

    def _attested_checks(self, checks: UInt64Array, forms: list[str]) -> UInt64Array:
        """Those of some FOLDED hashes that are of words of the index or of the given forms."""
        distinct = np.unique(checks)
        known = np.isin(distinct, hashes(forms, FOLDED)) if forms else np.zeros(len(distinct), bool)
        for part in self._parts:
            _, places = part.lexicon.having(distinct)
            known[places] = True
        return distinct[known]

    def _add_roots(self, found: _Candidates, root: str, language: Language) -> None:
        keys = hashes([root], root_namespace(language))
        ids = [part.lexicon.having(keys)[0].astype(np.int64) for part in self._parts]
        kept = self._most_frequent(ids, self._weights.root_cap)
        for n, words in enumerate(kept):
            found.add(n, words, grained(self._weights.root), Layer.ROOT)

    def _most_frequent(self, ids: list[Array], cap: int) -> list[Array]:
        """Of the words of each segment those that are among the `cap` most frequent of all."""
        total = sum(map(len, ids))
        if total <= cap:
            return ids
        identities = np.concatenate(
            [p.lexicon.identities[i] for p, i in zip(self._parts, ids, strict=True)]
        )
        counts = np.concatenate(
            [
                np.subtract(*p.files.postings["text"].bounds(i)[::-1])
                for p, i in zip(self._parts, ids, strict=True)
            ]
        )
        distinct, place = np.unique(identities, return_inverse=True)
        sums = np.bincount(place, weights=counts)
        best = np.lexsort((distinct, -sums))[:cap]
        kept = np.isin(place, best)
        edges = np.cumsum([len(i) for i in ids])[:-1]
        return [i[k] for i, k in zip(ids, np.split(kept, edges), strict=True)]

    def _add_corrections(self, found: _Candidates, folded: str, alike: Alike) -> str:
        best = corrections(self._parts, folded, alike)
        for correction in best:
            weight = (
                self._weights.corrected
                if correction.edits == 1
                else (self._weights.corrected_twice)
            )
            for n, ids in enumerate(correction.ids):
                found.add(n, ids, grained(weight), Layer.CORRECTED)
        return best[0].word if best else ""
