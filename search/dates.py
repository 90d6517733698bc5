"""The years that a date covers."""

from __future__ import annotations

import regex

# A year of EDTF: four digits, the last ones perhaps left open (19XX), perhaps before our era.
_YEAR = regex.compile(r"(-?)(\d{4}|\d{3}X|\d{2}XX|\dXXX)(?![\dX])")


def years(date: str) -> tuple[int, int] | None:
    """The first and the last year of an EDTF date; None when it names no year.

    An interval covers all years between its ends; one that is open at an end covers the year of
    the other. `194X` is 1940 to 1949.
    """
    covered = [found for side in date.split("/")[:2] if (found := _side(side))]
    if not covered:
        return None
    first = min(low for low, _ in covered)
    return first, max(high for _, high in covered)


def start(date: str) -> str:
    """What dates are ordered by: where one begins, as far as it says."""
    sides = date.split("/")
    return sides[0] if _side(sides[0]) or len(sides) < 2 else sides[1]


def _side(text: str) -> tuple[int, int] | None:
    match = _YEAR.match(text.strip())
    if match is None:
        return None
    sign = -1 if match[1] else 1
    ends = int(match[2].replace("X", "0")) * sign, int(match[2].replace("X", "9")) * sign
    return min(ends), max(ends)
