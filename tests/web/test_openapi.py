from __future__ import annotations

import json
import re
from typing import Any

import httpx
import msgspec
import pytest
from fihris.web import schema
from fihris.web.openapi import description

_DESCRIPTION: dict[str, Any] = json.loads(description("/archive", "Archive"))


def test_it_is_served_where_the_application_is(client: httpx.Client) -> None:
    served = client.get("/openapi.json").json()
    assert served["openapi"] == "3.1.0"
    assert served["servers"] == [{"url": "/"}]
    assert _DESCRIPTION["servers"] == [{"url": "/archive"}]
    assert _DESCRIPTION["info"]["title"] == "Archive search"


def test_every_reference_leads_somewhere() -> None:
    names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(_DESCRIPTION)))
    assert names == set(_DESCRIPTION["components"]["schemas"])


def _operations() -> list[tuple[str, dict[str, Any]]]:
    return [(path, methods["get"]) for path, methods in _DESCRIPTION["paths"].items()]


def test_examples_have_the_shape_that_they_explain() -> None:
    for _, operation in _operations():
        for answer in operation["responses"].values():
            for content in answer.get("content", {}).values():
                name = content["schema"]["$ref"].rpartition("/")[2]
                msgspec.convert(content["example"], getattr(schema, name))


@pytest.mark.parametrize(("path", "operation"), _operations())
def test_what_is_described_is_answered(
    client: httpx.Client, path: str, operation: dict[str, Any]
) -> None:
    parameters = [each for each in operation["parameters"] if each["in"] == "query"]
    examples = {each["name"]: each["example"] for each in parameters if "example" in each}
    address = path.replace("{id}", "lettre-fr")
    answers = [client.get(address, params=examples), client.get(address)]
    answers.append(client.get(address, params={"nonsense": "1"}))
    for answer in answers:
        described = operation["responses"][str(answer.status_code)]["content"]
        (media_type,) = described
        assert answer.headers["content-type"] == media_type
        name = described[media_type]["schema"]["$ref"].rpartition("/")[2]
        msgspec.json.decode(answer.content, type=getattr(schema, name))
