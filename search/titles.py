"""Titles of documents that go on as what is being typed.

Every word typed must stand in a title, the last one at least as the beginning of a word. Titles
that begin with what was typed come first; of several the one with the fewest words, then the one of
the longest document. Where no title goes on so, the word being typed may hold one typing error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import msgspec
import numpy as np

from ..indexer.stretches import distinct
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


@dataclass(frozen=True, slots=True)
class Title:
    """A title that goes on as what was typed.

    Attributes:
        title: as it was given.
        id: of its document; "" when several documents have it.
    """

    title: str
    id: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A document whose title fits.

    Attributes:
        rank: what it is ordered by, wherever it stands in the index.
        part, doc: where that is.
    """

    rank: int
    part: int
    doc: int


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
        found = [each for number, part in enumerate(snapshot.parts)
                 for each in _fitting(part, number, before, words_)]  # fmt: skip
        for each, title, name in _read(snapshot, found):
            key = tuple(words(title))
            if key not in chosen:
                several = _others(snapshot, key, each)
                chosen[key] = Title(title, "" if several else name)
            if len(chosen) == limit:
                break
        if chosen:
            break
    return list(chosen.values())


def _fitting(
    part: Part, number: int, before: Sequence[Sequence[Variants]], found: Candidates
) -> list[_Found]:
    """The first documents of a segment whose titles fit, and those that nothing tells from the
    last of them."""
    ids = found.ids[number]
    sets = [variants[number].ids for variants in before] + [ids[ids >= 0]]
    places = phrase(part, "title", sets)
    first = distinct(places[places & _POSITION == 0] >> _SHIFT)
    docs = first = first[part.live[first]]
    if len(first) <= _MOST_READ:  # else none of the others would be read
        docs = common_documents(part, "title", sets).astype(np.int64)
        docs = docs[part.live[docs]]
    if not len(docs):
        return []
    begins = np.isin(docs, first, assume_unique=True)
    lengths = part.files.lengths
    # All of it in one number: not at the beginning, words of the title, shortness of the text.
    ranks = (~begins).astype(np.int64) << 62
    ranks |= np.minimum(lengths["title"][docs], 2**29).astype(np.int64) << 32
    ranks |= np.int64(2**32 - 1) - lengths["text"][docs]
    if len(docs) > _MOST_READ:
        first = ranks <= np.partition(ranks, _MOST_READ)[_MOST_READ]
        docs, ranks = docs[first], ranks[first]
    pairs = zip(ranks.tolist(), docs.tolist(), strict=True)
    return [_Found(rank, number, doc) for rank, doc in pairs]


def _read(snapshot: Snapshot, found: Sequence[_Found]) -> Iterator[tuple[_Found, str, str]]:
    """The first documents with their titles and ids, in order; read as they are asked for."""
    ordered = sorted(found, key=lambda each: each.rank)
    last = ordered[: _MOST_READ + 1][-1:]
    for rank, equals in groupby(ordered, key=lambda each: each.rank):
        if rank > last[0].rank:
            break
        read = []
        for each in equals:
            files = snapshot.parts[each.part].files
            title = msgspec.json.decode(files.records(each.doc)[0], type=_Fields).title
            read.append((each, title, files.id_of(each.doc)))
        yield from sorted(read, key=lambda row: row[1:])


def _others(snapshot: Snapshot, key: Sequence[str], found: _Found) -> bool:
    """Whether another live document has a title of the same words in the same order."""
    encoded = [word.encode() for word in key]
    for number, part in enumerate(snapshot.parts):
        ids = np.array(list(map(part.lexicon.find, encoded)), np.int64)
        if (ids < 0).any():
            continue
        places = phrase(part, "title", np.split(ids, len(ids)))
        docs = places[places & _POSITION == 0] >> _SHIFT
        same = part.live[docs] & (part.files.lengths["title"][docs] == len(key))
        if any((number, doc) != (found.part, found.doc) for doc in docs[same].tolist()):
            return True
    return False
