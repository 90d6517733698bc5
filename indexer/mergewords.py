"""The words of segments that are merged: those that still stand in a document."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np

from .arrayfile import Array
from .forms import Forms
from .heap import trim
from .languages import LANGUAGES
from .lexiconwriter import MASK
from .passagetable import BODY, NO_LANGUAGE, REPEATED_TITLE
from .relations import WordKeys, joined, word_keys
from .schema import WORD_FIELDS
from .segment import SegmentFiles
from .strings import Strings
from .vocabulary import Vocabulary

# Words of a segment looked up among those of the others at a time.
_WORDS = 1 << 13
# Words whose keys are read at a time.
_FRESH = 1 << 17
# Postings looked at a time.
_POSTINGS = 1 << 20
# In a word's mask, the bit of each language; of NO_LANGUAGE none.
_BITS = np.zeros(NO_LANGUAGE + 1, np.uint32)
_BITS[: len(LANGUAGES)] = 1 << np.arange(len(LANGUAGES))
_NO_WORDS = Strings.of([])


class Part(msgspec.Struct):
    """A segment being merged.

    Attributes:
        live: which of its documents are kept.
        docs: the new number of each, -1 for those left out.
    """

    files: SegmentFiles
    live: Array
    docs: Array


def common_words(
    parts: Sequence[Part], new_keys: bool
) -> tuple[list[Array], Strings, WordKeys, Array, Forms]:
    """The distinct words of all segments that still stand in a document.

    Returns:
        For each segment the number of each of its words (-1: gone); the words in the order of
        their numbers, their keys, their masks, and their folded forms, which the keys do not hold.
    """
    vocabulary = Vocabulary()
    of_part, known = [], []
    for part in parts:
        lexicon = part.files.lexicon
        ids = np.flatnonzero(_alive(part))
        mine = np.full(len(lexicon), -1, np.int32)
        known.append(len(vocabulary))
        for start in range(0, len(ids), _WORDS):
            some = ids[start : start + _WORDS]
            mine[some] = vocabulary.numbers_of(lexicon.words_of(some))
        of_part.append(mine)
        part.files.release()
    words = vocabulary.words()
    known.append(len(words))
    del vocabulary  # the table by which it knows words takes as much as they do

    masks = np.zeros(len(words), MASK)
    keys, changed, others = [], [], []
    for part, mine, borders in zip(parts, of_part, pairwise(known), strict=True):
        trim()
        lexicon = part.files.lexicon
        of_words = lexicon.masks if part.live.all() else _live_masks(part)
        masks[mine[mine >= 0]] |= of_words[mine >= 0]
        # What a segment knows of a word another one need not find out again.
        fresh = np.flatnonzero(mine >= borders[0])
        for start in range(0, len(fresh) or 1, _FRESH):
            some, first = fresh[start : start + _FRESH], borders[0] + start
            spelt = words.between(first, first + len(some))
            found = word_keys(spelt) if new_keys else lexicon.keys(some, spelt)
            # Most words are their own folded form; held twice they would take the most of all.
            folded = Forms.of(spelt, found.folded)
            changed.append(folded.changed + first)
            others.append(folded.others)
            found.folded = _NO_WORDS
            keys.append(found)
            del some, spelt, found, folded
            part.files.release()
    folded = Forms(words, np.concatenate(changed), Strings.joined(others))
    del changed, others
    trim()
    together = joined(keys)
    trim()
    return of_part, words, together, masks, folded


def renumbered(numbers: Array, ids: Array) -> Array:
    """The ids of words by their numbers (int32, -1 for none)."""
    if not len(ids):
        return numbers
    return np.where(numbers >= 0, ids[np.maximum(numbers, 0)].view(np.int32), -1)


def _alive(part: Part) -> Array:
    """Which words of a segment still stand in a document."""
    alive = np.zeros(len(part.files.lexicon), bool)
    for field in WORD_FIELDS:
        postings = part.files.postings[field]
        starts = postings.offsets[:-1].astype(np.int64)
        used = np.flatnonzero(np.diff(postings.offsets.astype(np.int64)))
        if part.live.all():
            alive[used] = True
        elif len(used):
            kept = np.empty(len(postings.docs), bool)
            for start in range(0, len(kept), _POSTINGS):
                piece = slice(start, start + _POSTINGS)
                kept[piece] = part.live[postings.docs[piece]]
            alive[used] |= np.logical_or.reduceat(kept, starts[used])
    return alive


def _live_masks(part: Part) -> Array:
    """The languages of the passages where each word of a segment still stands: a word that only
    a deleted document had in French is no French word any longer."""
    documents = part.files.documents
    passage_docs = np.repeat(np.arange(part.files.count), np.diff(documents["passages.edges"]))
    places = passage_docs << 32 | documents["passages.positions"]
    languages, kinds = documents["passages.languages"], documents["passages.kinds"]
    masks = np.zeros(len(part.files.lexicon), np.uint32)
    for field, elsewhere in (("text", REPEATED_TITLE), ("title", BODY)):
        postings = part.files.postings[field]
        here = kinds != elsewhere
        # Most documents are of one language, and it is all the same where in them a word stands.
        lowest = np.full(part.files.count, NO_LANGUAGE, np.uint8)
        np.minimum.at(lowest, passage_docs[here], languages[here])
        highest = np.zeros(part.files.count, np.uint8)
        np.maximum.at(highest, passage_docs[here], languages[here])
        mixed = lowest < highest
        of_docs = np.where(mixed, 0, _BITS[lowest])
        offsets = postings.offsets.astype(np.int64)
        for start in range(0, len(postings.docs), _POSTINGS):
            docs = postings.docs[start : start + _POSTINGS]
            counts = np.diff(offsets.clip(start, start + len(docs)))
            words = np.arange(len(counts)).repeat(counts)
            kept = np.flatnonzero(part.live[docs])
            _mark(masks, words[kept], of_docs[docs[kept]])
            kept = kept[mixed[docs[kept]]]
            positions, which = postings.places(start + kept)
            found = docs[kept].astype(np.int64)[which] << 32 | positions
            passages = np.searchsorted(places[here], found, "right") - 1
            _mark(masks, words[kept][which], _BITS[languages[here][passages]])
    return masks


def _mark(masks: Array, words: Array, bits: Array) -> None:
    """Adds bits to the masks of words, which ascend."""
    firsts = np.flatnonzero(np.diff(words, prepend=-1))
    if len(firsts):
        masks[words[firsts]] |= np.bitwise_or.reduceat(bits, firsts)
