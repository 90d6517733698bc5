"""How Whoosh reads a Fihris segment: its codec, terms, cursors, matchers and per-document data.

With these, Whoosh's own searcher, query objects and tools work on an index. They go posting by
posting and are slow; `fihris.search` reads the same arrays whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np
from whoosh.codec import base
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from .arrayfile import Array
from .naming import INDEX_NAME
from .postings import Postings
from .schema import VALUE_FIELDS, WORD_FIELDS
from .segment import SegmentFiles
from .segmentinfo import SegmentInfo
from .storage import Folder


class Segment(base.Segment):
    """A segment of a commit: its files, and which of its documents are deleted."""

    def __init__(self, info: SegmentInfo, files: SegmentFiles, deleted: Array | None) -> None:
        self.indexname = INDEX_NAME
        self.segid = info.id.removeprefix(f"{INDEX_NAME}_")
        self.compound = False
        self.info, self.files, self.deleted = info, files, deleted

    def codec(self) -> Codec:
        return Codec()

    def should_assemble(self) -> bool:
        return False

    def doc_count_all(self) -> int:
        return self.info.documents

    def deleted_count(self) -> int:
        return self.info.deleted

    def deleted_docs(self) -> Iterator[int]:
        return iter(() if self.deleted is None else np.flatnonzero(self.deleted).tolist())

    def is_deleted(self, docnum: int) -> bool:
        # Whoosh's matchers ask for one document more than there are.
        return self.deleted is not None and bool(self.deleted[docnum : docnum + 1].any())

    def delete_document(self, docnum: int, delete: bool = True) -> NoReturn:
        raise NotImplementedError("documents are deleted through Index.writer()")

    def set_doc_count(self, doccount: int) -> NoReturn:
        raise NotImplementedError("a segment does not change")


class Codec(base.Codec):
    """Opens segments; they are written by `fihris.indexer.writer` alone."""

    def terms_reader(self, storage: Folder, segment: Segment) -> TermsReader:
        return TermsReader(segment.files)

    def per_document_reader(self, storage: Folder, segment: Segment) -> PerDocumentReader:
        return PerDocumentReader(segment)


class PerDocumentReader(base.PerDocumentReader):
    """What is known of each document."""

    def __init__(self, segment: Segment) -> None:
        self._segment, self._files = segment, segment.files

    def doc_count(self) -> int:
        return self._segment.doc_count()

    def doc_count_all(self) -> int:
        return self._files.count

    def has_deletions(self) -> bool:
        return self._segment.has_deletions()

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        return self._segment.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self._files.lengths.get(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        return self._files.info.lengths.get(fieldname, 0)

    def min_field_length(self, fieldname: str) -> int:
        lengths = self._files.lengths.get(fieldname)
        return 0 if lengths is None or not len(lengths) else int(lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        lengths = self._files.lengths.get(fieldname)
        return 0 if lengths is None or not len(lengths) else int(lengths.max())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return {**self._files.fields(docnum), "text": self._files.text(docnum)}


class TermsReader(base.TermsReader):
    """The terms of all fields, in the order of their bytes, and their postings."""

    def __init__(self, files: SegmentFiles) -> None:
        self.files = files

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._find(*term) >= 0

    def indexed_field_names(self) -> list[str]:
        return [*WORD_FIELDS, *VALUE_FIELDS]

    def cursor(self, fieldname: str, fieldobj: Any) -> Cursor:
        return Cursor(self, fieldname, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in sorted(self.indexed_field_names()):
            yield from self.terms_from(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for rank in range(self.rank_of(fieldname, prefix), self.size(fieldname)):
            if self.count_at(fieldname, rank):
                yield fieldname, self.at(fieldname, rank)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        docs, freqs, _, _ = self._postings(fieldname, text)
        lengths = self.files.lengths.get(fieldname)
        lengths = np.ones(1, np.uint32) if lengths is None else lengths[docs]
        make_info: Any = TermInfo  # its weights are floats, whatever its defaults look like
        return make_info(
            weight=float(freqs.sum(dtype=np.float64)),
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(freqs.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self._postings(fieldname, text)[1].sum(dtype=np.float64))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._postings(fieldname, text)[0])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Matcher:
        try:
            docs, freqs, postings, start = self._postings(fieldname, text)
        except KeyError as error:
            raise TermNotFound(str(error)) from None
        return Matcher((fieldname, text), docs, freqs, postings, start, format_, scorer)

    # Fields of words and fields of values, seen as lists of terms in the order of their bytes.

    def size(self, field: str) -> int:
        """How many terms a field has (some of a field of words may have no postings there)."""
        if field in WORD_FIELDS:
            return len(self.files.lexicon)
        return len(self.files.values[field]) if field in VALUE_FIELDS else 0

    def at(self, field: str, rank: int) -> bytes:
        """The term of that place."""
        if field in WORD_FIELDS:
            return self.files.lexicon.at(rank)
        return self.files.values[field].at(rank)

    def rank_of(self, field: str, text: bytes) -> int:
        """The place of the first term that is not before the text."""
        if field in WORD_FIELDS:
            return self.files.lexicon.rank_of(text)
        return self.files.values[field].place_of(text) if field in VALUE_FIELDS else 0

    def count_at(self, field: str, rank: int) -> int:
        """How many documents have the term of that place."""
        if field in WORD_FIELDS:
            number = self.files.lexicon.id_at(rank)
            offsets = self.files.postings[field].offsets
            return int(offsets[number + 1]) - int(offsets[number])
        return len(self.files.values[field].docs(rank))

    def _find(self, field: str, text: bytes) -> int:
        rank = self.rank_of(field, text)
        found = rank < self.size(field) and self.at(field, rank) == text
        return rank if found and self.count_at(field, rank) else -1

    def _postings(self, field: str, text: bytes) -> tuple[Array, Array, Postings | None, int]:
        rank = self._find(field, text)
        if rank < 0:
            raise KeyError(f"No term {field}:{text!r}")
        if field in WORD_FIELDS:
            postings = self.files.postings[field]
            number = self.files.lexicon.id_at(rank)
            start, end = int(postings.offsets[number]), int(postings.offsets[number + 1])
            return postings.docs[start:end], postings.freqs[start:end], postings, start
        docs = self.files.values[field].docs(rank)
        return docs, np.ones(len(docs), np.uint8), None, 0


class Cursor(base.FieldCursor):
    """Walks through the terms of a field in the order of their bytes."""

    def __init__(self, reader: TermsReader, field: str, fieldobj: Any) -> None:
        self._reader, self._field, self._fieldobj, self._rank = reader, field, fieldobj, 0
        self._pass_empty()

    def first(self) -> str | None:
        self._rank = 0
        return self._pass_empty()

    def find(self, string: str | bytes) -> str | None:
        text = string if isinstance(string, bytes) else string.encode()
        self._rank = self._reader.rank_of(self._field, text)
        return self._pass_empty()

    def next(self) -> str | None:
        self._rank += 1
        return self._pass_empty()

    def text(self) -> str | None:
        if not self.is_valid():
            return None
        return self._fieldobj.from_bytes(self._reader.at(self._field, self._rank))

    def term_info(self) -> TermInfo | None:
        if not self.is_valid():
            return None
        return self._reader.term_info(self._field, self._reader.at(self._field, self._rank))

    def is_valid(self) -> bool:
        return self._rank < self._reader.size(self._field)

    def _pass_empty(self) -> str | None:
        while self.is_valid() and not self._reader.count_at(self._field, self._rank):
            self._rank += 1
        return self.text()


class Matcher(LeafMatcher):
    """The postings of one term, one at a time."""

    def __init__(
        self,
        term: tuple[str, bytes],
        docs: Array,
        freqs: Array,
        postings: Postings | None,
        start: int,
        format_: Any,
        scorer: Any,
    ) -> None:
        self._term, self.format, self.scorer = term, format_, scorer
        self._docs, self._freqs = docs, freqs
        self._postings, self._start, self._place = postings, start, 0

    def is_active(self) -> bool:
        return self._place < len(self._docs)

    def id(self) -> int:
        return int(self._docs[self._place])

    def weight(self) -> float:
        return float(self._freqs[self._place])

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._place += 1
        return True

    def reset(self) -> None:
        self._place = 0

    def all_ids(self) -> Iterator[int]:
        return iter(self._docs.tolist())

    def skip_to(self, id: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._place = max(self._place, int(np.searchsorted(self._docs, id)))

    def copy(self) -> Matcher:
        other = Matcher(
            self._term, self._docs, self._freqs, self._postings, self._start, self.format,
            self.scorer,
        )  # fmt: skip
        other._place = self._place
        return other

    def value(self) -> bytes:
        return self.format.encode(self._positions())

    def value_as(self, astype: str) -> Any:
        if astype == "positions":
            return self._positions()
        if astype == "frequency":
            return int(self._freqs[self._place])
        return self.weight()

    def supports_block_quality(self) -> bool:
        return False

    def max_quality(self) -> float:
        return self.scorer.max_quality() if self.scorer else 0.0

    def block_quality(self) -> float:
        return self.max_quality()

    def _positions(self) -> list[int]:
        if self._postings is None:
            return [0]
        return self._postings.places(np.array([self._start + self._place]))[0].tolist()
