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
from .lexicon import stretches, write_lexicon
from .passages import passages
from .passagetable import BODY, REPEATED_TITLE, TITLE, Passages, PassageTable
from .postings import PostingsWriter, invert
from .schema import VALUE_FIELDS
from .segmentwriter import SegmentWriter
from .storage import FileStamp, Folder
from .values import write_id_hashes, write_values
from .words import APOSTROPHES, words

#: A segment is written when building it would take more memory than this, in bytes.
FLUSH_BYTES = 150 * 1024 * 1024
#: The passage's language is not known.
NO_LANGUAGE = 255
# Longer stretches without a space are not remembered: noise, mostly, and each another.
_MEMORABLE = 64
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


class _Chunks(dict[str, int]):
    """Numbers the stretches between spaces, and the words that each one gives.

    Splitting at spaces is many times faster than matching words, and most stretches are seen again
    and again, so that the words of each are found only once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, int] = {}
        self.of_chunk = array("I")
        self.counts = array("I")

    def __missing__(self, chunk: str) -> int:
        number = len(self.counts)
        found = words(chunk)
        for word in found:
            self.of_chunk.append(self.words.setdefault(word, len(self.words)))
        self.counts.append(len(found))
        if len(chunk) <= _MEMORABLE:
            self[chunk] = number
        return number


def _begins_with(text: str, title: str) -> bool:
    """Whether a text has all words of a title at its beginning, none of them cut short."""
    text, title = text.lstrip(), title.rstrip("… ")
    return text.startswith(title) and not (title and _IN_WORD.match(text, len(title)))


class SegmentBuilder:
    """Takes documents one by one and writes them as a segment.

    Stored text goes to the disk at once; words are kept as numbers, so that `memory` grows by a
    few bytes a word until `finish`.
    """

    def __init__(self, folder: Folder, segment_id: str, detector: Detector) -> None:
        self.id = segment_id
        self._detector = detector
        self._out = SegmentWriter(folder, segment_id)
        self._chunks = _Chunks()
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
        """About how many bytes writing the segment will take (measured: see bench)."""
        return (
            44 * len(self._stream)
            + 300 * len(self._chunks)
            + 700 * len(self._chunks.words)
            + 40 * len(self._passages.starts)
            + 600 * self.documents
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
        self._stream.extend(map(self._chunks.__getitem__, text.split()))
        self._passages.add(start, len(self._stream) - before, _CODES.get(code, NO_LANGUAGE), kind)

    def abort(self) -> None:
        """Leaves nothing behind."""
        self._out.abort()

    def finish(self) -> SegmentInfo:
        """Writes the segment's files and brings them to the disk; if that fails, none is left."""
        with self._out as out:
            terms, per_passage = self._terms()
            table = self._passages.table(per_passage)
            masks = self._masks(terms, table, per_passage)
            ids = write_lexicon(out.lexicon, list(self._chunks.words), masks)
            terms = ids[terms] if len(terms) else terms
            lengths = {}
            for field, of_field in (
                ("text", table.kinds != REPEATED_TITLE),
                ("title", table.kinds != BODY),
            ):
                lengths[field] = self._write_field(field, terms, table, per_passage, of_field)
            table.write(out.documents, self.documents)
            write_values(out.documents, self._values)
            out.documents.add("fingerprints", np.frombuffer(self._fingerprints, np.uint64))
            write_id_hashes(out.documents, hashes(self._values["id"]))
            files = out.finish()
        return SegmentInfo(self.id, self.documents, lengths, files)

    def _terms(self) -> tuple[Array, Array]:
        """The number of each word of the segment in order, and how many each passage has."""
        stream = np.frombuffer(self._stream, np.uint32)
        counts = np.frombuffer(self._chunks.counts, np.uint32).astype(np.int64)
        ends = np.cumsum(counts)
        of_chunk = np.frombuffer(self._chunks.of_chunk, np.uint32)
        terms, _ = stretches(of_chunk, (ends - counts)[stream], ends[stream])
        before = np.zeros(len(stream) + 1, np.int64)
        np.cumsum(counts[stream], out=before[1:])
        edges = np.zeros(len(self._passages.starts) + 1, np.int64)
        np.cumsum(np.frombuffer(self._passages.sizes, np.uint32), out=edges[1:])
        return terms, np.diff(before[edges])

    def _masks(self, terms: Array, table: PassageTable, per_passage: Array) -> Array:
        masks = np.zeros(len(self._chunks.words), np.uint32)
        of_word = np.repeat(table.languages, per_passage)
        for number in range(len(LANGUAGES)):
            seen = np.zeros(len(masks), bool)
            seen[terms[of_word == number]] = True
            masks |= seen.astype(np.uint32) << np.uint32(number)
        return masks

    def _write_field(
        self,
        field: str,
        terms: Array,
        table: PassageTable,
        per_passage: Array,
        of_field: Array,
    ) -> int:
        """Inverts the words of the passages that belong to a field; gives their number."""
        sizes = per_passage * of_field
        chosen = np.repeat(of_field, per_passage)
        docs = np.repeat(table.docs, sizes)
        lengths = np.bincount(table.docs, weights=sizes, minlength=self.documents).astype(np.uint32)
        before = np.cumsum(lengths, dtype=np.int64) - lengths
        positions = np.arange(len(docs)) - before[docs]
        if field == "text":
            # The positions of a passage are told by its first; a title stands apart from the text.
            ends = np.cumsum(sizes)
            table.positions = (ends - sizes - before[table.docs]).astype(np.uint32)
            titled = np.zeros(self.documents, np.uint32)
            titled[table.docs[table.kinds == TITLE]] = 1
            body = table.kinds == BODY
            table.positions[body] += titled[table.docs[body]]
            positions += np.repeat(titled[table.docs] * body, sizes)
        inverted = invert(
            terms[chosen], docs.astype(np.uint32), positions.astype(np.uint32),
            len(self._chunks.words),
        )  # fmt: skip
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
