"""Writes the lexicon of a segment: the arrays that `Lexicon` reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import regex

from .arrayfile import Array, ArrayWriter
from .blobs import offsets_of
from .forms import Forms
from .hashing import UInt64Array, hashes
from .hashtable import unordered_table, write_table
from .heap import trim
from .languages import LANGUAGES
from .lexicon import AS_FOLDED
from .prefixes import write_prefixes
from .relations import EXACT, WordKeys
from .spelling import MIN_LETTERS, TOLD_BY_GRAMS, deletion_table, gram_table
from .stretches import order_of
from .strings import BATCH, Strings

_DIGIT = regex.compile(r"\d")
#: Of a word the languages of its paragraphs, a bit for each.
MASK = np.min_scalar_type(1 << len(LANGUAGES))
_NONE = np.zeros(0, np.uint64)


def _write_strings(writer: ArrayWriter, name: str, strings: Strings, order: Array) -> None:
    """Writes strings in some order as one array of bytes, and their offsets (one more than
    strings)."""
    lengths = np.zeros(len(order), np.uint32)
    writer.begin(f"{name}.blob", np.dtype(np.uint8))
    for start in range(0, len(order), BATCH):
        blob, offsets = strings.take(order[start : start + BATCH]).encoded()
        lengths[start : start + BATCH] = np.diff(offsets)
        writer.extend(blob)
    writer.add(f"{name}.offsets", offsets_of(lengths))


def write_lexicon(
    writer: ArrayWriter,
    words: Sequence[str] | Strings,
    keys: WordKeys,
    masks: Array,
    folded: Forms | None = None,
) -> Array:
    """Writes the lexicon of distinct words (of `casefold_key`).

    Args:
        keys: of the words; let go of as they are written.
        masks: for each word the languages of its paragraphs, a bit for each of LANGUAGES.
        folded: the folded forms of the words, where the keys do not hold them.

    Returns:
        The id of each word, in the order they were given.
    """
    words = Strings.of(words)
    folded = folded or Forms.of(words, keys.folded)
    keys.folded = Strings.of([])
    ids = _write_words(writer, words, keys, masks)
    trim()

    # Prefixes and wildcards are folded; most words are their own folded form.
    order = folded.others.order(order_of(ids[folded.changed].astype(np.uint64)))
    _write_strings(writer, "folded", folded.others, order)
    writer.add("folded.ids", ids[folded.changed[order]])
    del order  # of a large lexicon, much memory
    trim()
    table = unordered_table(keys.hashes, keys.words, ids)
    keys.hashes, keys.words = _NONE, _NONE
    trim()
    write_table(writer, "keys", table)
    del table
    table = unordered_table(keys.rest_hashes, keys.rest_words, ids, keys.rest_checks)
    keys.rest_hashes, keys.rest_words, keys.rest_checks = _NONE, _NONE, _NONE
    write_table(writer, "rests", table)
    del table
    trim()
    write_prefixes(writer, folded, ids)
    trim()
    _write_spelling(writer, folded, ids)
    return ids


def _write_words(writer: ArrayWriter, words: Strings, keys: WordKeys, masks: Array) -> Array:
    count = len(words)
    main = keys.main(masks)
    keys.classes = _NONE
    trim()
    identities = np.empty(count, np.uint64)
    for first, batch in words.batches():
        identities[first : first + len(batch)] = hashes(batch, EXACT)
    order = order_of(identities)
    order = order[order_of(main[order])]
    trim()
    ids = np.empty(count, np.uint32)
    ids[order] = np.arange(count, dtype=np.uint32)
    writer.add("identities", identities[order])
    del identities
    writer.add("masks", masks[order].astype(MASK))
    writer.add("classes", _places_of_classes(keys, main)[order])
    del main, order  # of a large lexicon, much memory
    trim()

    lexical = words.order()
    _write_strings(writer, "words", words, lexical)
    in_order = ids[lexical]
    del lexical
    writer.add("words.ids", in_order)
    ranks = np.empty(count, np.uint32)
    ranks[in_order] = np.arange(count, dtype=np.uint32)
    writer.add("words.ranks", ranks)
    return ids


def _places_of_classes(keys: WordKeys, classes: UInt64Array) -> Array:
    """For each word how many of its keys are below its class, which is one of them; or AS_FOLDED
    where it is not, but that of the folded form. So the hashes are on the disk only once."""
    places, known = np.zeros(len(classes), np.uint8), np.zeros(len(classes), bool)
    for start in range(0, len(keys.words), BATCH):
        some = slice(start, start + BATCH)
        owners = keys.words[some]
        of_words = classes[owners]
        below = owners[keys.hashes[some] < of_words]
        known[owners[keys.hashes[some] == of_words]] = True
        first = int(owners[0])
        counts = np.bincount(below - first, minlength=1)
        places[first : first + len(counts)] += counts.astype(np.uint8)
    places[~known] = AS_FOLDED
    return places


def _write_spelling(writer: ArrayWriter, folded: Forms, ids: Array) -> None:
    digits = [code for code in folded.alphabet().tolist() if _DIGIT.match(chr(code))]
    numbered = [batch.any(np.isin(batch.points, digits)) for _, batch in folded.batches()]
    spelt = folded.lengths >= MIN_LETTERS - 1
    spelt &= ~np.concatenate(numbered or [spelt])
    chosen = np.flatnonzero(spelt)
    table = gram_table(folded, chosen, ids)
    writer.add("grams.codes", table.codes)
    writer.add("grams.starts", table.starts)
    writer.add("grams.words", table.words)
    writer.add("grams.counts", table.counts)
    chosen = chosen[table.counts[ids[chosen]] < TOLD_BY_GRAMS]
    del table  # of a large lexicon, much memory
    trim()
    write_table(writer, "deletions", deletion_table(folded, chosen, ids))
