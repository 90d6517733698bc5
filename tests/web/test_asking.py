from __future__ import annotations

import pytest
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
    assert asked(request("q=+a+b+&page=3&language=FR")) == Asked("a b", 3, "fr")
    assert asked(request("")) == Asked("", 1, "")
    assert asked(request("page=&language=")) == Asked("", 1, "")


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
        ("q=" + "a" * 100_001, 413, "detail-long"),
    ],
)
def test_nonsense_is_refused(query: str, status: int, detail: str) -> None:
    with pytest.raises(Refusal) as caught:
        asked(request(query))
    assert (caught.value.status_code, caught.value.detail) == (status, detail)


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
