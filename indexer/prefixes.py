"""A table of a lexicon by which words are found that begin almost as something: the first letters
of each folded form as one number, in order, so that many beginnings are looked up at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .arrayfile import Array, ArrayFile, ArrayWriter
from .forms import Forms
from .stretches import distinct, order_of, pieces
from .strings import Strings

#: So many letters of a word are in the table.
LETTERS = 5
# A letter takes so many bits; those that need more are all alike, and end what is told of a word.
_BITS = 12
_LAST = (1 << _BITS) - 1


def write_prefixes(writer: ArrayWriter, folded: Forms, ids: Array) -> None:
    """Writes the table.

    Args:
        folded: the forms of all words.
        ids: the id of each word.
    """
    every = heads_of(folded)
    order = order_of(every)
    every = every[order]
    new = np.flatnonzero(np.append(True, every[1:] != every[:-1])[: len(every)])
    writer.add("prefixes.heads", every[new])
    writer.add("prefixes.starts", np.append(new, len(every)).astype(np.uint32))
    writer.add("prefixes.words", ids[order])


def heads_of(folded: Strings | Forms) -> Array:
    """The first letters of folded forms, each as one number; in the order of the forms."""
    heads = [_heads(batch) for _, batch in folded.batches()]
    return np.concatenate(heads) if heads else np.zeros(0, np.uint64)


def _heads(strings: Strings) -> Array:
    numbers, heads = np.arange(len(strings)), np.zeros(len(strings), np.uint64)
    ended = np.zeros(len(strings), bool)
    for place in range(LETTERS):
        points = np.minimum(strings.at(numbers, place), _LAST)
        heads <<= np.uint64(_BITS)
        heads |= np.where(ended, 0, points).astype(np.uint64)
        ended |= points == _LAST
    return heads


def _bounds(prefixes: Strings) -> tuple[Array, Array]:
    """From which head on, and up to which, words have the first letters of each prefix, ascending
    and each once."""
    heads = distinct(_heads(prefixes))
    # Behind what is told of a prefix stand all words' letters.
    free = np.zeros(len(heads), np.uint64)
    for place in range(1, LETTERS + 1):
        bits = np.uint64(_BITS * place)
        free[heads & ((np.uint64(1) << bits) - np.uint64(1)) == 0] = bits
    return heads, heads + (np.uint64(1) << free)


def heads_almost(prefix: str, alphabet: Sequence[str]) -> tuple[Array, Array]:
    """From which head on, and up to which, words may begin one edit away from a folded prefix;
    `almost` tells for sure, where it is not `told_by_heads`.

    Args:
        alphabet: the letters that may have been meant.
    """
    variants = _variants(prefix[: LETTERS + 1], alphabet)
    return _bounds(Strings.of([each[:LETTERS] for each in variants]))


def words_between(file: ArrayFile, first: Array, end: Array) -> Array:
    """The ids of the words of a table whose heads are in one of several ranges, each once,
    ascending."""
    heads, starts = file["prefixes.heads"], file["prefixes.starts"]
    begins, ends = (starts[heads.searchsorted(edge)].astype(np.int64) for edge in (first, end))
    return distinct(pieces(file["prefixes.words"], begins, ends))


def told_by_heads(prefix: str, alphabet: Sequence[str]) -> bool:
    """Whether the table holds all letters that a prefix has with one edit, and tells them
    apart."""
    return len(prefix) < LETTERS and all(ord(each) < _LAST for each in (*prefix, *alphabet))


def _variants(prefix: str, alphabet: Sequence[str]) -> Iterator[str]:
    yield prefix[:LETTERS]  # the edit is farther behind
    for n in range(len(prefix)):
        before, here, after = prefix[:n], prefix[n], prefix[n + 1 :]
        yield before + after
        if after:
            yield before + after[0] + here + after[1:]
        for letter in alphabet:
            yield before + letter + after
            yield before + letter + here + after


def almost(prefix: str, forms: Strings) -> Array:
    """Which folded forms begin as a prefix or one edit away from it: a letter added, left out,
    replaced, or two neighbours swapped (bool)."""
    size, numbers = len(prefix), np.arange(len(forms))
    points = np.array([*map(ord, prefix), 0], np.uint32)[:, None]
    letters = np.array([forms.at(numbers, place) for place in range(size + 1)]).reshape(
        size + 1, -1
    )
    as_typed = letters[:size] == points[:size]
    added = letters[1:] == points[:size]  # the form has one letter more
    dropped = letters[: size - 1] == points[1:size]  # or one less
    found = np.zeros(len(forms), bool)
    for n in range(size):
        same = as_typed[:n].all(axis=0)
        rest = added[n:].all(axis=0) | dropped[n:].all(axis=0) | as_typed[n + 1 :].all(axis=0)
        if n + 1 < size:
            swapped = (letters[n] == points[n + 1]) & (letters[n + 1] == points[n])
            rest |= swapped & as_typed[n + 2 :].all(axis=0)
        found |= same & rest
    return found
