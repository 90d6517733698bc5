"""What a reader hands back of one file, and what the readers share in reading metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_].*)?\s*", re.DOTALL)
_TIME_OF_DAY = re.compile(r"\s*(\d{4}-\d\d-\d\d)[T ]\d.*", re.DOTALL)

#: The three-letter codes that library catalogues use (ISO 639-2), of languages often met.
_TWO_LETTERS = {
    "ara": "ar", "fra": "fr", "fre": "fr", "eng": "en", "rus": "ru", "deu": "de", "ger": "de",
    "spa": "es", "ita": "it", "por": "pt", "nld": "nl", "dut": "nl", "fas": "fa", "per": "fa",
    "tur": "tr", "heb": "he", "ukr": "uk", "pol": "pl", "ell": "el", "gre": "el",
}  # fmt: skip


class Parsed(msgspec.Struct, frozen=True):
    """One file's document, but for the id. The title is "" when the format does not give one."""

    title: str
    text: str
    language: str | None = None
    date: str | None = None
    creator: str | None = None
    collection: str | None = None
    source: str | None = None
    extra: Mapping[str, Any] | None = None


def primary_language(tag: str | None) -> str | None:
    """The ISO 639-1 code in a language tag (fr-CA, AR, eng), or None when there is none."""
    match = _TAG.fullmatch(tag or "")
    if match is None:
        return None
    code = match[1].lower()
    return code if len(code) == 2 else _TWO_LETTERS.get(code)


def without_time(date: str) -> str:
    """A date without its time of day: 1944-11-14T10:00:00Z is 1944-11-14; others as they are."""
    match = _TIME_OF_DAY.fullmatch(date)
    return match[1] if match else date.strip()
