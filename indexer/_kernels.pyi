from typing import Any

from .arrayfile import Array

def cut(
    points: Array,
    begins: Array,
    kinds: Array,
    values: Array,
    base: Array,
    longest: Array,
    starts: Array,
    ends: Array,
    offsets: Array,
    hashes: Array,
    counts: Array,
    /,
) -> int: ...
def fit(
    letters: Array,
    lengths: Array,
    masks: Array,
    numbers: Array,
    least: Array,
    which: Array,
    /,
) -> None: ...
def fitting(lexicons: Any, bases: Array, pattern: bytes, changed: Array, /) -> bytearray: ...
def gather(values: Array, starts: Array, ends: Array, out: Array, which: Array, /) -> None: ...
def hash_of(string: str, namespace: int, /) -> int: ...
def having(tables: Any, keys: Array, bases: Array, /) -> tuple[bytearray, bytearray, bytearray]: ...
def hold(tables: tuple[tuple[Array, ...], ...], types: str, /) -> Any: ...
def holds(tables: Any, keys: Array, /) -> bytearray: ...
def invert(
    words: Array, begins: Array, first: Array, seen: Array, postings: Array, positions: Array, /
) -> None: ...
def lay(
    low: Array,
    high: Array,
    shape: Array,
    places: Array,
    values: Array,
    starts: Array,
    ends: Array,
    at: Array,
    known: Array,
    out: Array,
    /,
) -> None: ...
def lay_out(
    words: Array,
    counts: Array,
    kinds: Array,
    languages: Array,
    gap: Array,
    masks: Array,
    text: Array,
    titles: Array,
    /,
) -> None: ...
def look(
    words: Array,
    offsets: Array,
    counts: Array,
    sample: Array,
    lengths: Array,
    scripts: Array,
    own: Array,
    seen: Array,
    letters: Array,
    found: Array,
    /,
) -> None: ...
def number(
    keys: Array,
    known: Array,
    table_keys: Array,
    table_numbers: Array,
    numbers: Array,
    new: Array,
    /,
) -> int: ...
def of_words(values: Any, bases: Array, words: Array, /) -> bytearray: ...
def pick(
    low: Array,
    high: Array,
    shape: Array,
    places: Array,
    values: Array,
    wanted: Array,
    out: Array,
    /,
) -> None: ...
def place(blob: Array, offsets: Array, word: bytes, /) -> int: ...
def rank(values: Array, counts: Array, order: Array, /) -> None: ...
def read_ahead(on: bool, /) -> None: ...
def sort(values: Array, /) -> None: ...
def steps(values: Any, bases: Array, words: Array, /) -> bytearray: ...
def tally(words: Array, begins: Array, seen: Array, /) -> None: ...
def unpack(
    low: Array,
    high: Array,
    shape: Array,
    places: Array,
    values: Array,
    starts: Array,
    ends: Array,
    out: Array,
    which: Array,
    /,
) -> None: ...
