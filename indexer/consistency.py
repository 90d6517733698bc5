"""Whether the arrays of a segment fit each other: what must hold in every segment that was written.

Checksums tell that a file is as it was written; this tells that what was written made sense.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from .arrayfile import Array
from .errors import FihrisError
from .folding import folds
from .hashing import hashes
from .hashtable import read_table
from .languages import LANGUAGES
from .packed import Packed
from .passagetable import BODY, NO_LANGUAGE, REPEATED_TITLE
from .prefixes import heads_of
from .schema import SEVERAL, VALUE_FIELDS, WORD_FIELDS
from .segment import SegmentFiles

# Postings looked at together, to bound the memory; a multiple of the postings of a block.
_PIECE = 1 << 20


def flaws(files: SegmentFiles) -> Iterator[tuple[str, str]]:
    """What does not fit together in a segment: the ending of the file's name, and what is wrong."""
    steps: list[tuple[str, Callable[[], Iterator[str]]]] = [
        ("lexicon", lambda: _in_lexicon(files)),
        *(("postings", lambda field=field: _in_postings(files, field)) for field in WORD_FIELDS),
        *(("documents", lambda name=name: _in_values(files, name)) for name in VALUE_FIELDS),
        ("documents", lambda: _in_ids(files)),
        ("documents", lambda: _in_passages(files)),
        ("store", lambda: _in_store(files)),
    ]
    for ending, step in steps:
        try:
            for what in step():
                yield ending, what
        except (LookupError, ValueError, ArithmeticError, MemoryError) as error:
            yield ending, f"its arrays do not fit each other ({error})"
        except FihrisError as error:
            yield ending, str(error)


def _divides(borders: Array, parts: int, total: int) -> bool:
    """Whether borders cut `total` things into so many parts."""
    whole = len(borders) == parts + 1 and borders[0] == 0 and borders[-1] == total
    return whole and bool((borders[1:] >= borders[:-1]).all())


def _below(numbers: Array, bound: int) -> bool:
    return not len(numbers) or int(numbers.max()) < bound


def _ascends(values: Array | Packed, borders: Array) -> bool:
    """Whether values ascend, no two alike, between each border and the next."""
    for start in range(0, len(values), _PIECE):
        piece = values[start : start + _PIECE + 1]
        falls = np.flatnonzero(piece[1:] <= piece[:-1]) + start + 1
        nearest = np.minimum(np.searchsorted(borders, falls), len(borders) - 1)
        if (borders[nearest] != falls).any():
            return False
    return True


def _pieces(numbers: Packed) -> Iterator[Array]:
    for start in range(0, len(numbers), _PIECE):
        yield numbers[start : start + _PIECE]


def _packed_well(numbers: Packed) -> bool:
    """Whether those of the packed numbers that need to be exceptions, and no others, are; and the
    bits behind the last are 0."""
    _, high, _, places, values = numbers.arrays
    used = len(numbers) * numbers.high_bits % 8
    if used and high[-1] >> used:
        return False
    if not len(places):
        return True
    if (places[1:] <= places[:-1]).any() or not _below(places, len(numbers)):
        return False
    beyond = sum(np.count_nonzero(piece >= numbers.ones) for piece in _pieces(numbers))
    within = int(values.min()) >= numbers.ones and np.array_equal(numbers.take(places), values)
    return within and beyond == len(places)


def _texts(blob: Array, edges: Array) -> list[bytes]:
    data, borders = blob.tobytes(), edges.tolist()
    return [data[a:b] for a, b in pairwise(borders)]


def _in_lexicon(files: SegmentFiles) -> Iterator[str]:
    lexicon, file = files.lexicon, files.lexicon.file
    count = len(lexicon)
    if not _divides(file["words.offsets"], count, len(file["words.blob"])):
        yield "the borders of its words are wrong"
        return
    words = _texts(file["words.blob"], file["words.offsets"])
    if any(a >= b for a, b in pairwise(words)):
        yield "its words are not in order"
    for word in words:
        word.decode()
    if not np.array_equal(file["words.ranks"][file["words.ids"]], np.arange(count)):
        yield "the numbers and places of its words differ"
    if len(lexicon.identities) != count or len(lexicon.masks) != count:
        yield "it does not tell of each word what it should"
    if not _below(lexicon.masks, 1 << len(LANGUAGES)):
        yield "a word has a language that there is not"
    forms = file["folded.ids"]
    if not _divides(file["folded.offsets"], len(forms), len(file["folded.blob"])):
        yield "the borders of its folded forms are wrong"
    else:
        folded = _texts(file["folded.blob"], file["folded.offsets"])
        if any(a > b for a, b in pairwise(folded)):
            yield "its folded forms are not in order"
        for form in folded:
            form.decode()
    tables = {name: read_table(file, name) for name in ("keys", "rests", "deletions")}
    for name, table in tables.items():
        width = 3 if table.owners.itemsize == 1 else 1
        rows = len(table.tails)
        if len(table.owners) != width * rows or not _divides(
            table.starts, max(len(table.starts) - 1, 1), rows
        ):
            yield f"the borders of its table of {name} are wrong"
            return
        if not _below(table.words, count):
            yield f"its table of {name} names a word that is not there"
        if (table.hashes[1:] < table.hashes[:-1]).any():
            yield f"its table of {name} is not in order"
    if len(tables["rests"].checks) != len(tables["rests"].tails):
        yield "its table of rests lacks checks"
    codes = file["grams.codes"]
    if (codes[1:] <= codes[:-1]).any() or len(file["grams.counts"]) != count:
        yield "its table of 3-grams is not in order"
    if not _divides(file["grams.starts"], len(codes), len(file["grams.words"])):
        yield "the borders of its 3-grams are wrong"
    owners, heads = file["prefixes.words"], file["prefixes.heads"]
    if not np.array_equal(np.sort(owners), np.arange(count)):
        yield "its table of beginnings does not hold each word once"
    elif not _divides(file["prefixes.starts"], len(heads), count):
        yield "the borders of its beginnings are wrong"
    elif not np.array_equal(
        heads_of(folds(lexicon.words_of(owners))[0]),
        heads.repeat(np.diff(file["prefixes.starts"].astype(np.int64))),
    ) or np.any(heads[1:] <= heads[:-1]):
        yield "its table of beginnings does not fit its words"
    if len(file["classes"]) != count:
        yield "it does not tell of each word which class it is of"
        return
    numbers = np.arange(count)
    classes = lexicon.keys(numbers, lexicon.words_of(numbers)).classes[0]
    if (classes[1:] < classes[:-1]).any():
        yield "the forms of a word do not stand together"
    for name in ("folded.ids", "grams.words"):
        if not _below(file[name], count):
            yield f"{name} names a word that is not there"


def _in_postings(files: SegmentFiles, field: str) -> Iterator[str]:
    postings, lengths = files.postings[field], files.lengths[field]
    docs, freqs, positions = postings.docs, postings.freqs, postings.positions
    if not _divides(postings.offsets, len(files.lexicon), len(docs)) or len(freqs) != len(docs):
        yield f"{field}: the borders of the postings are wrong"
        return
    for name, numbers in (("docs", docs), ("freqs", freqs), ("positions", positions)):
        if not _packed_well(numbers):
            yield f"{field}: the {name} are packed wrongly"
            return
    if not all(_below(piece, files.count) for piece in _pieces(docs)):
        yield f"{field}: a posting names a document that is not there"
        return
    if not _ascends(docs, postings.offsets):
        yield f"{field}: the documents of a word are not in order"
    total = sum(int(piece.sum(dtype=np.int64)) for piece in _pieces(freqs))
    if not all(piece.all() for piece in _pieces(freqs)) or total != len(positions):
        yield f"{field}: frequencies and positions differ"
        return
    sums, begin, ordered, inside, blocks = np.zeros(files.count), 0, True, True, True
    for n, (in_docs, times) in enumerate(zip(_pieces(docs), _pieces(freqs), strict=True)):
        ends = np.cumsum(times, dtype=np.int64)
        begins, size = ends - times, int(ends[-1])
        sums += np.bincount(in_docs, weights=times, minlength=files.count)
        places = positions[begin : begin + size]
        ordered &= _ascends(places, begins)
        inside &= bool((places[ends - 1] <= lengths[in_docs]).all())
        numbers = n * _PIECE + np.arange(len(times))
        blocks &= np.array_equal(postings.starts(numbers), begin + begins)
        begin += size
    if not ordered:
        yield f"{field}: the positions of a word in a document are not in order"
    if not inside:
        yield f"{field}: a position is behind the end of its document"
    if not blocks:
        yield f"{field}: the positions are not where they should be"
    if not np.array_equal(sums, lengths) or files.info.lengths.get(field) != int(sums.sum()):
        yield f"{field}: the lengths of documents and their words differ"


def _in_values(files: SegmentFiles, name: str) -> Iterator[str]:
    values, file = files.values[name], files.documents
    edges, starts, docs = file[f"{name}.edges"], file[f"{name}.starts"], file[f"{name}.docs"]
    count = len(values)
    if not _divides(edges, count, len(file[f"{name}.blob"])):
        yield f"{name}: the borders of the values are wrong"
        return
    texts = _texts(file[f"{name}.blob"], edges)
    if any(a >= b for a, b in pairwise(texts)):
        yield f"{name}: the values are not in order"
    for text in texts:
        text.decode()
    if not _divides(starts, count, len(docs)) or not _below(docs, files.count):
        yield f"{name}: a value names a document that is not there"
        return
    if not _ascends(docs, starts):
        yield f"{name}: the documents of a value are not in order"
    if (values.codes is None) != (name in SEVERAL):
        yield f"{name}: it is not known which document has which value"
    elif values.codes is not None:
        once = np.array_equal(np.bincount(docs, minlength=files.count), np.ones(files.count))
        if not once or not np.array_equal(values.codes[docs], values.pairs()[1]):
            yield f"{name}: a document has no value, or more than one"


def _in_ids(files: SegmentFiles) -> Iterator[str]:
    found, docs = files.documents["ids.hashes"], files.documents["ids.docs"]
    expected = hashes([files.id_of(doc) for doc in range(files.count)])
    order = np.lexsort((np.arange(files.count), expected))
    if not np.array_equal(docs, order) or not np.array_equal(found, expected[order]):
        yield "the table of ids does not fit the ids"
    if len(files.documents["fingerprints"]) != files.count:
        yield "there is not a fingerprint for each document"


def _in_passages(files: SegmentFiles) -> Iterator[str]:
    edges, starts, positions, languages, kinds = (
        files.documents[f"passages.{name}"]
        for name in ("edges", "starts", "positions", "languages", "kinds")
    )
    if not _divides(edges, files.count, len(starts)) or any(
        len(other) != len(starts) for other in (positions, languages, kinds)
    ):
        yield "the borders of passages are wrong"
        return
    if not _below(kinds, REPEATED_TITLE + 1):
        yield "a passage is of no known kind"
    if not _below(languages[languages != NO_LANGUAGE], len(LANGUAGES)):
        yield "a passage has a language that there is not"
    docs = np.repeat(np.arange(files.count), np.diff(edges.astype(np.int64)))
    body = kinds == BODY
    if not _ascends(starts[body], np.searchsorted(docs[body], np.arange(files.count + 1))):
        yield "the passages of a document are not in order"
    if (positions > files.lengths["text"][docs]).any():
        yield "a passage begins behind the end of its document"


def _in_store(files: SegmentFiles) -> Iterator[str]:
    offsets = files.documents["store.offsets"]
    if not _divides(offsets, 2 * files.count, files.info.files["store"].size):
        yield "the borders of documents are wrong"
        return
    edges, starts = files.documents["passages.edges"], files.documents["passages.starts"]
    for doc in range(files.count):
        length = len(files.text(doc))
        if files.fields(doc).get("id") != files.id_of(doc):
            yield f"document {doc} is stored under another id"
        if not _below(starts[edges[doc] : edges[doc + 1]], max(length, 1)):
            yield f"a passage of document {doc} begins behind the end of its text"
