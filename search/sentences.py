"""Where sentences end: good enough for snippets of Arabic, French, English and their neighbours."""

from __future__ import annotations

from collections.abc import Iterator

import regex

# A sign with closing quotes and note numbers behind it, or the end of a line.
_SIGN = r"(?P<sign>[.!?؟۔…]+)(?:[ \u00a0\u202f]?»|[\"'”’)\]])*(?:\[\d{1,3}\])*"
_CANDIDATE = regex.compile(rf"{_SIGN}\s+|[^\S\n]*\n\s*")
# The same where only the end of a stretch counts.
_LAST_SIGN = regex.compile(rf"{_SIGN}$")
# Before a full stop that ends no sentence: one letter (J. Hayes, U.S., z.B.), a day or the number
# of an item (14. November), a title or another word that is mostly written short.
_SHORT = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}])(?:\p{L}\p{M}*|\d{1,2}|[A-Z][a-z]?\.-[A-Z]"
    r"|Mrs?|Ms|Drs?|St|Ste|Gen|Lt|Col|Maj|Capt|Cpt|Sgt|Cdr|Adm|Brig|Prof|Rev|Hon|Sen|Gov|Jr|Sr"
    r"|MM|Mmes?|Mlles?|Mgr|Cie|Bd|[Nn]os?|Nr|Vol|vol|[Cc]hap|[Aa]rt|[Ff]igs?|[Ee]ds?|[ÉéEe]d|pp"
    r"|[Cc]f|[Vv]s|[Ii]bid|[Cc]a|[Aa]v|[Aa]pr|[Gg]én|[Cc]ol|[Cc]dt|[Rr]éf|[Dd]oc|Komm|Hrsg|bzw|vgl"
    r"|[Dd]ott|[Aa]pprox)$"
)
_ITEM = regex.compile(r"[-*•·‣●–—#>|]\s|\(?\d{1,3}[.)]\s|\(?\p{L}\)\s")
_LINE_ENDS = ":;؛"
# A shorter line ends because its writer ended it there: a heading, an address, a verse.
_SHORT_LINE = 40
# So much before a place is looked at.
_REACH = 100


def sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    """The places in a stretch of a text where one sentence is over and another begins, ascending.

    White space belongs to the sentence before it. The end of the stretch is none, unless a
    sentence ends there.
    """
    for match in _CANDIDATE.finditer(text, start, end):
        if _is_end(text, *match.span(), match["sign"]):
            yield match.end()


def begins_sentence(text: str, place: int) -> bool:
    """Whether a sentence begins at a place of a text, or nothing but white space comes before."""
    low = max(0, place - _REACH)
    before = text[low:place]
    behind = before.rstrip()
    if not behind:
        return low == 0 or "\n" in before
    end = low + len(behind)
    if end == place:
        return False
    match = _LAST_SIGN.search(behind)
    if match:
        return _is_end(text, low + match.start(), place, match["sign"])
    return "\n" in text[end:place] and _is_end(text, end, place, None)


def _is_end(text: str, start: int, end: int, sign: str | None) -> bool:
    """Whether a sentence ends with what looks like it.

    Args:
        start, end: of it, with the white space behind it.
        sign: that it begins with; None for the end of a line.
    """
    if text.count("\n", start, end) > 1:
        return True
    following = text[end : end + 8]
    if sign is not None:
        if following[:1].islower():
            return False
        return sign != "." or not _SHORT.search(text[max(0, start - 12) : start])
    line = text[max(text.rfind("\n", 0, start) + 1, start - _REACH) : start]
    return len(line) < _SHORT_LINE or line[-1] in _LINE_ENDS or _ITEM.match(following) is not None
