"""The words of the interface in its three languages."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from ..indexer.languages import by_code
from . import words_ar, words_en, words_fr
from .markup import filled

#: The languages of the interface, by code, each with its own name.
INTERFACES = {"ar": "العربية", "fr": "Français", "en": "English"}
DEFAULT = "en"

# {…} is filled in; what stands in for it is escaped. A key that ends in a dot and a category is
# one of the plural forms (CLDR's names); "other" is always there.
CATALOGUE: dict[str, dict[str, str]] = {
    "en": words_en.TEXTS,
    "fr": words_fr.TEXTS,
    "ar": words_ar.TEXTS,
}

_THOUSANDS = {"en": ",", "fr": "\u202f", "ar": ","}


class Wording(msgspec.Struct, frozen=True):
    """The interface in one language.

    Attributes:
        code: ISO 639-1, one of INTERFACES.
    """

    code: str

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr"."""
        return "rtl" if self.code == "ar" else "ltr"

    def __call__(self, key: str, **values: object) -> Markup:
        """A sentence as HTML; values that are no Markup are escaped."""
        # The catalogue is ours; only the values may come from elsewhere.
        return filled(CATALOGUE[self.code][key], **values)

    def count(self, key: str, n: int, **values: object) -> Markup:
        """A sentence in the plural form that a number asks for."""
        chosen = f"{key}.{_plural(self.code, n)}"
        key = chosen if chosen in CATALOGUE[self.code] else f"{key}.other"
        return self(key, n=self.number(n), **values)

    @property
    def plurals(self) -> tuple[str, ...]:
        """The plural categories that the catalogue of the language tells apart."""
        return ("one", "two", "few", "other") if self.code == "ar" else ("one", "other")

    def number(self, n: int) -> str:
        """A number with its thousands apart."""
        return f"{n:,}".replace(",", _THOUSANDS[self.code])

    def value(self, field: str, value: str) -> str:
        """What a value that can be chosen is called; "" when it stands for itself."""
        if field == "language":
            return self.language(value)
        return CATALOGUE[self.code].get(f"type-{value}", "") if field == "type" else ""

    def language(self, code: str) -> str:
        """The name of a language of documents; its own name or code when there is no other."""
        known = by_code(code)
        own = known.name if known else code
        return CATALOGUE[self.code].get(f"language-{code}", own)


def _plural(code: str, n: int) -> str:
    """The plural category of a number, of those that the catalogue tells apart (CLDR 46)."""
    if n == 1:
        return "one"
    if code == "ar" and n == 2:
        return "two"
    if code == "ar" and 3 <= n % 100 <= 10:
        return "few"
    return "other"


def negotiated(accept_language: str) -> str:
    """The code of the interface language that a browser asks for in its Accept-Language."""
    wanted: list[tuple[float, str]] = []
    for item in accept_language[:1000].split(","):
        tag, _, quality = item.strip().partition(";")
        try:
            weight = float(quality.strip().lower().removeprefix("q=") or 1)
        except ValueError:
            continue
        wanted.append((weight, tag.strip().lower().partition("-")[0]))
    for weight, tag in sorted(wanted, key=lambda each: -each[0]):
        if weight > 0 and tag in INTERFACES:
            return tag
    return DEFAULT
