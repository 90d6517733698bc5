"""What each character is when text is split into words, as tables for work on many at once.

Only what follows without a doubt from `words` is told here, for a string of characters that stand
alone: everything else is OTHER, and goes through `words` itself.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import regex

from .arrayfile import Array
from .folding import FORMAT_CHARACTERS, casefold_key, fold
from .words import APOSTROPHES

#: Part of no word; a letter or digit that always is, whatever stands around it; a vowel sign that
#: is when it follows such a letter; what only `words` can tell.
SEPARATOR, PLAIN, SIGN, OTHER = range(4)

# Punctuation ends here; what comes behind is left to `words`.
_LAST_TOLD = 0x2FFF
# The scripts from Latin to Arabic end here.
_LAST_PLAIN = 0x06FF
# Tashkeel. No two of these in a row count as told, since normalization may swap them.
_SIGNS = range(0x064B, 0x0653)
_IN_WORD = regex.compile(rf"[\w{FORMAT_CHARACTERS}{APOSTROPHES}]+")
_NOT_PLAIN = frozenset(APOSTROPHES + FORMAT_CHARACTERS + "_")


@cache
def kinds() -> Array:
    """The kind of each character by its code point (uint8); the last one holds for all beyond."""
    table = np.full(_LAST_TOLD + 2, OTHER, np.uint8)
    every = np.arange(_LAST_TOLD + 1, dtype=np.uint32).tobytes().decode("utf-32-le")
    table[: _LAST_TOLD + 1] = SEPARATOR
    inside = "".join(_IN_WORD.findall(every)).encode("utf-32-le")
    table[np.frombuffer(inside, np.uint32)] = OTHER
    told = table.tolist()
    for code, key in enumerate(keys_of_characters()):
        if told[code] == OTHER and _is_plain(every[code], key):
            table[code] = PLAIN
    table[_SIGNS.start : _SIGNS.stop] = SIGN
    return table


def _is_plain(character: str, key: str) -> bool:
    return (
        character not in _NOT_PLAIN
        and len(key) == 1
        and key.isalnum()
        and (key == character or casefold_key(key) == key)
        and key not in _NOT_PLAIN
        and bool(fold(key))
    )


@cache
def keys_of_characters() -> list[str]:
    """The key of each character of the scripts from Latin to Arabic."""
    return [casefold_key(chr(code)) for code in range(_LAST_PLAIN + 1)]


@cache
def keys() -> Array:
    """What each PLAIN character or SIGN becomes in a word's key (uint32), by its code point."""
    table = np.arange(_LAST_PLAIN + 1, dtype=np.uint32)
    plain = np.flatnonzero(kinds()[: _LAST_PLAIN + 1] == PLAIN)
    table[plain] = [ord(keys_of_characters()[code]) for code in plain.tolist()]
    return table
