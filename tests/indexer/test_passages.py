from __future__ import annotations

import pytest
from fihris.indexer.passages import MAX_PASSAGE, passages
from fihris.indexer.words import words
from hypothesis import given
from hypothesis import strategies as st

LINE = "A line as long as those of a printed page, which a scanner broke at the margin. "


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in passages(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n \n\t", []),
        ("one", ["one"]),
        ("one\n\ntwo", ["one", "two"]),
        ("one\r\n\r\ntwo", ["one\r", "two"]),
        ("\n\n  one\ntwo\n\n", ["  one\ntwo"]),
        ("one\n \ntwo", ["one", "two"]),
    ],
)
def test_blank_lines_part_paragraphs(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_full_lines_are_paragraphs_and_short_ones_are_put_together() -> None:
    full = LINE * 2
    assert pieces(f"{full}\n{full}") == [full, full]
    assert pieces(f"Heading\n{full}") == ["Heading", full]
    assert pieces("a broken\nline of\na poem") == ["a broken\nline of\na poem"]


def test_many_short_lines_do_not_make_one_passage() -> None:
    text = "a short line\n" * 1000
    assert all(end - start <= MAX_PASSAGE // 2 + 13 for start, end in passages(text))


@pytest.mark.parametrize("unit", [LINE, "word " * 20, "جيش. ", "a" * 70 + " "])
def test_long_paragraphs_are_cut_between_words(unit: str) -> None:
    text = unit * (5 * MAX_PASSAGE // len(unit))
    found = passages(text)
    assert len(found) >= 5
    assert all(0 < end - start <= MAX_PASSAGE for start, end in found)
    assert [word for piece in pieces(text) for word in words(piece)] == words(text)


def test_sentences_end_passages_where_they_can() -> None:
    for piece in pieces(LINE * 100)[:-1]:
        assert piece.endswith("margin. ")


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    text = "x" * (2 * MAX_PASSAGE + 10)
    assert [len(piece) for piece in pieces(text)] == [MAX_PASSAGE, MAX_PASSAGE, 10]


@given(st.text("ab. \n\r?؟", max_size=300), st.integers(1, 40))
def test_nothing_is_lost_and_nothing_is_twice(text: str, times: int) -> None:
    text = text * times
    end_before = 0
    for start, end in passages(text):
        assert end_before <= start < end <= len(text)
        assert end - start <= MAX_PASSAGE
        assert text[start:end].strip()
        assert not text[end_before:start].strip()
        end_before = end
    assert not text[end_before:].strip()
