"""How well Fihris ranks: nDCG@10, Recall@100 and MRR@10 on judged collections.

    python -m bench.relevance COLLECTION...                       folders as `collection` describes
    python -m bench.relevance --ablate similar COLLECTION...      without a layer
    python -m bench.relevance --save before COLLECTION...
    python -m bench.relevance --against before COLLECTION...      differences, 95 % intervals
    python -m bench.relevance --plot FILE.svg COLLECTION...       a picture of the same

`bench.relevance.ablation` takes each layer away in turn, `bench.relevance.crossvalidation` chooses
weights on some collections and tries them on the others.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from fihris.indexer.errors import FihrisError

from . import plots, saved, tables
from .collection import Collection, read
from .running import Values, measure
from .settings import LAYERS, weights_of
from .statistics import Mean, difference


def main(arguments: list[str] | None = None) -> int:
    """Measures; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.relevance", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("collections", nargs="+", type=Path, metavar="COLLECTION")
    parser.add_argument("--ablate", action="append", default=[], choices=LAYERS, metavar="LAYER",
                        help=f"leave a layer out: {', '.join(LAYERS)}")  # fmt: skip
    parser.add_argument("--set", action="append", default=[], metavar="WEIGHT=VALUE",
                        help="give any weight another value")  # fmt: skip
    parser.add_argument("--sample", type=int, metavar="N", help="so many queries of each at most")
    parser.add_argument("--save", metavar="NAME", help="keep the values of each query")
    parser.add_argument("--against", metavar="NAME", help="compare with values that were kept")
    parser.add_argument("--results", type=Path, default=saved.FOLDER, help="where they are kept")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw a picture: .svg or .png")
    options = parser.parse_args(arguments)
    try:
        weights = weights_of(options.ablate, options.set)
        before = saved.load(options.results, options.against) if options.against else None
        values: Values = {}
        for collection in read_all(options.collections):
            values |= measure(collection, weights, options.sample)
        print(tables.results(values, before))
        if options.save:
            saved.save(options.results, options.save, values)
        if options.plot:
            _draw(values, before, options.plot, options.against)
    except FihrisError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def read_all(folders: list[Path]) -> list[Collection]:
    """Reads collections, all of them before the first is measured; prints their notes.

    Raises InputError.
    """
    collections = [read(folder) for folder in folders]
    for collection in collections:
        for note in collection.notes:
            print(note, file=sys.stderr)
    return collections


def _draw(values: Values, before: Values | None, path: Path, name: str) -> None:
    points = []
    for collection, measures in values.items():
        for measure_name, of_queries in measures.items():
            if before is None:
                mean: Mean | None = Mean.of(np.array(list(of_queries.values())))
            else:
                mean = difference(of_queries, before.get(collection, {}).get(measure_name, {}))
            if mean:
                points.append(plots.Point(measure_name, collection, mean))
    title = f"Difference from “{name}”" if before is not None else "Means over queries"
    plots.draw(points, path, f"{title}, 95 % intervals", differences=before is not None)


if __name__ == "__main__":
    sys.exit(main())
