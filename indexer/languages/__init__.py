"""The languages that Fihris knows. To add one, copy `_template.py` and list it here.

An index stores the languages of a word by their place in this list: add new ones at the end.
"""

from __future__ import annotations

from ..language import Language
from .arabic import ARABIC
from .english import ENGLISH
from .french import FRENCH
from .german import GERMAN
from .russian import RUSSIAN

LANGUAGES: tuple[Language, ...] = (ARABIC, FRENCH, ENGLISH, RUSSIAN, GERMAN)
#: The stop words of all of them, folded.
STOP_WORDS = frozenset().union(*(language.stop_words for language in LANGUAGES))


def by_code(code: str) -> Language | None:
    """The language of an ISO 639-1 code ("ar"), or None when it is not among those known."""
    return next((language for language in LANGUAGES if language.code == code), None)
