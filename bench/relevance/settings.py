"""The weights that a run is made with: the present ones, without a layer, or with other values."""

from __future__ import annotations

from collections.abc import Sequence

from fihris.indexer.errors import InputError
from fihris.search.weights import WEIGHTS, Weights
from msgspec.structs import fields, replace

#: For each layer or rule the weights that take it away.
LAYERS: dict[str, dict[str, float]] = {
    "folded": {"folded": 0},
    "stem": {"stem": 0},
    "root": {"root": 0},
    "similar": {"similar": 0},
    "corrected": {"corrected": 0, "corrected_twice": 0},
    "exact_again": {"exact_again": 0},
    "title": {"title": 0},
    "pairs": {"pairs": 0},
    "stop_pairs": {"stop_pairs": 0},
    "together": {"together": 0},
    "letters": {"letters": 0},
    "language": {"language": 1},
    "stop_elsewhere": {"stop_elsewhere": 1},
}

_TYPES = {field.name: type(getattr(WEIGHTS, field.name)) for field in fields(Weights)}


def without(*layers: str) -> Weights:
    """The present weights without some layers."""
    changed: dict[str, float] = {}
    for layer in layers:
        changed |= LAYERS[layer]
    return replace(WEIGHTS, **changed)


def weights_of(layers: Sequence[str], changed: Sequence[str]) -> Weights:
    """The present weights without some layers and with other values.

    Args:
        changed: WEIGHT=VALUE each.

    Raises InputError.
    """
    values: dict[str, float] = {}
    for item in changed:
        name, _, value = item.partition("=")
        if name not in _TYPES:
            raise InputError(f"--set {item}", "names no weight", f"there are {', '.join(_TYPES)}")
        try:
            values[name] = _TYPES[name](value)
        except ValueError as error:
            raise InputError(f"--set {item}", f"{value!r} is not a number that fits") from error
    return replace(without(*layers), **values)
