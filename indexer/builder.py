"""Turning documents into one segment: gather words as numbers, then sort them all at once."""

from __future__ import annotations

from array import array
from functools import cache
from itertools import accumulate
from typing import Any

import msgspec
import numpy as np
import regex

from .detect import Clues, Detector, main_language
from .document import Document
from .folding import FORMAT_CHARACTERS
from .hashing import hashes
from .languages import LANGUAGES
from .lexiconwriter import write_lexicon
from .naming import new_segment_id
from .passages import passages
from .passagetable import BODY, REPEATED_TITLE, TITLE
from .relations import word_keys
from .schema import VALUE_FIELDS
from .segmentinfo import SegmentInfo
from .segmenttext import SegmentText
from .segmentwriter import SegmentWriter
from .storage import Folder
from .values import write_id_hashes, write_values
from .words import APOSTROPHES

#: A segment is written when building it takes more memory than this, in bytes.
FLUSH_BYTES = 330 * 1024 * 1024
# About how much memory writing a segment takes for each word of its text, each distinct word, each
# passage and each document, in bytes.
_TOKEN_BYTES, _WORD_BYTES, _PASSAGE_BYTES, _DOCUMENT_BYTES = 4, 250, 20, 600
# For each distinct word where there are so many that writing the lexicon takes the most.
_LEXICON_BYTES = 380
# The same for a character that is still to be read.
_UNREAD_BYTES = 8
# Texts of so many characters are read in one go.
_AT_A_TIME = 1 << 20
# What it knows of the languages is the same for every segment.
_detector = cache(Detector)
# With one of these behind it a word may go on.
_IN_WORD = regex.compile(rf"[\w\p{{M}}{APOSTROPHES}{FORMAT_CHARACTERS}]")


class Origin(msgspec.Struct, frozen=True):
    """Where a document was read from, to tell later whether it changed or vanished.

    Attributes:
        path: the file, as an absolute path; "" when it came from a program.
        fingerprint: a 64-bit hash of its content.
    """

    path: str = ""
    fingerprint: int = 0


def _begins_with(text: str, title: str) -> bool:
    """Whether a text has all words of a title at its beginning, none of them cut short."""
    text, title = text.lstrip(), title.rstrip("… ")
    return text.startswith(title) and not (title and _IN_WORD.match(text, len(title)))


class SegmentBuilder:
    """Takes documents one by one and writes them as a segment.

    Stored text goes to the disk at once; words are kept as numbers, so that `memory` grows by a
    few bytes a word until `finish`.

    Args:
        folder: of the index.
    """

    def __init__(self, folder: Folder) -> None:
        self.id = new_segment_id()
        self._out = SegmentWriter(folder, self.id)
        self._detector = _detector()
        self._clues = Clues(self._detector)
        self._text = SegmentText(self._clues.vocabulary)
        self._unread = _Unread()
        self._values: dict[str, list[Any]] = {name: [] for name in VALUE_FIELDS}
        self._fingerprints = array("Q")

    @property
    def documents(self) -> int:
        """How many documents were added."""
        return len(self._fingerprints)

    @property
    def memory(self) -> int:
        """About how many bytes writing the segment will take."""
        words = len(self._clues.vocabulary)
        return max(
            _LEXICON_BYTES * words,
            _TOKEN_BYTES * len(self._text)
            + _WORD_BYTES * words
            + _PASSAGE_BYTES * self._text.passages
            + _DOCUMENT_BYTES * self.documents
            + _UNREAD_BYTES * self._unread.size,
        )

    def add(self, document: Document, origin: Origin) -> None:
        """Adds a document of `validated`."""
        self._unread.add(document)
        values = self._values
        values["id"].append(document.id)
        values["source"].append(document.source or "")
        values["collection"].append(document.collection or "")
        values["creator"].append(document.creator or "")
        values["date"].append(document.date or "")
        values["origin"].append(origin.path)
        self._fingerprints.append(origin.fingerprint)
        if self._unread.size >= _AT_A_TIME:
            self._read()

    def abort(self) -> None:
        """Leaves nothing behind."""
        self._out.abort()

    def finish(self) -> SegmentInfo:
        """Writes the segment's files and brings them to the disk; if that fails, none is left."""
        with self._out as out:
            self._read()
            words, masks = self._text.vocabulary()
            del self._clues  # what was known of words for reading
            ids = write_lexicon(out.lexicon, words, word_keys(words), masks)
            del words, masks
            lengths = self._text.write(out, ids)
            write_values(out.documents, self._values)
            out.documents.add("fingerprints", np.frombuffer(self._fingerprints, np.uint64))
            write_id_hashes(out.documents, hashes(self._values["id"]))
            files = out.finish()
        return SegmentInfo(self.id, self.documents, lengths, files)

    def _read(self) -> None:
        """Turns what was added into words, told their languages, and stores it."""
        unread, self._unread = self._unread, _Unread()
        if not unread.documents:
            return
        read = self._clues.vocabulary.read(unread.passages)
        declared = [document.language for document in unread.documents]
        told = self._detector.tell(self._clues, unread.passages, read, unread.counts, declared)
        self._text.extend(read, unread.starts, unread.kinds, unread.counts, told)

        codes = [LANGUAGES[place].code if place >= 0 else "" for place in told.tolist()]
        sizes = list(map(len, unread.passages))
        ends = accumulate(unread.counts)
        for document, count, end in zip(unread.documents, unread.counts, ends, strict=True):
            first = end - count
            if count > 1 and unread.kinds[first] != BODY:
                first += 1  # a title counts only where there is nothing else
            main, every = main_language(codes[first:end], sizes[first:end])
            language = document.language or main
            if language and language not in every:
                every = [language, *every]
            self._values["language"].append(language)
            self._values["languages"].append(every)
            self._out.store.add(document, language, every)


class _Unread:
    """Documents that were added and are still to be read.

    Attributes:
        documents: as they were given.
        passages: of all of them; `starts`, `kinds`: where each begins in its text, and what it is.
        counts: how many passages each document has.
        size: how many characters there are.
    """

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.passages: list[str] = []
        self.starts: list[int] = []
        self.kinds: list[int] = []
        self.counts: list[int] = []
        self.size = 0

    def add(self, document: Document) -> None:
        """Adds a document, cut into passages."""
        text, title = document.text, document.title
        before = len(self.passages)
        if title:
            self.passages.append(title)
            self.starts.append(0)
            self.kinds.append(REPEATED_TITLE if _begins_with(text, title) else TITLE)
        for start, end in passages(text):
            self.passages.append(text[start:end])
            self.starts.append(start)
            self.kinds.append(BODY)
        self.counts.append(len(self.passages) - before)
        self.documents.append(document)
        self.size += len(title) + len(text)
