"""The words of a segment's documents while it is being built, and how they become postings."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from . import compiled
from .arrayfile import Array
from .growing import Growing
from .passagetable import BODY, NO_LANGUAGE, REPEATED_TITLE, TITLE, PassageTable
from .postings import PostingsWriter, invert
from .segmentwriter import SegmentWriter
from .stretches import distinct
from .strings import Strings
from .vocabulary import Read, Vocabulary

# What stands in the text between title and body, so that no phrase reaches across.
_GAP = ""
# So many words get their ids at a time.
_AT_A_TIME = 1 << 20


class SegmentText:
    """The words of documents as numbers, in the order of the text: four bytes a word.

    Args:
        vocabulary: that numbers the words.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._gap = int(vocabulary.numbers_of([_GAP])[0])
        self._masks = Growing(np.uint32)
        # The field `text` (titles included), the field `title`.
        self._text, self._titles = array("I"), array("I")
        self._starts, self._kinds, self._languages = array("I"), array("B"), array("B")
        self._sizes, self._counts = array("I"), array("I")

    def __len__(self) -> int:
        return len(self._text)

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return len(self._kinds)

    def extend(
        self,
        read: Read,
        starts: Sequence[int],
        kinds: Sequence[int],
        counts: Sequence[int],
        languages: Array,
    ) -> None:
        """Adds the passages of some documents.

        Args:
            read: their words.
            starts: where each begins in the text of its document.
            kinds: what each is: TITLE (always the first of a document), REPEATED_TITLE, BODY.
            counts: how many each document has.
            languages: the place of the language of each, or -1.
        """
        self._starts.extend(starts)
        self._kinds.extend(kinds)
        self._counts.extend(counts)
        numbers = np.where(languages < 0, NO_LANGUAGE, languages).astype(np.uint8)
        self._languages.frombytes(numbers.tobytes())
        self._sizes.frombytes(read.counts.astype(np.uint32).tobytes())

        self._masks.extend(np.zeros(len(self._vocabulary) - len(self._masks), np.uint32))
        text, titles = self._laid_out(read, np.array(kinds, np.uint8), languages)
        self._text.frombytes(text.tobytes())
        self._titles.frombytes(titles.tobytes())

    def _laid_out(self, read: Read, kinds: Array, languages: Array) -> tuple[Array, Array]:
        """The words of both fields (uint32); marks them with the languages of their passages."""
        masks, in_text = self._masks.array, kinds != REPEATED_TITLE
        if compiled.kernels:
            text = np.empty(int(read.counts[in_text].sum() + (kinds == TITLE).sum()), np.uint32)
            titles = np.empty(int(read.counts[kinds != BODY].sum()), np.uint32)
            gap = np.array([self._gap], np.uint32)
            compiled.kernels.lay_out(
                read.words, read.counts, kinds, languages, gap, masks, text, titles
            )
            return text, titles
        of_words = np.repeat(languages, read.counts)
        for language in distinct(languages[languages >= 0]).tolist():
            masks[read.words[of_words == language]] |= np.uint32(1 << language)
        titles = read.words[np.repeat(kinds != BODY, read.counts)]
        words = np.insert(read.words, np.cumsum(read.counts)[kinds == TITLE], self._gap)
        text = words[np.repeat(in_text, read.counts + (kinds == TITLE))]
        return text.astype(np.uint32), titles.astype(np.uint32)

    def vocabulary(self) -> tuple[Strings, Array]:
        """The distinct words, and for each the languages of its passages, a bit for each of
        LANGUAGES. Nothing can be added afterwards."""
        used = np.zeros(len(self._vocabulary), bool)
        used[np.frombuffer(self._text, np.uint32)] = True
        used[np.frombuffer(self._titles, np.uint32)] = True
        used[self._gap] = False
        numbers = np.flatnonzero(used)
        self._numbers, self._size = numbers, len(used)
        words, masks = self._vocabulary.words().take(numbers), self._masks.array[numbers]
        # Much memory, which writing needs more than these do.
        del self._vocabulary, self._masks
        return words, masks

    def write(self, out: SegmentWriter, ids: Array) -> dict[str, int]:
        """Writes postings and passages.

        Args:
            ids: of the words of `vocabulary`.

        Returns:
            How many words there are in each field.
        """
        count = len(self._counts)
        new = np.full(self._size, len(ids), np.uint32)
        new[self._numbers] = ids
        table = PassageTable(
            np.repeat(np.arange(count), np.frombuffer(self._counts, np.uint32)),
            np.frombuffer(self._starts, np.uint32),
            np.frombuffer(self._kinds, np.uint8),
            np.frombuffer(self._languages, np.uint8),
        )
        sizes = np.frombuffer(self._sizes, np.uint32).astype(np.int64)
        lengths = {}
        for field, words, elsewhere in (
            ("text", self._text, REPEATED_TITLE),
            ("title", self._titles, BODY),
        ):
            here = sizes * (table.kinds != elsewhere)
            of_docs = np.bincount(table.docs, weights=here, minlength=count).astype(np.uint32)
            out.documents.add(f"{field}.lengths", of_docs)
            lengths[field] = int(of_docs.sum(dtype=np.int64))
            if field == "text":
                here += table.kinds == TITLE
            ends = np.cumsum(here)
            begins = np.append(0, ends)[np.searchsorted(table.docs, np.arange(count))]
            if field == "text":
                table.positions = (ends - here - begins[table.docs]).astype(np.uint32)
                table.positions[here == 0] = 0
            begins = begins.astype(np.uint32)
            _write_field(out, field, np.frombuffer(words, np.uint32), new, begins, len(ids))
        table.write(out.documents, count)
        return lengths


def _write_field(
    out: SegmentWriter,
    field: str,
    words: Array,
    new: Array,
    begins: Array,
    count: int,
) -> None:
    """Writes the postings of a field, and replaces the numbers of its words by their ids."""
    writer = PostingsWriter(out.postings, field)
    for start in range(0, len(words), _AT_A_TIME):
        piece = words[start : start + _AT_A_TIME]
        piece[:] = new[piece]
    counts = np.zeros(count, np.int64)
    for piece in invert(words, begins, count):
        counts[piece.first : piece.first + len(piece.counts)] += piece.counts
        writer.append(piece.docs, piece.freqs, piece.positions)
    writer.close(counts)
