"""How well Fihris ranks: nDCG@10, Recall@100 and MRR@10 on judged collections.

    python -m bench.relevance COLLECTION...                       folders as `judged` describes them
    python -m bench.relevance --ablate similar COLLECTION...      without a layer
    python -m bench.relevance --save before COLLECTION...
    python -m bench.relevance --against before COLLECTION...      differences, 95 % intervals

The engine is never told the language of a document or a query.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import ir_measures
import numpy as np
from fihris.indexer import Index
from fihris.indexer.errors import FihrisError, InputError
from fihris.search.weights import WEIGHTS, Weights
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from .judged import Collection, Judgements, read
from .searching import Searching

MEASURES = {"nDCG@10": nDCG @ 10, "Recall@100": R @ 100, "MRR@10": RR @ 10}
RESULTS = Path(__file__).parent / "results"
_LIMIT = 100
_RESAMPLES = 10_000
_LAYERS = (
    "folded", "stem", "root", "similar", "corrected", "corrected_twice",
    "exact_again", "title", "pairs",
)  # fmt: skip

#: By collection, then measure, then query id.
Values = dict[str, dict[str, dict[str, float]]]


def main(arguments: list[str] | None = None) -> int:
    """Measures; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("collections", nargs="+", type=Path, metavar="COLLECTION")
    parser.add_argument("--ablate", action="append", default=[], choices=_LAYERS, metavar="LAYER",
                        help=f"set a weight to 0: {', '.join(_LAYERS)}")  # fmt: skip
    parser.add_argument("--set", action="append", default=[], metavar="WEIGHT=VALUE",
                        help="give any weight another value")  # fmt: skip
    parser.add_argument("--save", metavar="NAME", help="keep the values of each query")
    parser.add_argument("--against", metavar="NAME", help="compare with values that were kept")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where they are kept")
    options = parser.parse_args(arguments)
    try:
        weights = _weights(options.ablate, options.set)
        before = _load(options.results, options.against) if options.against else None
        values: Values = {}
        for folder in options.collections:
            values |= measure(read(folder), weights)
        print(_table(values, before))
        if options.save:
            options.results.mkdir(parents=True, exist_ok=True)
            _file(options.results, options.save).write_text(json.dumps(values), encoding="utf-8")
    except FihrisError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def measure(collection: Collection, weights: Weights) -> Values:
    """Indexes a collection, runs its queries, and gives the measures of each query."""
    judged = {query for each in collection.judgements.values() for query in each}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        with Index.create(path) as index, index.writer() as writer:
            for document in collection.documents():
                writer.add(document)
        searching = Searching(path, weights)
        run = {
            query: [found for found, _ in searching.text(text, _LIMIT)]
            for query, text in collection.queries.items()
            if query in judged
        }
    return {
        f"{collection.name} ({name})" if name else collection.name: _values(run, judgements)
        for name, judgements in collection.judgements.items()
    }


def _values(run: dict[str, list[str]], judgements: Judgements) -> dict[str, dict[str, float]]:
    qrels = [
        Qrel(query, document, relevance)
        for query, documents in judgements.items()
        for document, relevance in documents.items()
    ]
    # The rank stands for the score, since trec_eval would put equal scores in an order of its own.
    scored = [
        ScoredDoc(query, document, -float(rank))
        for query in judgements
        for rank, document in enumerate(run[query])
    ]
    values = {name: dict.fromkeys(judgements, 0.0) for name in MEASURES}
    names = {measure: name for name, measure in MEASURES.items()}
    for found in ir_measures.iter_calc(list(names), qrels, scored):
        values[names[found.measure]][found.query_id] = found.value
    return values


def _weights(ablated: Sequence[str], changed: Sequence[str]) -> Weights:
    values: dict[str, float] = dict.fromkeys(ablated, 0.0)
    known = {field.name: type(getattr(WEIGHTS, field.name)) for field in fields(Weights)}
    for item in changed:
        name, _, value = item.partition("=")
        if name not in known:
            raise InputError(f"--set {item}", "names no weight", f"there are {', '.join(known)}")
        try:
            values[name] = known[name](value)
        except ValueError as error:
            raise InputError(f"--set {item}", f"{value!r} is not a number that fits") from error
    return replace(WEIGHTS, **values)


def _table(values: Values, before: Values | None) -> str:
    rows = [["collection", "queries", *MEASURES]]
    rows.append(["---", *["---:"] * (len(MEASURES) + 1)])
    for name, measures in values.items():
        count = len(next(iter(measures.values())))
        row = [name, str(count)]
        for measure, by_query in measures.items():
            cell = f"{np.mean(list(by_query.values())):.4f}"
            if before is not None:
                cell += _difference(by_query, before.get(name, {}).get(measure, {}))
            row.append(cell)
        rows.append(row)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _difference(now: dict[str, float], before: dict[str, float]) -> str:
    """The mean difference over the queries of both, with its interval (paired bootstrap)."""
    both = sorted(now.keys() & before.keys())
    if not both:
        return " (new)"
    differences = np.array([now[query] - before[query] for query in both])
    low, high = interval(differences)
    return f" ({differences.mean():+.4f}, {low:+.4f} to {high:+.4f})"


def interval(differences: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of the mean of paired differences, by resampling queries (percentiles);
    the same differences always give the same interval."""
    random = np.random.default_rng(1)
    means = [
        differences[random.integers(0, len(differences), len(differences))].mean()
        for _ in range(_RESAMPLES)
    ]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _file(results: Path, name: str) -> Path:
    return results / f"relevance-{name}.json"


def _load(results: Path, name: str) -> Values:
    path = _file(results, name)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(str(path), "is missing", f"make it with --save {name}") from error
    except ValueError as error:
        raise InputError(
            str(path), f"is not JSON: {error}", f"make it with --save {name}"
        ) from error


if __name__ == "__main__":
    sys.exit(main())
