from collections.abc import Callable
from typing import Any

from ..indexer.arrayfile import Array
from .best import Ranked

_Find = tuple[object, ...]

def add_scores(finds: list[_Find], scores: Array, docs: Array, count: int, /) -> None: ...
def alike(
    segments: Any, bases: Array, codes: Array, floor: float, most: int, /
) -> tuple[bytearray, bytearray]: ...
def count_values(docs: Array, codes: Array, counts: Array, /) -> None: ...
def counted(places: Array, /) -> tuple[bytearray, bytearray]: ...
def expect(values: Array, starts: Array, ends: Array, /) -> None: ...
def gather(
    sets: list[tuple[Array, Array, int, int]], postings: Any, window: Array, count: int, /
) -> tuple[bytearray, bytearray, list[int]]: ...
def gather_in(ids: Array, weights: Array, postings: Any, wanted: Array, /) -> bytearray: ...
def in_memory(values: Any, /) -> bool: ...
def intersect(*lists: Array) -> bytearray: ...
def letters(
    store: memoryview,
    offsets: Array,
    docs: Array,
    shares: Array,
    keys: Array,
    table: Array,
    most: int,
    /,
) -> tuple[bytearray, bytearray]: ...
def most_frequent(
    identities: Any, starts: Any, ends: Any, bases: Array, numbers: Array, most: int, /
) -> bytearray: ...
def near(reached: Array, group: Array, distance: int, /) -> bytearray: ...
def occurrences(ids: Array, wanted: Array, postings: Any, /) -> bytearray: ...
def pair_counts(first: Array, second: Array, docs: Array, gap: int, counts: Array, /) -> None: ...
def phrase(ids: Array, sizes: Array, wanted: Array, postings: Any, /) -> bytearray: ...
def placed_at_most(ids: Array, postings: Any, /) -> int: ...
def places(ids: Array, wanted: Array, postings: Any, most: int, /) -> bytearray: ...
def rank_all(
    lists: list[Array],
    finds: list[_Find],
    codes: Array,
    gone: Array | None,
    number: int,
    limit: int,
    kind: type[Ranked],
    /,
) -> tuple[list[Ranked], int]: ...
def rank_any(
    finds: list[_Find],
    mains: bytes,
    codes: Array,
    gone: Array | None,
    among: Array | None,
    wanted: bool,
    window: Array,
    number: int,
    limit: int,
    kind: type[Ranked],
    /,
) -> tuple[list[Ranked], int, int]: ...
def rank_few(
    scores: Array,
    docs: Array,
    codes: Array,
    gone: Array | None,
    number: int,
    limit: int,
    kind: type[Ranked],
    /,
) -> tuple[list[Ranked], int]: ...
def rank_words(
    segments: Any,
    sets: list[tuple[object, ...]],
    every: bool,
    price: Callable[[list[Any]], list[float]],
    sums: Array,
    bits: Array,
    window: Array,
    room: Array,
    limit: int,
    kind: type[Ranked],
    /,
) -> tuple[list[Ranked], int, int]: ...
def unite(
    sets: list[tuple[Array, Array, int, int]], postings: Any, bits: Array, count: int, /
) -> tuple[bytearray, list[int]]: ...
def read_ahead(on: bool, /) -> None: ...
def variants(
    candidates: list[tuple[Array, int | Array]], bases: Array, groups: Array, /
) -> tuple[bytearray, bytearray, bytearray, bytearray]: ...
def windows(
    places: list[Array], idfs: Array, docs: Array, within: int, sums: Array, starts: Array, /
) -> None: ...
