"""One commit of an index, opened for searching: its segments and the figures over all of them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from ..indexer import compiled as indexer
from ..indexer.arrayfile import Array
from ..indexer.codec import Segment
from ..indexer.hashing import hashes
from ..indexer.index import Index
from ..indexer.keytables import Values
from ..indexer.languages import STOP_WORDS
from ..indexer.lexicons import Lexicons
from ..indexer.postings import TYPES
from ..indexer.relations import EXACT, FOLDED
from ..indexer.schema import WORD_FIELDS
from ..indexer.stretches import distinct
from . import bm25
from .letters import Sample
from .recent import Recent
from .thesaurus import NO_SYNONYMS, Thesaurus
from .trigrams import Trigrams, trigrams
from .weights import Weights
from .workspace import Workspaces

# The postings of so many words are read at a time, those of more than so many by themselves.
_WORDS, _LONG = 512, 2048
# What was looked up lately is kept up to this size in bytes; a beginning takes up to 5 KB, and 2
# more for each further segment.
_RECENT = 8 << 20

# The codes of so many documents are passed over together (as many as a word of bits has).
_TOGETHER = 64

_NONE = np.zeros(0, bool)
# The types of a segment's arrays as kernels take hold of them: of each of two fields the postings
# and the norms, the codes of documents, the least code of every 64, which are deleted.
_TYPES = f"{TYPES} f4 {TYPES} f4 u4 u4 u1"


class Part:
    """A segment of a snapshot.

    Attributes:
        files: its arrays.
        deleted: one bool for each document, or None.
        workspaces: arrays of all documents to add up in.
        offset: the number of its first document among those of all segments.
    """

    def __init__(self, segment: Segment, offset: int) -> None:
        self.files, self.deleted, self.offset = segment.files, segment.deleted, offset
        self.count = segment.files.count
        self.lexicon = segment.files.lexicon
        self.workspaces = Workspaces(self.count)
        self._norms: dict[tuple[str, float, float, float], Array] = {}

    @cached_property
    def live(self) -> Array:
        """Which documents are not deleted."""
        return np.ones(self.count, bool) if self.deleted is None else ~self.deleted

    @cached_property
    def gone(self) -> Array:
        """The numbers of the deleted documents."""
        return np.flatnonzero(~self.live)

    def frequencies(self, ids: Array) -> Array:
        """How many live documents hold each of some words (int64)."""
        postings = self.files.postings["text"]
        starts, ends = postings.bounds(ids)
        found = ends - starts
        if self.deleted is None:
            return found
        for n in np.flatnonzero(found > _LONG).tolist():
            found[n] = np.count_nonzero(
                self.live[postings.docs.ascending(int(starts[n]), int(ends[n]))]
            )
        short = np.flatnonzero(ends - starts <= _LONG)
        for first in range(0, len(short), _WORDS):
            some = short[first : first + _WORDS]
            docs, which = postings.docs.stretches(starts[some], ends[some])
            found[some] = np.bincount(which[self.live[docs]], minlength=len(some))
        return found

    def norms(self, field: str, average: float, k1: float, b: float) -> Array:
        """`bm25.norms` of all documents, computed once."""
        key = (field, average, k1, b)
        found = self._norms.get(key)
        if found is None:
            found = self._norms[key] = bm25.norms(self.files.lengths[field], average, k1, b)
        return found


class Snapshot:
    """A commit, seen from start to end of a search.

    Attributes:
        generation: the number of the commit.
        lexicons: those of all segments, looked up as one.
        documents: how many there are, deleted ones included, as df counts them.
        averages: the average length in words, by field.
        thesaurus: synonyms, beside what the lexicons know of words.
        recent: what was looked up lately and does not change within a commit.
    """

    def __init__(self, index: Index, thesaurus: Thesaurus = NO_SYNONYMS) -> None:
        self.thesaurus = thesaurus
        self.recent = Recent(_RECENT)
        self.generation, segments = index.segments()
        self.parts: list[Part] = []
        self.documents = 0
        for segment in segments:
            self.parts.append(Part(segment, self.documents))
            self.documents += segment.files.count
        self._held: dict[tuple[float, float], Any] = {}
        self._longest: dict[str, int] = {}
        self.lexicons = Lexicons([part.lexicon for part in self.parts])
        self.averages = {
            field: sum(p.files.info.lengths[field] for p in self.parts) / max(self.documents, 1)
            for field in WORD_FIELDS
        }

    def longest(self, field: str) -> int:
        """How many words the longest document has."""
        found = self._longest.get(field)
        if found is None:
            lengths = (part.files.lengths[field] for part in self.parts)
            found = max((int(each.max(initial=0)) for each in lengths), default=0)
            self._longest[field] = found
        return found

    @cached_property
    def deleted(self) -> bool:
        """Whether any document is deleted."""
        return any(part.deleted is not None for part in self.parts)

    def frequencies(self, numbers: Array) -> Array:
        """How many live documents of its segment hold each of some words (int64), given by their
        numbers among those of the `lexicons`, segment by segment."""
        if not self.deleted:
            return self.sizes("text", numbers)
        pairs = zip(self.parts, self.lexicons.split(numbers), strict=True)
        found = [part.frequencies(ids) for part, ids in pairs]
        return np.concatenate([np.zeros(0, np.int64), *found])

    def norms(self, number: int, field: str, weights: Weights) -> Array:
        """`bm25.norms` of all documents of a segment. Fields of values have no lengths, and their
        finds score without; they are given those of the text."""
        field = field if field in self.averages else "text"
        return self.parts[number].norms(field, self.averages[field], weights.k1, weights.b)

    def held(self, weights: Weights) -> Any:
        """The arrays of all segments that words are looked up and ranked by, as compiled kernels
        take them; taken hold of once."""
        key = weights.k1, weights.b
        found = self._held.get(key)
        if found is None:
            segments = tuple(self._arrays(number, weights) for number in range(len(self.parts)))
            assert indexer.kernels
            found = indexer.kernels.hold(segments, _TYPES)
            self._held[key] = found
        return found

    def _arrays(self, number: int, weights: Weights) -> tuple[Array, ...]:
        part = self.parts[number]
        found: list[Array] = []
        for field in ("text", "title"):
            postings = part.files.postings[field]
            norms = self.norms(number, field, weights)
            found += [*postings.arrays, norms]
        codes = part.files.values["id"].codes
        assert codes is not None
        starts = np.arange(0, part.count, _TOGETHER)
        least = np.minimum.reduceat(codes, starts) if part.count else codes
        return *found, codes, least, _NONE if part.deleted is None else part.deleted

    @cached_property
    def workspaces(self) -> Workspaces:
        """Arrays to add up in that are long enough for each segment."""
        if not self.parts:
            return Workspaces(0)
        return max(self.parts, key=lambda part: part.count).workspaces

    @cached_property
    def letters(self) -> Sample:
        """How frequent groups of letters are."""
        return Sample(self.parts)

    @cached_property
    def trigrams(self) -> Trigrams:
        """How letters follow each other in its words."""
        return trigrams(self.parts)

    @cached_property
    def live_words(self) -> int:
        """How many words the texts of its live documents have."""
        lengths = (part.files.lengths["text"][part.live] for part in self.parts)
        return sum(int(each.sum(dtype=np.int64)) for each in lengths)

    @cached_property
    def stop_words(self) -> list[Array]:
        """For each segment the ids of the words that are stop words of any language, ascending."""
        forms = sorted(STOP_WORDS)
        keys = np.concatenate([hashes(forms, EXACT), hashes(forms, FOLDED)])
        return [distinct(part.lexicon.having(keys)[0].astype(np.int64)) for part in self.parts]

    @cached_property
    def languages(self) -> frozenset[str]:
        """The main languages of its documents."""
        values = [part.files.values["language"] for part in self.parts]
        return frozenset(each.at(n).decode() for each in values for n in range(len(each))) - {""}

    @cached_property
    def live(self) -> int:
        """How many documents are not deleted."""
        return sum(int(part.live.sum()) for part in self.parts)

    def sizes(self, field: str, numbers: Array) -> Array:
        """How many documents of its segment hold each of some words (int64), deleted ones
        included; the words are given as for `frequencies`."""
        return self._offsets[field].steps(numbers)

    @cached_property
    def _offsets(self) -> dict[str, Values]:
        """Where in their segment's postings those of each word of the `lexicons` start, and behind
        them where the last ones end."""
        found: dict[str, Values] = {}
        for field in WORD_FIELDS:
            offsets = (part.files.postings[field].offsets for part in self.parts)
            found[field] = Values(offsets, self.lexicons.bases)
        return found

    @cached_property
    def starts(self) -> Values:
        """Where in their segment's postings those of each word of the `lexicons` start."""
        offsets = (part.files.postings["text"].offsets[:-1] for part in self.parts)
        return Values(offsets, self.lexicons.bases)

    @cached_property
    def ends(self) -> Values:
        """Where they end."""
        offsets = (part.files.postings["text"].offsets[1:] for part in self.parts)
        return Values(offsets, self.lexicons.bases)

    def id_of(self, number: int, doc: int) -> str:
        """The id of a document, by its segment's number and its number there."""
        return self.parts[number].files.id_of(doc)

    def find(self, document_id: str) -> tuple[Part, int] | None:
        """The segment and the number there of the live document of an id."""
        for part in reversed(self.parts):
            for doc in part.files.values["id"].docs_of(document_id).tolist():
                if part.live[doc]:
                    return part, doc
        return None
