"""The words and wildcard patterns that stand in a stretch of query text."""

from __future__ import annotations

import regex
from whoosh.query import Query

from ..indexer.folding import FORMAT_CHARACTERS, fold
from ..indexer.words import words
from .nodes import Wildcard, Word

#: A pattern has this many letters at least; with fewer it would mean half the lexicon.
MIN_LETTERS = 2
# A longer stretch without a space is no pattern that anyone typed.
_MAX_PATTERN = 1024

# Wildcards pass through the splitting into words as letters that no one writes (Linear A), so that
# a pattern loses its elided article as any word does.
_STAR, _MARK = "\U00010600", "\U00010601"
_HIDDEN = f"[{FORMAT_CHARACTERS}]*+"
_WILD = regex.compile(rf"(?:(?<=(\w)[{FORMAT_CHARACTERS}]*))?[*?]+(?:(?={_HIDDEN}(\w)))?")
_STARS = regex.compile(r"\*+")
_TO_LETTERS = str.maketrans("*?", _STAR + _MARK)
_TO_WILDCARDS = str.maketrans(_STAR + _MARK, "*?")
_NO_WILDCARDS = str.maketrans("", "", _STAR + _MARK)


def _as_letters(match: regex.Match[str]) -> str:
    run, before, after = match.group(), match[1], match[2]
    if before and after:
        return _STARS.sub("*", run).translate(_TO_LETTERS)
    # At the edge of a word a question mark ends a question.
    return _STAR if (before or after) and "*" in run else " "


def leaves(
    text: str,
    most: int,
    fieldname: str | None = None,
    strict: bool = False,
    notes: dict[str, None] | None = None,
) -> list[Query]:
    """The words and patterns of a text, in order and `most` of them at most.

    A star counts at the start, at the end or inside of a word, a question mark only inside.

    Args:
        notes: takes "short-pattern" when the wildcards of a word did not count.
    """
    if ("*" not in text and "?" not in text) or len(text) > _MAX_PATTERN:
        return [Word(key, fieldname, strict) for key in words(text)[:most]]
    found: list[Query] = []
    for key in words(_WILD.sub(_as_letters, text)):
        plain = key.translate(_NO_WILDCARDS)
        # Folding and scripts without spaces can leave a question mark at the edge after all.
        pattern = fold(key).strip(_MARK)
        letters = pattern.translate(_NO_WILDCARDS)
        if plain == key:
            found.append(Word(key, fieldname, strict))
        elif letters != pattern and len(letters) >= MIN_LETTERS:
            found.append(Wildcard(pattern.translate(_TO_WILDCARDS), fieldname))
        else:
            if letters != pattern and notes is not None:
                notes["short-pattern"] = None
            found += (Word(word, fieldname, strict) for word in words(plain))
    return found[:most]
