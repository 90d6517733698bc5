"""Would the weights be chosen again without the collections they are measured on?

    python -m bench.relevance.crossvalidation --settings 60 --sample 150 COLLECTION...

Many settings of the weights are tried: each weight moved up and down by itself, and all of them at
random. For each collection the setting is chosen that is best on the others, and reported on this
one. Collections that share documents or queries (the same with typing errors, several in one index)
are related: none of them helps to choose for another, and such as are related to the same ones
count together as one in the choice.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from math import exp, log
from pathlib import Path
from random import Random

import numpy as np
from fihris.indexer.errors import FihrisError, InputError
from fihris.search.weights import WEIGHTS, Weights
from msgspec.structs import fields, replace

from . import plots, tables
from .__main__ import read_all
from .collection import Collection
from .folds import Tried, best, families, relations, training
from .running import indexed, judged, run, sampled
from .statistics import Mean, difference

#: The weights that are moved. A weight goes down to half and up to twice what it is.
MOVED = (
    "k1", "folded", "stem", "root", "similar", "exact_again", "title", "pairs",
    "stop_pairs", "together", "letters", "language", "stop_elsewhere",
)  # fmt: skip
_MEASURE = "nDCG@10"
_DEPTH = 10


def main(arguments: list[str] | None = None) -> int:
    """Measures; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.relevance.crossvalidation",
        description=(__doc__ or "").splitlines()[0],
    )
    parser.add_argument("collections", nargs="+", type=Path, metavar="COLLECTION")
    parser.add_argument("--settings", type=int, default=40, metavar="N",
                        help="settings at random, beside single moves (%(default)s)")  # fmt: skip
    parser.add_argument("--sample", type=int, default=150, metavar="N",
                        help="so many queries of each at most (%(default)s)")  # fmt: skip
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw a picture: .svg or .png")
    options = parser.parse_args(arguments)
    try:
        collections = read_all(options.collections)
        related = relations(collections)
        if all(related[name] == frozenset(related) for name in related):
            raise InputError(
                "the collections", "are all related: nothing is left to choose by",
                "give some of other sources",
            )  # fmt: skip
        settings = [WEIGHTS, *single_moves(), *random_settings(options.settings)]
        tried = {
            each.name: _values(each, settings, sampled(each, options.sample))
            for each in collections
        }
        chosen = {name: best(tried, training(related, name)) for name in tried}
        print(_report(settings, tried, chosen))
        print(f"\nBest on all of them: {_changes(settings[best(tried, families(related, tried))])}")
        if options.plot:
            _draw(tried, chosen, options.plot)
    except FihrisError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def single_moves() -> list[Weights]:
    """The present weights with one of them a third down or up."""
    return [
        replace(WEIGHTS, **{name: getattr(WEIGHTS, name) * times})
        for name in MOVED
        for times in (2 / 3, 3 / 2)
    ]


def random_settings(count: int, seed: int = 1) -> list[Weights]:
    """Settings with every weight between half and twice what it is, evenly on a scale of ratios."""
    random = Random(seed)

    def moved() -> dict[str, float]:
        return {
            name: getattr(WEIGHTS, name) * exp(random.uniform(-1, 1) * log(2)) for name in MOVED
        }

    return [replace(WEIGHTS, **moved()) for _ in range(count)]


def _values(
    collection: Collection, settings: Sequence[Weights], queries: dict[str, str]
) -> list[dict[str, float]]:
    judgements = collection.judgements[""]
    values = []
    with indexed(collection) as index:
        for number, weights in enumerate(settings, 1):
            found = run(index, weights, queries, _DEPTH)
            values.append(judged(found, judgements, [_MEASURE])[_MEASURE])
            if number % 10 == 0:
                print(f"{collection.name}: {number} of {len(settings)} settings", file=sys.stderr)
    return values


def _report(settings: Sequence[Weights], tried: Tried, chosen: dict[str, int]) -> str:
    rows, changes = [], []
    for name, values in tried.items():
        own = int(np.argmax([np.mean(list(each.values())) for each in values]))
        now = f"{np.mean(list(values[0].values())):.4f}"
        rows.append([
            name, f"{len(values[0]):,}", now,
            _difference(values, chosen[name]).signed, _difference(values, own).signed,
        ])  # fmt: skip
        changes.append(f"{name}: {_changes(settings[chosen[name]])}")
    head = ["collection", "queries", f"{_MEASURE} now", "chosen on the others", "chosen on itself"]
    return "\n".join([tables.table(head, rows), "", "Chosen on the others:", *changes])


def _difference(values: Sequence[dict[str, float]], number: int) -> Mean:
    found = difference(values[number], values[0])
    assert found is not None
    return found


def _changes(weights: Weights) -> str:
    names = [field.name for field in fields(Weights)]
    different = (name for name in names if getattr(weights, name) != getattr(WEIGHTS, name))
    changed = ", ".join(f"{name} {getattr(weights, name):.3g}" for name in different)
    return changed or "the present weights"


def _draw(tried: Tried, chosen: dict[str, int], path: Path) -> None:
    points = [
        plots.Point("weights chosen on the others", name, _difference(values, chosen[name]))
        for name, values in tried.items()
    ]
    title = f"{_MEASURE} beside the present weights"
    plots.draw(points, path, title, differences=True)


if __name__ == "__main__":
    sys.exit(main())
