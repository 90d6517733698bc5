"""Texts made harmless."""

from __future__ import annotations

import pytest
from fihris.cli.output import counted, isolated, isolated_words, plain
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\r\n\tthree", "one two three"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b31mred\x07\x00", "31mred"),
        ("a\x85b\u2028c\u2029d\x0be", "a b c d e"),
        ("\u202eevil\u2066x\u2069", "evilx"),
        ("می‌خواهم \u200fكُتّاب\u061c", "می‌خواهم \u200fكُتّاب\u061c"),
        ("lone \udce9", "lone \udce9"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text())
def test_plain_is_one_printable_line(text: str) -> None:
    found = plain(text)
    assert len(found.splitlines()) <= 1
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in found)
    assert plain(found) == found


def test_isolated() -> None:
    assert isolated("جيش") == "\u2068جيش\u2069"
    assert isolated("") == ""


def test_isolated_words() -> None:
    line = "3.0  جيش التحرير: 2 × 1, army, كُتّاب (exact)"
    assert isolated_words(line) == (
        "3.0  \u2068جيش التحرير\u2069: 2 × 1, army, \u2068كُتّاب\u2069 (exact)"
    )
    assert isolated_words("army") == "army"


def test_counted() -> None:
    assert [counted(n, "file") for n in (0, 1, 2000)] == ["0 files", "1 file", "2,000 files"]
