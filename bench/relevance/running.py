"""Indexes a collection, runs its queries, and judges what comes back.

The engine is told no language, neither of a document nor of a query.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection as Some
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import ir_measures
from fihris.indexer import Index
from fihris.search import Searcher
from fihris.search.weights import Weights
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from .collection import Collection, Judgements

MEASURES = {"nDCG@10": nDCG @ 10, "Recall@100": R @ 100, "MRR@10": RR @ 10}
DEPTH = 100

#: By measure, then query id.
OfQueries = dict[str, dict[str, float]]
#: By collection as well.
Values = dict[str, OfQueries]
#: Ids of documents, the best first, by query id.
Run = dict[str, list[str]]


@contextmanager
def indexed(collection: Collection) -> Iterator[Index]:
    """A fresh index of a collection, gone after the block."""
    with tempfile.TemporaryDirectory() as folder, Index.create(Path(folder) / "index") as index:
        with index.writer() as writer:
            for document in collection.documents():
                writer.add(document)
        yield index


def run(index: Index, weights: Weights, queries: dict[str, str], depth: int = DEPTH) -> Run:
    """What each query finds."""
    searcher = Searcher(index, weights)
    return {
        query: [document for document, _ in searcher.rank(text, depth)[:depth]]
        for query, text in queries.items()
    }


def sampled(collection: Collection, most: int | None) -> dict[str, str]:
    """The judged queries of a collection, or so many of them, always the same."""
    judged = {query for each in collection.judgements.values() for query in each}
    queries = sorted(judged)
    if most is not None and most < len(queries):
        queries = sorted(Random(1).sample(queries, most))
    return {query: collection.queries[query] for query in queries}


def judged(found: Run, judgements: Judgements, measures: Some[str] = tuple(MEASURES)) -> OfQueries:
    """The measures of each judged query that was run. A query that finds nothing has 0."""
    queries = judgements.keys() & found.keys()
    qrels = [
        Qrel(query, document, relevance)
        for query in queries
        for document, relevance in judgements[query].items()
    ]
    # The rank stands for the score, since trec_eval would put equal scores in an order of its own.
    scored = [
        ScoredDoc(query, document, -float(rank))
        for query in queries
        for rank, document in enumerate(found[query])
    ]
    values = {name: dict.fromkeys(queries, 0.0) for name in measures}
    names = {MEASURES[name]: name for name in measures}
    for each in ir_measures.iter_calc(list(names), qrels, scored) if queries else ():
        values[names[each.measure]][each.query_id] = each.value
    return values


def measure(collection: Collection, weights: Weights, most: int | None = None) -> Values:
    """The values of each query of a collection, for each of its files of judgements.

    Args:
        most: so many queries at most, drawn at random, always the same.
    """
    with indexed(collection) as index:
        found = run(index, weights, sampled(collection, most))
    return {
        row_name(collection, name): judged(found, judgements)
        for name, judgements in collection.judgements.items()
    }


def row_name(collection: Collection, judgements: str) -> str:
    """What the values by a file of judgements are called."""
    return f"{collection.name} ({judgements})" if judgements else collection.name
