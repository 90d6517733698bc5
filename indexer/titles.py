"""A title for a text that came without one."""

from __future__ import annotations

import regex

_LONGEST_LINE = 120
_LONGEST_CUT = 100
_SHORTEST_CUT = 20
#: A title is at the start of a text: no more of it is looked at, however long it is.
_LOOK = 4000

_FIRST_WORD = regex.compile(r"(?<![^\n\r])[^\n\r]*?[\p{L}\p{N}]")
_LINE_END = regex.compile(r"\r\n?|\n|\f|\u2028|\u2029")
# A sentence ends with its mark and whatever closes quotes or brackets; not after a single letter
# or a short word in capitals (A. Vlasov, Dr. No, M. Dupont, n. 5).
_SENTENCE = regex.compile(
    r"""(?:[!?؟…]|(?<!\b\p{Lu}\w{0,2})(?<!\b\w)[.۔])["'”’»)\]]*(?=\s|$)|[。！？]"""
)
_CLAUSE = regex.compile(r"[,;:،؛]|\s[—–-](?=\s)")
_SMALL_WORD = regex.compile(r"\s\p{Ll}{1,3}\Z")
_IN_PROGRESS = ",;:،؛-–—(«“"


def guess_title(text: str) -> str:
    """A title taken from the start of a text; "" when the text holds no letter or digit.

    It is the first line if that stands apart like a title (at most 120 characters), else the first
    sentence, cut between clauses or words to 100 characters and ended with "…". But for that mark
    it stands so in the text, from the start of the first line that holds a word, white space put
    as single spaces.
    An encyclopedic opening, "The Russian Liberation Army (German: …) was …", gives its headword.
    """
    found = _FIRST_WORD.search(text)
    if found is None:
        return ""
    start = found.start() + len(found[0]) - len(found[0].lstrip())
    head = text[start : start + _LOOK]
    line, *rest = _LINE_END.split(head, maxsplit=1)
    line = " ".join(line.split())
    following = _LINE_END.split(rest[0], maxsplit=1)[0].strip() if rest else ""
    if _stands_apart(line, following):
        return line
    paragraph = regex.split(r"(?:\r\n?|\n)[^\S\r\n]*(?:\r\n?|\n)", head, maxsplit=1)[0]
    return _first_words(" ".join(paragraph.split()))


def _stands_apart(line: str, following: str) -> bool:
    """Whether a line is a title, given the line right below it ("" when that is blank)."""
    if len(line) > _LONGEST_LINE or line[-1] in _IN_PROGRESS:
        return False
    sentence = _SENTENCE.search(line)
    if sentence and sentence.end() < len(line):
        return False
    if not following:
        return True
    # Lines broken at the margin are of about one length; a title is shorter than the text below.
    if following[0].islower() or _SMALL_WORD.search(line):
        return False
    return len(line) < 0.8 * len(following)


def _first_words(paragraph: str) -> str:
    sentence = _SENTENCE.search(paragraph)
    first = paragraph[: sentence.end()] if sentence else paragraph
    if len(first) <= _LONGEST_CUT:
        return first
    bracket = first.find(" (", 3, _LONGEST_CUT)
    if bracket > 0 and not _CLAUSE.search(first, 0, bracket):
        return first[:bracket]
    ends = [m.start() for m in _CLAUSE.finditer(first, 0, _LONGEST_CUT + 1)]
    if ends and ends[-1] >= _SHORTEST_CUT:
        return first[: ends[-1]].rstrip() + "…"
    space = first.rfind(" ", 0, _LONGEST_CUT + 1)
    return first[: space if space > 0 else _LONGEST_CUT].rstrip(_IN_PROGRESS + " ") + "…"
