"""What each layer of the ranking brings: nDCG@10 with all of them, less that without one.

python -m bench.relevance.ablation --plot FILE.svg COLLECTION...
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from fihris.indexer.errors import FihrisError
from fihris.search.weights import WEIGHTS

from . import plots, tables
from .__main__ import read_all
from .collection import Collection
from .running import indexed, judged, row_name, run, sampled
from .settings import LAYERS, without
from .statistics import Mean, difference

_MEASURE = "nDCG@10"
_DEPTH = 10


def main(arguments: list[str] | None = None) -> int:
    """Measures; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.relevance.ablation", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("collections", nargs="+", type=Path, metavar="COLLECTION")
    parser.add_argument("--sample", type=int, metavar="N", help="so many queries of each at most")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw a picture: .svg or .png")
    options = parser.parse_args(arguments)
    try:
        points = []
        for collection in read_all(options.collections):
            points += [plots.Point(*each) for each in brought(collection, options.sample)]
        print(_table(points))
        if options.plot:
            title = f"What each layer brings: {_MEASURE} with it, less without; 95 % intervals"
            plots.draw(points, options.plot, title, differences=True)
    except FihrisError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def brought(collection: Collection, most: int | None) -> Iterator[tuple[str, str, Mean]]:
    """For each file of judgements and layer what the layer brings."""
    queries = sampled(collection, most)
    with indexed(collection) as index:
        whole = run(index, WEIGHTS, queries, _DEPTH)
        for layer in LAYERS:
            less = run(index, without(layer), queries, _DEPTH)
            for name, judgements in collection.judgements.items():
                now, then = (judged(each, judgements, [_MEASURE])[_MEASURE]
                             for each in (whole, less))  # fmt: skip
                if mean := difference(now, then):
                    yield row_name(collection, name), layer, mean


def _table(points: list[plots.Point]) -> str:
    collections = list(dict.fromkeys(point.panel for point in points))
    by_place = {(point.line, point.panel): point.mean for point in points}
    rows = [[layer, *(by_place[layer, each].signed for each in collections)] for layer in LAYERS]
    return tables.table(["layer", *collections], rows)


if __name__ == "__main__":
    sys.exit(main())
