from __future__ import annotations

import pytest
from fihris.web.paging import TEXT_SIZE, offered, text_pages


@pytest.mark.parametrize(
    ("page", "last", "expected"),
    [
        (1, 0, []),
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 3, 9]),
        (5, 9, [1, 3, 4, 5, 6, 7, 9]),
        (9, 9, [1, 7, 8, 9]),
    ],
)
def test_the_first_the_last_and_those_nearby(page: int, last: int, expected: list[int]) -> None:
    assert offered(page, last) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        "x" * (3 * TEXT_SIZE),
        "word " * TEXT_SIZE,
        ("line " * 50 + "\n") * 2000,
    ],
)
def test_the_pages_of_a_text_follow_one_another(text: str) -> None:
    pages = text_pages(text)
    assert "".join(text[start:end] for start, end in pages) == text
    assert all(end - start <= TEXT_SIZE * 5 // 4 for start, end in pages)


def test_pages_end_with_a_line_or_else_a_word() -> None:
    lines = ("line " * 50 + "\n") * 2000
    assert all(lines[end - 1] == "\n" for _, end in text_pages(lines))
    words = "word " * TEXT_SIZE
    assert all(words[end - 1] == " " for _, end in text_pages(words))
