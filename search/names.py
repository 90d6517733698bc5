"""What users call fields and languages: in Arabic, French and English, and by their codes."""

from __future__ import annotations

from ..indexer.folding import casefold_key, fold
from ..indexer.languages import LANGUAGES


def _key(name: str) -> str:
    return fold(casefold_key(name)).strip()


def _by_name(table: dict[str, str]) -> dict[str, str]:
    return {_key(name): value for value, names in table.items() for name in names.split(", ")}


#: A field's names, folded, to the one that the index knows; "title" is searched, the others filter.
_FIELDS = _by_name(
    {
        "title": "title, titre, عنوان, العنوان",
        "language": "language, langue, لغة, اللغة",
        "source": "source, مصدر, المصدر",
        "collection": "collection, مجموعة, المجموعة",
        "creator": "creator, author, auteur, مؤلف, المؤلف",
        "date": "date, تاريخ, التاريخ",
    }
)

# Beside their own names, which the languages bring along: the names in the interface's languages,
# and the codes of ISO 639-2, which library catalogues use.
_LANGUAGES = {_key(language.name): language.code for language in LANGUAGES} | _by_name(
    {
        "ar": "ara, عربية, عربي, arabic, arabe",
        "fr": "fra, fre, française, french, الفرنسية, فرنسية, فرنسي",
        "en": "eng, anglais, anglaise, الإنجليزية, إنجليزية, إنجليزي, الإنكليزية",
        "ru": "rus, russian, russe, الروسية, روسية, روسي",
        "de": "deu, ger, german, allemand, allemande, الألمانية, ألمانية, ألماني",
    }
)


def field_name(name: str) -> str | None:
    """The field that a user calls so ("titre", "لغة"), in any case and with or without accents;
    None when there is no such field."""
    return _FIELDS.get(_key(name))


def language_code(name: str) -> str:
    """The ISO 639-1 code of a language given by name, code or tag ("français", "fre", "fr-CA");
    a name that is not known comes back folded."""
    key = _key(name)
    tag = key.replace("_", "-").partition("-")[0]
    return _LANGUAGES.get(key) or _LANGUAGES.get(tag) or tag
