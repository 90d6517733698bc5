from __future__ import annotations

import pytest
from fihris.search.scanner import MAX_DEPTH, MAX_TOKENS, Token, scan
from hypothesis import given, settings
from hypothesis import strategies as st

PIECES = ["AND", "OR", "NOT", "NEAR/2", "|", "(", ")", '"', "«", "-", "=", "a", "b-c", "title:"]
FILTERS = ["date:1", "date:(1 ", ",", " ", "  ", "\u200f", "*", "…"]


def kinds(text: str) -> str:
    """The tokens of a text: operators by name, operands as what they ask for."""
    return " ".join(token.kind or str(token.clause.query()) for token in scan(text)[0])


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a OR b", "a OR b end"),
        ("a|b", "a OR b end"),
        ("a -b", "a NOT b end"),
        ("a-b", "(a OR b) end"),
        ("a - b", "a b end"),
        ("a -(b)", "a NOT ( b ) end"),
        ('-"a b"', 'NOT "a b" end'),
        ('a"b c"-d', 'a "b c" d end'),
        ("(a)-b", "( a ) b end"),
        ("(-a|-b)", "( NOT a OR NOT b ) end"),
        ("--a", "a end"),
        ("a AND NEAR OR b", "a AND b end"),
        ("AND a", "and a end"),
        ("a NEAR/7", "a (near OR 7) end"),
        ("(OR)", "( or ) end"),
        ("a NOT OR b", "a not OR b end"),
        ("-OR x", "NOT or x end"),
        ("title:OR x", "title:or x end"),
        ("AND,", "and end"),
        (")a(", "a ( end"),
        ("language:fr", '(None:* AND language:"fr") end'),
        ("language:(fr ar", '(None:* AND (language:"fr" OR language:"ar")) end'),
        ("language:() a", "language ( ) a end"),
        ("language:, a", "language a end"),
        ("title:) a", "title a end"),
        ('title:"a', "title:a end"),
        ('-"a', "NOT a end"),
        ("", "end"),
    ],
)
def test_tokens(text: str, tokens: str) -> None:
    assert kinds(text) == tokens


def test_near_keeps_its_distance() -> None:
    assert [token.distance for token in scan("a NEAR/7 b")[0]][1] == 7


def test_more_tokens_are_not_read() -> None:
    tokens, notes = scan("a" + "|" * MAX_TOKENS + "b")
    assert [token.kind for token in tokens] == ["", "end"]
    assert notes == ("cut",)


def well_formed(tokens: list[Token]) -> None:
    """What the parser relies on."""
    depth = 0
    before = "end"
    for token, after in zip(tokens, [token.kind for token in tokens[1:]] + ["end"], strict=True):
        if token.kind in ("AND", "OR", "NEAR"):
            assert before in ("", ")")
            assert after in ("", "(", "NOT")
        elif token.kind == "NOT":
            assert after in ("", "(", "NOT")
        depth += (token.kind == "(") - (token.kind == ")")
        assert 0 <= depth <= MAX_DEPTH
        before = token.kind
    assert [token.kind for token in tokens].index("end") == len(tokens) - 1


@settings(max_examples=3 * settings.default.max_examples)
@given(st.text() | st.lists(st.sampled_from(PIECES + FILTERS), max_size=60).map("".join))
def test_tokens_are_well_formed(text: str) -> None:
    well_formed(scan(text)[0])
