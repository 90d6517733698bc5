"""Titles of documents that go on as what is being typed.

Every word typed must stand in a title, the last one at least as the beginning of a word. Titles
that begin with what was typed come first; of several the one with the fewest words, then the one of
the longest document. Where no title goes on so, the word being typed may hold one typing error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import msgspec
import numpy as np

from ..indexer.arrayfile import Array
from ..indexer.hashing import hashes
from ..indexer.relations import EXACT
from ..indexer.stretches import among, distinct
from ..indexer.words import words
from .candidates import Candidates, almost, exact
from .completions import typed
from .positions import common_documents, phrase
from .resolve import Resolver
from .snapshot import Part, Snapshot
from .variants import Variants
from .weights import Weights

#: No more titles than this are given, however many are asked for.
MAX_TITLES = 20
# One letter alone begins a word of too many titles.
_LEAST = 2
# So many documents are looked at to tell their titles apart.
_MOST_READ = 100
# A place is document << 32 | position, as in `positions`.
_SHIFT, _POSITION = 32, (1 << 32) - 1


class _Fields(msgspec.Struct):
    title: str = ""


class Title(msgspec.Struct, frozen=True):
    """A title that goes on as what was typed.

    Attributes:
        title: as it was given.
        id: of its document; "" when several documents have it.
    """

    title: str
    id: str


class _Found(NamedTuple):
    """Documents whose titles fit, as parallel arrays (int64).

    Attributes:
        ranks: what they are ordered by, wherever they stand in the index.
        parts, docs: where that is.
    """

    ranks: Array
    parts: Array
    docs: Array


def titles(snapshot: Snapshot, weights: Weights, text: str, limit: int = 5) -> list[Title]:
    """The titles that go on as a text, the best first, each once."""
    asked = typed(text)
    limit = min(limit, MAX_TITLES)
    if asked is None or limit < 1 or len(asked.prefix) + len(asked.before) < _LEAST:
        return []
    resolver = Resolver(snapshot, weights, only_live=True)
    before = [resolver.resolve(word, layers=False).variants for word in asked.before]
    chosen: dict[tuple[str, ...], Title] = {}
    for look_up in (exact, almost):
        words_ = look_up(snapshot, asked.prefix)
        found = [
            _fitting(part, number, before, words_) for number, part in enumerate(snapshot.parts)
        ]
        every = _Found(*map(np.concatenate, zip(*found, strict=True)))
        for title, name, place in _read(snapshot, every):
            key = tuple(words(title))
            if key not in chosen:
                several = _others(snapshot, key, place)
                chosen[key] = Title(title, "" if several else name)
            if len(chosen) == limit:
                break
        if chosen:
            break
    return list(chosen.values())


def _fitting(
    part: Part, number: int, before: Sequence[Sequence[Variants]], found: Candidates
) -> _Found:
    """The first documents of a segment whose titles fit, and those that nothing tells from the
    last of them."""
    ids = found.ids[number]
    sets = [variants[number].ids for variants in before] + [ids[ids >= 0]]
    places = phrase(part, "title", sets)
    first = distinct(places[places & _POSITION == 0] >> _SHIFT)
    docs = first = first[part.live[first]]
    if len(first) <= _MOST_READ:  # else none of the others would be read
        if len(sets) == 1:
            docs = distinct(places >> _SHIFT)
        else:
            docs = common_documents(part, "title", sets).astype(np.int64)
        docs = docs[part.live[docs]]
    begins = among(docs, first)
    lengths = part.files.lengths
    # All of it in one number: not at the beginning, words of the title, shortness of the text.
    ranks = (~begins).astype(np.int64) << 62
    ranks |= np.minimum(lengths["title"][docs], 2**29).astype(np.int64) << 32
    ranks |= np.int64(2**32 - 1) - lengths["text"][docs]
    if len(docs) > _MOST_READ:
        first = ranks <= np.partition(ranks, _MOST_READ)[_MOST_READ]
        docs, ranks = docs[first], ranks[first]
    return _Found(ranks, np.full(len(docs), number), docs)


def _read(snapshot: Snapshot, found: _Found) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """The titles and ids of the first documents, and where these stand, in order; read as they are
    asked for."""
    if len(found.ranks) > _MOST_READ:
        first = found.ranks <= np.partition(found.ranks, _MOST_READ)[_MOST_READ]
        found = _Found(*(column[first] for column in found))
    rows = zip(*(column.tolist() for column in found), strict=True)
    for _, equals in groupby(sorted(rows), key=itemgetter(0)):
        read = []
        for _, number, doc in equals:
            files = snapshot.parts[number].files
            title = msgspec.json.decode(files.records(doc)[0], type=_Fields).title
            read.append((title, files.id_of(doc), (number, doc)))
        yield from sorted(read)


def _others(snapshot: Snapshot, key: Sequence[str], place: tuple[int, int]) -> bool:
    """Whether another live document than that of a place has a title of the same words in the same
    order."""
    different = list(dict.fromkeys(key))
    ids = snapshot.lexicons.ids_of(hashes(different, EXACT))
    # In a segment that lacks a word stands no such title.
    for number in np.flatnonzero((ids >= 0).all(axis=1)).tolist():
        part = snapshot.parts[number]
        of_word = dict(zip(different, ids[number], strict=True))
        places = phrase(part, "title", [of_word[word].reshape(1) for word in key])
        docs = places[places & _POSITION == 0] >> _SHIFT
        same = part.live[docs] & (part.files.lengths["title"][docs] == len(key))
        if any((number, doc) != place for doc in docs[same].tolist()):
            return True
    return False
