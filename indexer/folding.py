"""Two forms of a word: as written (the key that is posted) and folded (what it is looked up by).

The key keeps accents and vowel signs, so that a strict search can ask for them. The folded form
drops what writers leave out: accents, tashkeel, tatweel, the seat of a hamza, the shape of digits.
Both functions are idempotent. `folds` is `fold` for many keys at once.
"""

from __future__ import annotations

from unicodedata import is_normalized, normalize

import numpy as np
import regex
from pyarabic import araby

from .arrayfile import Array
from .strings import Strings

#: What steers the layout and is no part of a word: soft hyphen, joiners, direction marks.
FORMAT_CHARACTERS = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
)

_FORMAT = regex.compile(f"[{FORMAT_CHARACTERS}]")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ′＇`´ʹ", "'"))
# Of the apostrophes those that are letters to Unicode.
_LETTERLIKE = frozenset("ʼʻʹ")
# The scripts from Latin to Arabic end here.
_LAST_COMMON = "\u06ff"
# Normalization takes time in the square of the marks on one letter; no script writes more than 8.
_TOO_MANY_MARKS = regex.compile(r"(\p{M}{8})\p{M}+")


def casefold_key(text: str) -> str:
    """The word as it is posted: NFKC and case folding, format characters dropped, straight
    apostrophes; accents and marks stay. May hold spaces (ﷺ stands for four words)."""
    if text.isascii():
        return text.lower().replace("`", "'")
    folded = text.casefold()
    if (
        folded.isalnum()
        and max(folded) <= _LAST_COMMON
        and _LETTERLIKE.isdisjoint(folded)
        and is_normalized("NFKC", folded)
    ):
        return folded  # the usual case, many times faster: nothing but letters and digits
    written = folded.translate(_APOSTROPHES)
    if (
        written.replace("'", "").isalnum()
        and max(written) <= _LAST_COMMON
        and is_normalized("NFKC", written)
    ):
        return written  # the same, with apostrophes between them
    return _casefold_key(text)


def _casefold_key(text: str) -> str:
    text = _TOO_MANY_MARKS.sub(r"\1", _FORMAT.sub("", text)).translate(_APOSTROPHES)
    # Case folding can undo a composition and NFKC can bring capitals (㎏), so twice.
    text = normalize("NFKC", normalize("NFKC", text).casefold()).casefold()
    return _FORMAT.sub("", normalize("NFKC", text)).translate(_APOSTROPHES)


_DAGGER_ALEF = "\u0670"
_LETTERS = {
    # The seats of the hamza, mapped before decomposition; PyArabic names the letters.
    araby.ALEF_HAMZA_ABOVE: araby.ALEF,
    araby.ALEF_HAMZA_BELOW: araby.ALEF,
    araby.ALEF_MADDA: araby.ALEF,
    "\u0671": araby.ALEF,  # alef wasla
    "\u0672": araby.ALEF,
    "\u0673": araby.ALEF,
    "\u0675": araby.ALEF,
    araby.WAW_HAMZA: araby.WAW,
    araby.YEH_HAMZA: araby.YEH,
    araby.TEH_MARBUTA: araby.HEH,
    araby.ALEF_MAKSURA: araby.YEH,
    # Letters that Persian, Urdu and other keyboards give for the Arabic ones.
    "\u06a9": araby.KAF,
    "\u06aa": araby.KAF,
    "\u06cc": araby.YEH,
    "\u06cd": araby.YEH,
    "\u06d2": araby.YEH,
    "\u06be": araby.HEH,
    "\u06c0": araby.HEH,
    "\u06c1": araby.HEH,
    "\u06c2": araby.HEH,
    "\u06c3": araby.HEH,
    "\u06d5": araby.HEH,
    araby.TATWEEL: "",
    # Quranic text writes many an alef as a dagger, and small letters as signs of recitation.
    _DAGGER_ALEF: araby.ALEF,
    "\u06e5": "",
    "\u06e6": "",
    # Latin letters that do not decompose.
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "þ": "th",
    "'": "",
    # Kept whole: a letter of its own in the Cyrillic alphabets, not an accented one.
    "й": "й",
}
_LETTERS.update({chr(b + digit): str(digit) for b in (0x0660, 0x06F0) for digit in range(10)})
_FOLD_LETTERS = str.maketrans(_LETTERS)
# Accents of the Latin, Greek and Cyrillic scripts, and the vowel and reading signs of Arabic and
# Hebrew. The marks of other scripts (Devanagari, Thai) are vowels that no one leaves out.
_ACCENTS = regex.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_SHORT_I = "\u0438\u0306"
# Words whose dagger alef modern spelling leaves out altogether.
_MODERN_SPELLING = {
    "هاذا": "هذا",
    "هاذه": "هذه",
    "هاذان": "هذان",
    "هاولاء": "هولاء",
    "ذالك": "ذلك",
    "كذالك": "كذلك",
    "لاكن": "لكن",
    "ولاكن": "ولكن",
    "اولايك": "اوليك",
    "الرحمان": "الرحمن",
    "اللاه": "الله",
    "الالاه": "الاله",
    "الاه": "اله",
}


def fold(key: str) -> str:
    """The folded form of a key (of `casefold_key`): accents, tashkeel, tatweel and apostrophes
    dropped, one seat for hamza, ى/ي ة/ه ک/ك ی/ي alike, digits 0–9, ligatures opened."""
    if key.isascii():
        return key.replace("'", "")
    text = key.translate(_FOLDED) if max(key) <= _LAST_COMMON else _fold(key)
    return _MODERN_SPELLING.get(text, text) if _DAGGER_ALEF in key else text


def _fold(key: str) -> str:
    text = key.translate(_FOLD_LETTERS)
    if not text.isascii():
        text = normalize("NFD", text).replace(_SHORT_I, "й")
        text = normalize("NFC", _ACCENTS.sub("", text)).translate(_FOLD_LETTERS)
    return text


# In a key every letter has its accents composed with it, so that each folds by itself; here in one
# text, between signs that nothing is made of.
_OTHERS = range(0x80, ord(_LAST_COMMON) + 1)
_FORMS = _fold("\uffff".join(map(chr, _OTHERS))).split("\uffff")
_FOLDED = dict(zip(_OTHERS, _FORMS, strict=True)) | {ord("'"): ""}


_DROPPED, _ONE_BY_ONE = 0xFFFFFFFE, 0xFFFFFFFF


def _fold_table() -> Array:
    """What each code point up to the last common one, and every other (the last place), folds to:
    one code point, nothing, or what only `fold` can tell."""
    table = np.arange(ord(_LAST_COMMON) + 2, dtype=np.uint32)
    table[-1] = table[ord(_DAGGER_ALEF)] = _ONE_BY_ONE
    for code, folded in _FOLDED.items():
        if chr(code) != _DAGGER_ALEF:
            several = _ONE_BY_ONE if folded else _DROPPED
            table[code] = ord(folded) if len(folded) == 1 else several
    return table


_TABLE = _fold_table()


def folds(keys: Strings) -> tuple[Strings, Array]:
    """The folded form of each key, and which of them differ from their keys (bool)."""
    found = _TABLE[np.minimum(keys.points, len(_TABLE) - 1)]
    different = found != keys.points
    if not different.any():
        return keys, np.zeros(len(keys), bool)
    changed = keys.any(different)
    forms = Strings(found, keys.starts).keep(found != _DROPPED)
    alone = np.flatnonzero(keys.any(found == _ONE_BY_ONE))
    if len(alone):
        written = keys.take(alone).list()
        folded = list(map(fold, written))
        changed[alone] = [a != b for a, b in zip(written, folded, strict=True)]
        forms = forms.replaced(alone, Strings.of(folded))
    return forms, changed
