"""Cuts a query into tokens: words, phrases, filters, operators and parentheses.

Whatever is wrong with a query is put right here, so that the parser sees only what is well formed:
quotes without a partner and parentheses too deep or without a partner are passed over, operators
with nothing to operate on become words. Takes time in proportion to the length of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec
import regex
from whoosh.query import Or, Query

from ..indexer.folding import FORMAT_CHARACTERS
from ..indexer.words import words
from .clauses import NOTHING, Clause, joined
from .names import field_name, language_code
from .nodes import ExactPhrase, Filter
from .wildcards import leaves

#: Of a longer text, only so many characters are read.
MAX_CHARACTERS = 100_000
#: Of more words (wildcards and filter values count too), only so many are kept.
MAX_WORDS = 512
#: Of more tokens (operators, parentheses, stray signs), only so many are read.
MAX_TOKENS = 4096
#: Parentheses inside more parentheses than this are passed over.
MAX_DEPTH = 32
#: NEAR without a number, and the largest number that it may have.
NEAR_DISTANCE, MAX_DISTANCE = 10, 1000


class Token(msgspec.Struct, frozen=True):
    """`kind` is "(", ")", "OR", "AND", "NEAR", "NOT", "end", or "" for an operand.

    `clause` is what an operand asks for; an operator has the `text` that it would be as a word.
    """

    kind: str
    clause: Clause = NOTHING
    text: str = ""
    distance: int = NEAR_DISTANCE


def scan(text: str) -> tuple[list[Token], tuple[str, ...]]:
    """The tokens of a query, "end" the last one, and notes on what was passed over.

    Every ")" has its "("; a "(" may lack its ")". AND, OR and NEAR have an operand on both sides,
    NOT has one after it.
    """
    scanner = _Scanner(text)
    return scanner.tokens, tuple(scanner.notes)


# Stands in for characters that are passed over: neither a letter nor a space, it parts words.
_PASSED = "\ue000"
_IGNORED = f"{FORMAT_CHARACTERS}{_PASSED}"
_I = f"[{_IGNORED}]*+"
_DOUBLE = '"“”„‟＂'
_PARTNERS = dict.fromkeys(_DOUBLE, _DOUBLE) | {"«": "»", "»": "«", "‹": "›", "›": "‹"}
_QUOTES = "".join(_PARTNERS)

_SIGNS = {"(": "(", ")": ")", "|": "OR"}

_STRUCTURE = regex.compile(rf"[(){_QUOTES}]")
_GAP = regex.compile(rf"{_I}(\s[\s{_IGNORED}]*+)?")
_BARE = regex.compile(rf"[^\s()|{_QUOTES}]++")
_OPERATOR = regex.compile(rf"(?:(OR|AND|NOT)|NEAR(?:/(\d{{1,9}}))?){_I}")
_STARTS_OPERAND = regex.compile(rf"{_I}(?=[\w(=*{_QUOTES}])")
_MINUS = regex.compile(rf"[-−]{_STARTS_OPERAND.pattern}")
_STRICT = regex.compile(rf"=+{_STARTS_OPERAND.pattern}")
# French puts a no-break space before a colon, and mostly an ordinary one after it.
_NO_BREAK = f"[\u00a0\u202f\u2007{_IGNORED}]"
_FIELD = regex.compile(rf"([\w{_IGNORED}]{{1,40}}+)(?::|{_NO_BREAK}++:\s?){_NO_BREAK}*+")
_VALUE = regex.compile(rf"[^\s()|,،，{_QUOTES}]++")
_COMMA = regex.compile("[,،，]+")
_HIDDEN = regex.compile(f"[{_IGNORED}]+")
_DIGIT = regex.compile(r"\d")

_Item = TypeVar("_Item")


class _Scanner:
    def __init__(self, text: str) -> None:
        self.notes: dict[str, None] = {}
        if len(text) > MAX_CHARACTERS:
            self.notes["cut"] = None
        self.room = MAX_WORDS
        self.tokens: list[Token] = []
        self.text, self.partners = self._mended(text[:MAX_CHARACTERS])
        self._scan()
        self._settle_operators()

    def _mended(self, text: str) -> tuple[str, dict[int, int]]:
        """The text without the quotes and parentheses that do not count, and for each opening
        quote that does, the place of its partner."""
        characters: list[str] = []
        partners: dict[int, int] = {}
        last = {quote: max(map(text.rfind, partner)) for quote, partner in _PARTNERS.items()}
        depth = too_deep = 0
        opened = -1
        for match in _STRUCTURE.finditer(text):
            place, character, note = match.start(), match.group(), ""
            if opened >= 0:
                if character in _PARTNERS[text[opened]]:
                    partners[opened] = place
                    opened = -1
            elif character == "(" and depth < MAX_DEPTH:
                depth += 1
            elif character == "(":
                too_deep += 1
                note = "too-deep"
            elif character == ")" and too_deep:
                too_deep -= 1
                note = "too-deep"
            elif character == ")" and depth:
                depth -= 1
            elif character == ")":
                note = "unbalanced-parenthesis"
            elif last[character] > place:
                opened = place
            else:
                note = "unbalanced-quote"
            if note:
                self.notes[note] = None
                characters = characters or list(text)
                characters[place] = _PASSED
        if depth:
            self.notes["unbalanced-parenthesis"] = None
        return "".join(characters) or text, partners

    def _scan(self) -> None:
        text, at = self.text, 0
        scopes: list[tuple[str | None, bool]] = [(None, False)]
        boundary = True  # only a space, "(" or "|" stands before; a sign inside a word is no sign
        for _ in range(MAX_TOKENS):
            if (gap := _GAP.match(text, at)) is None or gap.end() == len(text):
                return
            at, boundary = gap.end(), boundary or gap[1] is not None
            if self.room <= 0:
                break
            negated, (field, strict) = False, scopes[-1]
            if boundary:
                bare = _BARE.match(text, at)
                if bare and (match := _OPERATOR.fullmatch(text, at, bare.end())):
                    self.tokens.append(_operator(match))
                    at, boundary = match.end(), False
                    continue
                if match := _MINUS.match(text, at):
                    at, negated = match.end(), True
                at, field, strict, filters = self._prefixes(at, field, strict)
                if filters:
                    self._add(Clause(filters=(joined(Or, filters),)), negated)
                    boundary = False
                    continue
            character = text[at]
            boundary = character in "(|"
            if character == "(":
                if negated:
                    self.tokens.append(Token("NOT"))
                scopes.append((field, strict))
            elif character == ")":
                scopes.pop()
            if character in _SIGNS:
                self.tokens.append(Token(_SIGNS[character]))
                at += 1
            elif character in _QUOTES:
                start, at = at + 1, self.partners[at] + 1
                phrase = tuple(self._kept(words(text[start : at - 1])))
                self._add(Clause(ExactPhrase(phrase, field, strict) if phrase else None), negated)
            elif bare := _BARE.match(text, at):
                at = bare.end()
                self._add(self._words(bare.group(), field, strict), negated)
        self.notes["cut"] = None

    def _words(self, text: str, field: str | None = None, strict: bool = False) -> Clause:
        found = self._kept(leaves(text, self.room + 1, field, strict, self.notes))
        return Clause(joined(Or, found), whole=len(found) > 1) if found else NOTHING

    def _add(self, clause: Clause, negated: bool) -> None:
        if clause:
            self.tokens += [Token("NOT"), Token("", clause)] if negated else [Token("", clause)]

    def _kept(self, items: Sequence[_Item]) -> Sequence[_Item]:
        """The items that there is still room for."""
        if len(items) > self.room:
            self.notes["cut"] = None
        kept = items[: self.room]
        self.room -= len(kept)
        return kept

    def _prefixes(
        self, at: int, field: str | None, strict: bool
    ) -> tuple[int, str | None, bool, Sequence[Query]]:
        """Reads `title:`, `=` and whole filters; gives the place after them, the field and
        strictness of what follows, and the filters, alternatives to one another."""
        text = self.text
        while True:
            if match := _STRICT.match(text, at):
                at, strict = match.end(), True
                continue
            match = _FIELD.match(text, at)
            name = field_name(match[1]) if match else None
            if match is None or name is None:
                return at, field, strict, ()
            if name == "title" and _STARTS_OPERAND.match(text, match.end()):
                at, field = match.end(), name
            elif name != "title" and (read := self._values(match.end(), name))[0]:
                values, end = read
                return end, field, strict, self._kept([Filter(name, value) for value in values])
            else:
                return at, field, strict, ()

    def _values(self, at: int, field: str) -> tuple[list[str], int]:
        """The values of a filter, parted by commas, or in parentheses also by spaces and OR."""
        text, values = self.text, list[str]()
        depth = 0
        while at < len(text) and len(values) <= self.room:
            if at in self.partners:
                values.append(text[at + 1 : self.partners[at]])
                at = self.partners[at] + 1
            elif match := _VALUE.match(text, at):
                if not depth or match.group() != "OR":
                    values.append(match.group())
                at = match.end()
            elif text[at] == "(" and (depth or not values):
                at, depth = at + 1, depth + 1
                continue
            elif not depth:
                break
            else:
                depth -= text[at] == ")"
                at += 1
            if not depth:
                comma = _COMMA.match(text, at)
                if comma is None:
                    break
                at = comma.end()
        cleaned = (_HIDDEN.sub("", value).strip() for value in values)
        return [_value(field, value) for value in cleaned if value], at

    def _settle_operators(self) -> None:
        """Makes words of the operators that have nothing to operate on; of several in a row, the
        first one counts."""
        tokens, following = self.tokens, "end"
        for place in reversed(range(len(tokens))):
            if tokens[place].kind == "NOT" and following not in ("", "(", "NOT"):
                tokens[place] = Token("", self._words(tokens[place].text))
            following = tokens[place].kind
        settled: list[Token] = []
        run: list[Token] = []
        for token in [*tokens, Token("end")]:
            if token.kind in ("OR", "AND", "NEAR"):
                run.append(token)
                continue
            if run and settled and settled[-1].kind in ("", ")") and token.kind in ("", "(", "NOT"):
                settled.append(run[0])
            else:
                found = (self._words(operator.text) for operator in run)
                settled += (Token("", clause) for clause in found if clause)
            run = []
            settled.append(token)
        self.tokens = settled


def _operator(match: regex.Match[str]) -> Token:
    number = int(match[2] or NEAR_DISTANCE)
    distance = min(max(number, 1), MAX_DISTANCE)
    return Token(match[1] or "NEAR", text=match.group(), distance=distance)


def _value(field: str, value: str) -> str:
    if field == "language":
        return language_code(value)
    return _DIGIT.sub(lambda digit: str(int(digit.group())), value) if field == "date" else value
