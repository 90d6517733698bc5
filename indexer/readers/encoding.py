"""Bytes to text: Unicode first, then the encodings that archives inherited from older machines.

A text that is not UTF-8 is read with each encoding of `_LEGACY` in turn, and each reading is
scored: letters that are frequent in the languages written with that encoding count for it; rare
letters, letters of two scripts in one word and capitals after small letters count against it.
Only samples are scored, so that a long file costs no more than a short one.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache, lru_cache

import msgspec

from ..errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32 before UTF-16: the mark of the one begins with the mark of the other.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "zip, docx, odt or epub"),
    (b"{\\rtf", "RTF"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"AT&TFORM", "DjVu"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "a program"),
)

# Control characters that no text holds; tabs, line and page ends, end of file (Ctrl-Z) and escape
# do occur in old ones.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b") | {127})


class _Legacy(msgspec.Struct, frozen=True):
    """An encoding of one byte a character.

    Attributes:
        codec: Python's name of it.
        letters: the letters of its languages in small, the frequent first.
        rare: what is taken from the score of an encoding that few files are in, so that it must
            read a text clearly better than the others.
    """

    codec: str
    letters: str
    rare: float = 0.0


_LATIN = "éàèüóäêñöíáçßôîùâúåûïëøæœãõòìÿðþ"
_ARABIC = "اليمنَوِترُْبةّعدسفهكقحجأذشطصخضإًىزثئءغظؤآٌٍـپچژگ"
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґў"

#: To read one more encoding, add a line.
_LEGACY = (
    _Legacy("cp1252", _LATIN),
    _Legacy("cp1256", _ARABIC + "éàèêçùôîâûïëœ"),
    _Legacy("cp1251", _CYRILLIC),
    _Legacy("koi8-r", _CYRILLIC),
    _Legacy("iso8859-6", _ARABIC),
    _Legacy("mac-roman", _LATIN, rare=0.3),
    _Legacy("cp1253", "αοιετσνηρπκυςμλάόίέγήθδύώφωχβζξψϊΐΰϋ"),
    _Legacy("cp1255", "יוהלארתמבשנכעםדקפגןטחצסזךףץַָֹּ־"),
    _Legacy("cp1254", "ıüşçğiöâîûéàè", rare=0.1),
    _Legacy("cp1250", "áíéěřšžčýůúłąęóżśćźńőűöüäßţşăâîđĺľťďňŕô", rare=0.3),
    _Legacy("cp850", _LATIN, rare=0.3),
    _Legacy("cp866", _CYRILLIC, rare=0.1),
)

_TYPOGRAPHY = frozenset("’«»–—“”‘…،؛؟„¿¡°º§№€£\u00a0")
_JOINERS = frozenset("’‘\u00ad\u200c\u200d")

#: What browsers read under these names (https://encoding.spec.whatwg.org/#names-and-labels).
_ALIASES = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}

_WINDOW, _WINDOWS = 2048, 8
_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_ENOUGH = 0.4
_BETTER = 0.25


def binary_kind(data: bytes) -> str | None:
    """What kind of binary file these first bytes are of, or None when they may be text."""
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def decode(data: bytes, where: str, declared: str | None = None) -> str:
    """The text of a file, as it stands there but for a byte order mark.

    Args:
        data: the bytes of the whole file.
        where: the name of the file, for errors.
        declared: the encoding that the file says it has (HTML); taken when it fits the bytes.

    Raises:
        InputError: it is empty, binary, broken, or in an encoding that cannot be told.
    """
    if kind := binary_kind(data):
        raise _binary(where, f" ({kind})")
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _checked(_strict(data[len(bom) :], codec, where), where)
    if len(data) - len(data.translate(None, _CONTROLS)) > 2 + len(data) // 200 or b"\0" in data:
        raise _binary(where)
    try:
        return _checked(data.decode("utf-8"), where)
    except UnicodeDecodeError as error:
        first_bad = error.start
    high = b"".join(_samples(data))
    inside = sum(len(m[0]) for m in _UTF8_CHARACTER.finditer(high))
    if inside > 0.8 * len(_HIGH.findall(high)):
        raise InputError(
            where,
            f"byte {first_bad + 1:,} is no UTF-8, though the rest of the text is",
            "the file may be cut short or damaged; save it again as UTF-8",
        )
    for codec in _ranked(high, declared):
        try:
            return _checked(data.decode(codec), where)
        except UnicodeError:
            continue
    raise InputError(where, "its encoding cannot be told", "save it as UTF-8")


def _checked(text: str, where: str) -> str:
    if not text or text.isspace():
        raise InputError(where, "is empty", "leave it out or fill it")
    if "\0" in text:
        raise _binary(where)
    return text


def _binary(where: str, kind: str = "") -> InputError:
    return InputError(
        where, f"looks like a binary file{kind}", "save its text as .txt, .md or .html"
    )


def _strict(data: bytes, codec: str, where: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError(
            where,
            f"begins as {codec.upper()} but byte {error.start + 1:,} of its text is not",
            "the file may be cut short or damaged; save it again as UTF-8",
        ) from None


def _samples(data: bytes) -> list[bytes]:
    """Windows of the data that hold bytes above 127, evenly spread over it."""
    step = max(_WINDOW, len(data) // _WINDOWS)
    found: list[bytes] = []
    for start in range(0, len(data), step):
        if match := _HIGH.search(data, start, start + step):
            # One character before gives the first byte the letter that it follows.
            begin = max(0, match.start() - 1)
            found.append(data[begin : min(match.start() + _WINDOW, start + step)])
    return found


def _ranked(sample: bytes, declared: str | None) -> list[str]:
    """Codecs that may read the data, the likeliest first; none when no reading looks like text."""
    scores = {legacy.codec: _score(sample, legacy) for legacy in _LEGACY}
    likely = [codec for codec, score in scores.items() if score >= _ENOUGH]
    rare = {legacy.codec: legacy.rare for legacy in _LEGACY}
    likely.sort(key=lambda codec: rare[codec] - scores[codec])
    named = _codec(declared)
    if named is None:
        return likely
    best = max(scores.values())
    # A page that says one thing while its letters clearly say another was labelled by habit.
    if named in scores and scores[named] < best - _BETTER:
        return likely
    return [named, *(codec for codec in likely if codec != named)]


def _codec(declared: str | None) -> str | None:
    """Python's name of a declared encoding, if it is one that turns bytes into text."""
    try:
        name = codecs.lookup((declared or "").strip()).name
        "".encode(name)
    except (LookupError, ValueError):
        return None
    return _ALIASES.get(name, name) if not name.startswith("utf") else None


@cache
def _worths(legacy: _Legacy) -> dict[str, float]:
    """What each character above ASCII is worth in a reading; others are worth -1."""
    worth = dict.fromkeys(_TYPOGRAPHY, 0.6)
    for rank, letter in enumerate(legacy.letters):
        worth[letter] = worth[letter.upper()] = 1 - rank / len(legacy.letters)
    return worth


def _score(sample: bytes, legacy: _Legacy) -> float:
    """How much the sample, read so, looks like a text: about 1 for yes, below 0 for no."""
    text = f" {sample.decode(legacy.codec, errors='replace')} "
    worths = _worths(legacy)
    total, count = 0.0, 0
    for before, c, after in zip(text, text[1:], text[2:], strict=False):
        if c > "\x7f":
            count += 1
            total += worths.get(c, -1.0) + _fit(before, c, after)
        elif before > "\x7f":
            total += _fit(before, c, after)
    return total / count if count else 0.0


@lru_cache(maxsize=50_000)
def _fit(before: str, c: str, after: str) -> float:
    """A penalty, 0 or less, for a character that does not go with its neighbours in a word."""
    if not _in_word(before):
        return 0.0
    if not _in_word(c):
        # A sign in the middle of a word is most often a letter read wrongly: ARM…E for ARMÉE.
        return -1.0 if c > "\x7f" and _in_word(after) and c not in _JOINERS else 0.0
    if _script(before) != _script(c):
        return -2.0
    return -2.0 if c.isupper() and before.islower() else 0.0


@cache
def _in_word(c: str) -> bool:
    return unicodedata.category(c)[0] in "LM"


@cache
def _script(letter: str) -> str:
    """The first word of the letter's Unicode name: LATIN, ARABIC, CYRILLIC."""
    return unicodedata.name(letter, "").partition(" ")[0]
