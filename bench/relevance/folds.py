"""Which collections may choose the weights for which, and what they choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from fihris.indexer.errors import InputError

from .collection import Collection

# Two collections are related when they share this part of the smaller one's documents, queries or
# judgements. The last tells those where both documents and queries were altered.
_SHARED = 0.1

#: By collection, for each setting the measure of each query.
Tried = dict[str, list[dict[str, float]]]


def relations(collections: Sequence[Collection]) -> dict[str, frozenset[str]]:
    """For each collection those that it shares documents, queries or judgements with, itself among
    them."""
    texts = {
        each.name: (
            {hash(text) for text in each.queries.values()},
            {hash(document.text) for document in each.documents()},
            {
                hash((query, document))
                for query, documents in each.judgements[""].items()
                for document in documents
            },
        )
        for each in collections
    }
    return {
        one: frozenset(other for other in texts if _share(texts[one], texts[other]))
        for one in texts
    }


def _share(one: tuple[set[int], ...], other: tuple[set[int], ...]) -> bool:
    return any(len(a & b) >= _SHARED * min(len(a), len(b)) for a, b in zip(one, other, strict=True))


def families(related: dict[str, frozenset[str]], names: Iterable[str]) -> list[list[str]]:
    """Some collections, those together that are related to the same ones."""
    found: dict[frozenset[str], list[str]] = {}
    for name in names:
        found.setdefault(related[name], []).append(name)
    return list(found.values())


def training(related: dict[str, frozenset[str]], name: str) -> list[list[str]]:
    """The families that may choose for a collection. Raises InputError when there are none."""
    others = families(related, (each for each in related if each not in related[name]))
    if not others:
        raise InputError(name, "is related to all the others", "leave it out or give more")
    return others


def best(tried: Tried, chosen_by: Sequence[Sequence[str]]) -> int:
    """The number of the setting that is best for some families, each counting the same; of equals
    the first."""
    means = {name: [np.mean(list(each.values())) for each in tried[name]] for name in tried}
    of_families = [np.mean([means[name] for name in family], axis=0) for family in chosen_by]
    return int(np.argmax(np.mean(of_families, axis=0)))
