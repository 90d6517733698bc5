from __future__ import annotations

import pytest
from fihris.search.dates import start, years


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("1944", (1944, 1944)),
        ("1944-11-14", (1944, 1944)),
        ("1943/1945", (1943, 1945)),
        ("1945/1943", (1943, 1945)),
        ("1943-05/..", (1943, 1943)),
        ("/1945", (1945, 1945)),
        ("194X", (1940, 1949)),
        ("19XX/1944", (1900, 1999)),
        ("1944?", (1944, 1944)),
        ("-0043", (-43, -43)),
        ("-004X", (-49, -40)),
        ("", None),
        ("undated", None),
        ("44", None),
        ("19445", None),
        ("Y-17000", None),
    ],
)
def test_the_years_of_a_date(date: str, expected: tuple[int, int] | None) -> None:
    assert years(date) == expected


def test_dates_begin_where_they_say() -> None:
    assert start("1943-05/1945") == "1943-05"
    assert start("../1945") == "1945"
    assert start("1944") == "1944"
