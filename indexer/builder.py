"""Turning documents into one segment: gather words as numbers, then sort them all at once."""

from __future__ import annotations

from array import array
from typing import Any

import msgspec
import numpy as np
import regex

from .arrayfile import Array
from .detect import Detector, main_language
from .document import Document
from .folding import FORMAT_CHARACTERS
from .hashing import hashes
from .languages import LANGUAGES
from .lexicon import write_lexicon
from .naming import new_segment_id
from .passages import passages
from .passagetable import BODY, REPEATED_TITLE, TITLE, Passages, PassageTable
from .postings import PostingsWriter, invert
from .schema import VALUE_FIELDS
from .segmentwriter import SegmentWriter
from .storage import FileStamp, Folder
from .stretches import stretches
from .values import write_id_hashes, write_values
from .vocabulary import Vocabulary
from .words import APOSTROPHES

#: A segment is written when building it would take more memory than this, in bytes.
FLUSH_BYTES = 110 * 1024 * 1024
#: What is known of words is forgotten when it takes more memory than this, in bytes.
VOCABULARY_BYTES = 200 * 1024 * 1024
# About how much memory writing a segment takes for each word of its text, each word of the
# vocabulary (of which it uses a part), each passage and each document, in bytes.
_TOKEN_BYTES, _TERM_BYTES, _PASSAGE_BYTES, _DOCUMENT_BYTES = 30, 150, 40, 600
#: The passage's language is not known.
NO_LANGUAGE = 255
# With one of these behind it a word may go on.
_IN_WORD = regex.compile(rf"[\w\p{{M}}{APOSTROPHES}{FORMAT_CHARACTERS}]")
_CODES = {language.code: number for number, language in enumerate(LANGUAGES)}


class Origin(msgspec.Struct, frozen=True):
    """Where a document was read from, to tell later whether it changed or vanished.

    Attributes:
        path: the file, as an absolute path; "" when it came from a program.
        fingerprint: a 64-bit hash of its content.
    """

    path: str = ""
    fingerprint: int = 0


class SegmentInfo(msgspec.Struct, frozen=True):
    """What the commit record holds of a segment.

    Attributes:
        id: names its files.
        documents: how many it holds, deleted ones included.
        lengths: words in each field of words, over all documents.
        files: the checksum of each file, by its ending.
        deleted: how many documents are marked as deleted, in the file of ending `deletions`.
        deletions: that ending, "" when none are.
    """

    id: str
    documents: int
    lengths: dict[str, int]
    files: dict[str, FileStamp]
    deleted: int = 0
    deletions: str = ""


def _begins_with(text: str, title: str) -> bool:
    """Whether a text has all words of a title at its beginning, none of them cut short."""
    text, title = text.lstrip(), title.rstrip("… ")
    return text.startswith(title) and not (title and _IN_WORD.match(text, len(title)))


class SegmentBuilders:
    """Makes builders that share what is known of words, one after another.

    Args:
        folder: of the index.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._detector = Detector()
        self._vocabulary = Vocabulary()

    def forget(self) -> None:
        """Lets go of what is known of words, to make room for other work."""
        self._vocabulary = Vocabulary()

    def new(self) -> SegmentBuilder:
        """A builder of a new segment."""
        if self._vocabulary.words_memory > VOCABULARY_BYTES:
            self._vocabulary = Vocabulary()
        self._vocabulary.trim()
        return SegmentBuilder(self._folder, new_segment_id(), self._detector, self._vocabulary)


class SegmentBuilder:
    """Takes documents one by one and writes them as a segment.

    Stored text goes to the disk at once; words are kept as numbers, so that `memory` grows by a
    few bytes a word until `finish`.
    """

    def __init__(
        self,
        folder: Folder,
        segment_id: str,
        detector: Detector,
        vocabulary: Vocabulary,
    ) -> None:
        self.id = segment_id
        self._detector = detector
        self._out = SegmentWriter(folder, segment_id)
        self._vocabulary = vocabulary
        self._known = self._vocabulary.memory
        self._stream = array("I")
        self._passages = Passages()
        self._values: dict[str, list[Any]] = {name: [] for name in VALUE_FIELDS}
        self._fingerprints = array("Q")

    @property
    def documents(self) -> int:
        """How many documents were added."""
        return len(self._fingerprints)

    @property
    def memory(self) -> int:
        """About how many bytes writing the segment will take, besides what was known before."""
        terms = min(len(self._vocabulary.words), len(self._stream))
        return (
            _TOKEN_BYTES * len(self._stream)
            + _TERM_BYTES * terms
            + _PASSAGE_BYTES * len(self._passages.starts)
            + _DOCUMENT_BYTES * self.documents
            + self._vocabulary.memory
            - self._known
        )

    def add(self, document: Document, origin: Origin) -> None:
        """Adds a document of `validated`."""
        text, title = document.text, document.title
        places = passages(text)
        stretches_ = [text[start:end] for start, end in places]
        title_code, *codes = self._detector.languages([title, *stretches_], document.language)
        first = len(self._passages.starts)
        if title:
            kind = REPEATED_TITLE if _begins_with(text, title) else TITLE
            self._add_passage(title, 0, title_code, kind)
        for (start, _), stretch, code in zip(places, stretches_, codes, strict=True):
            self._add_passage(stretch, start, code, BODY)
        self._passages.counts.append(len(self._passages.starts) - first)

        main, every = main_language(
            codes or [title_code], [len(stretch) for stretch in stretches_] or [len(title)]
        )
        language = document.language or main
        if language and language not in every:
            every = [language, *every]
        self._out.store.add(document, language, every)
        for name in ("id", "source", "collection", "creator", "date"):
            self._values[name].append(getattr(document, name) or "")
        self._values["language"].append(language)
        self._values["languages"].append(every)
        self._values["origin"].append(origin.path)
        self._fingerprints.append(origin.fingerprint)

    def _add_passage(self, text: str, start: int, code: str, kind: int) -> None:
        before = len(self._stream)
        self._stream.extend(map(self._vocabulary.__getitem__, text.split()))
        self._passages.add(start, len(self._stream) - before, _CODES.get(code, NO_LANGUAGE), kind)

    def abort(self) -> None:
        """Leaves nothing behind."""
        self._out.abort()

    def finish(self) -> SegmentInfo:
        """Writes the segment's files and brings them to the disk; if that fails, none is left."""
        with self._out as out:
            terms, words, per_passage = self._terms()
            table = self._passages.table(per_passage)
            masks = self._masks(terms, len(words), table, per_passage)
            ids = write_lexicon(out.lexicon, *self._vocabulary.keys(words), masks)
            terms = ids[terms] if len(terms) else terms
            lengths = {}
            for field, of_field in (
                ("text", table.kinds != REPEATED_TITLE),
                ("title", table.kinds != BODY),
            ):
                lengths[field] = self._write_field(
                    field, terms, len(words), table, per_passage, of_field
                )
            table.write(out.documents, self.documents)
            write_values(out.documents, self._values)
            out.documents.add("fingerprints", np.frombuffer(self._fingerprints, np.uint64))
            write_id_hashes(out.documents, hashes(self._values["id"]))
            files = out.finish()
        return SegmentInfo(self.id, self.documents, lengths, files)

    def _terms(self) -> tuple[Array, Array, Array]:
        """Each word of the segment's text as the number of a distinct word of the segment; their
        numbers in the vocabulary; how many words each passage has."""
        stream = np.frombuffer(self._stream, np.uint32)
        of_chunk, starts, ends = self._vocabulary.chunk_words()
        terms, _ = stretches(of_chunk, starts[stream], ends[stream])
        before = np.zeros(len(stream) + 1, np.int64)
        np.cumsum((ends - starts)[stream], out=before[1:])
        edges = np.zeros(len(self._passages.starts) + 1, np.int64)
        np.cumsum(np.frombuffer(self._passages.sizes, np.uint32), out=edges[1:])
        used = np.zeros(len(self._vocabulary.words), bool)
        used[terms] = True
        renumbered = (np.cumsum(used) - 1).astype(np.uint32)
        return renumbered[terms], np.flatnonzero(used), np.diff(before[edges])

    def _masks(self, terms: Array, count: int, table: PassageTable, per_passage: Array) -> Array:
        masks = np.zeros(count, np.uint32)
        of_word = np.repeat(table.languages, per_passage)
        for number in range(len(LANGUAGES)):
            seen = np.zeros(count, bool)
            seen[terms[of_word == number]] = True
            masks |= seen.astype(np.uint32) << np.uint32(number)
        return masks

    def _write_field(
        self,
        field: str,
        terms: Array,
        count: int,
        table: PassageTable,
        per_passage: Array,
        of_field: Array,
    ) -> int:
        """Inverts the words of the passages that belong to a field; gives their number."""
        sizes = per_passage * of_field
        docs = np.repeat(table.docs.astype(np.uint32), sizes)
        lengths = np.bincount(table.docs, weights=sizes, minlength=self.documents).astype(np.uint32)
        before = (np.cumsum(lengths, dtype=np.int64) - lengths).astype(np.uint32)
        positions = np.arange(len(docs), dtype=np.uint32)
        positions -= before[docs]
        if field == "text":
            # The positions of a passage are told by its first; a title stands apart from the text.
            ends = np.cumsum(sizes)
            table.positions = (ends - sizes - before[table.docs]).astype(np.uint32)
            titled = np.zeros(self.documents, np.uint32)
            titled[table.docs[table.kinds == TITLE]] = 1
            gap = (titled[table.docs] * (table.kinds == BODY)).astype(np.uint32)
            table.positions += gap
            positions += np.repeat(gap, sizes)
        if not of_field.all():
            terms = terms[np.repeat(of_field, per_passage)]
        inverted = invert(terms, docs, positions, count)
        writer = PostingsWriter(
            self._out.postings,
            field,
            int(inverted.freqs.max(initial=0)),
            int(positions.max(initial=0)),
        )
        writer.append(inverted.docs, inverted.freqs, inverted.positions)
        writer.close(inverted.counts)
        self._out.documents.add(f"{field}.lengths", lengths)
        return int(lengths.sum(dtype=np.int64))
