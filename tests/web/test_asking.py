from __future__ import annotations

from urllib.parse import urlencode

import pytest
from fihris.search import Selection
from fihris.web.asking import Asked, Refusal, asked, chosen_interface, wants_json, wording
from starlette.requests import Request


def request(query: str = "", **headers: str) -> Request:
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request(
        {
            "type": "http",
            "query_string": query.encode(),
            "headers": given,
            "path": "/",
            "method": "GET",
        }
    )


def test_parameters_are_read() -> None:
    assert asked(request("q=+a+b+&page=3&language=FR")) == Asked(
        "a b", 3, Selection(language=("fr",))
    )
    assert asked(request("")) == Asked()
    assert asked(request("page=&language=&from=&sort=&limit=&creator=")) == Asked()
    found = asked(
        request(
            "language=fr&language=ar&creator=A&collection=B&source=C&from=-44&to=%D9%A1%D9%A9%D9%A4%D9%A5&limit=7"
        )
    )
    assert found.selection == Selection(("fr", "ar"), ("B",), ("A",), ("C",), first=-44, last=1945)
    assert found.limit == 7


def test_what_is_asked_is_an_address_again() -> None:
    for query in (
        "q=a%26b&language=fr&language=ar&creator=%22+x&from=1944&to=1945&sort=newest&page=3",
        "collection=%D8%B1&from=0",
        "",
    ):
        found = asked(request(query))
        assert asked(request(urlencode(found.pairs()))) == found


def test_choices_combine_and_come_off() -> None:
    start = Asked("x", 4)
    both = start.choosing("language", "fr").choosing("language", "ar")
    assert (both.page, both.selection.language) == (1, ("fr", "ar"))
    assert both.choosing("language", "fr").selection.language == ("ar",)
    assert both.dated(1944, None).dated(None, None) == both


def test_only_parameters_that_are_known() -> None:
    with pytest.raises(Refusal) as caught:
        asked(request("q=a&colour=red"), {"q"})
    assert (caught.value.status_code, caught.value.detail) == (400, "detail-parameter")


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("page=0", 400, "detail-page"),
        ("page=-1", 400, "detail-page"),
        ("page=two", 400, "detail-page"),
        ("page=1.5", 400, "detail-page"),
        ("page=" + "9" * 5000, 400, "detail-page"),
        ("language=french", 400, "detail-language"),
        ("language=%3Cb%3E", 400, "detail-language"),
        (
            "language=" + "&language=".join(f"a{chr(97 + n)}" for n in range(21)),
            400,
            "detail-values",
        ),
        ("source=a" + "&source=a" * 20, 400, "detail-values"),
        ("creator=" + "a" * 5000, 400, "detail-values"),
        ("from=1945&to=1944", 400, "detail-range"),
        ("from=44a", 400, "detail-year"),
        ("from=19441", 400, "detail-year"),
        ("to=%C2%B2", 400, "detail-year"),
        ("sort=loudest", 400, "detail-sort"),
        ("limit=0", 400, "detail-number"),
        ("limit=101", 400, "detail-number"),
        ("facets=-1", 400, "detail-number"),
        ("q=a&q=b", 400, "detail-repeated"),
        ("q=a&q=a", 400, "detail-repeated"),
        ("from=&from=1944", 400, "detail-repeated"),
        ("q=" + "a" * 100_001, 413, "detail-long"),
    ],
)
def test_nonsense_is_refused(query: str, status: int, detail: str) -> None:
    with pytest.raises(Refusal) as caught:
        asked(request(query))
    assert (caught.value.status_code, caught.value.detail) == (status, detail)


def test_what_means_nothing_here_may_come_twice() -> None:
    assert asked(request("q=a&utm_source=b&utm_source=b")) == Asked("a")


def test_the_longest_query_is_taken() -> None:
    assert len(asked(request("q=" + "a" * 100_000)).query) == 100_000


def test_the_address_names_the_interface_before_the_browser_does() -> None:
    assert wording(request("lang=ar", accept_language="fr")).code == "ar"
    assert wording(request("", accept_language="fr")).code == "fr"
    assert wording(request("lang=xx", accept_language="fr")).code == "fr"
    assert chosen_interface(request("lang=FR")) == "fr"
    assert chosen_interface(request("", accept_language="fr")) == ""


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        ("", "", False),
        ("", "*/*", False),
        ("", "text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("", "application/json", True),
        ("", "Application/JSON; charset=utf-8", True),
        ("", "application/problem+json", True),
        ("", "text/html;q=0.5, application/json;q=0.9", True),
        ("", "text/html, application/json;q=0.9", False),
        ("", "application/json;q=0", False),
        ("format=json", "text/html", True),
        ("format=html", "application/json", False),
    ],
)
def test_who_is_given_json(query: str, accept: str, expected: bool) -> None:
    assert wants_json(request(query, accept=accept)) is expected
