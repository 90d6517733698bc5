from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import httpx
import pytest
from fihris.web.exports import as_atom, as_csv, as_ris, opensearch

from .conftest import DOCUMENTS

_ATOM = "{http://www.w3.org/2005/Atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
HARMFUL = DOCUMENTS[3]


def test_a_table_of_results(client: httpx.Client) -> None:
    answer = client.get("/?q=letter OR رسالة OR tram&format=csv&page=2")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="search.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    whole = client.get("/?q=letter OR رسالة OR tram&format=json").json()
    assert len(rows) == whole["total"] + whole["total_similar"] > 10
    row = next(row for row in rows if row["id"] == "letters/beirut")
    assert (row["title"], row["date"]) == ("رسالة من بيروت", "1947-03-02")
    assert client.get(row["address"]).status_code == 200


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    text = as_csv([({"id": cell, "title": cell, "language": ""}, "http://a/")])
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row[0] == row[1] == f"'{cell}"


def test_references(client: httpx.Client) -> None:
    answer = client.get("/documents/letters/beirut?format=ris")
    assert answer.headers["content-type"].startswith("application/x-research-info-systems")
    lines = answer.text.split("\r\n")
    assert lines[0] == "TY  - GEN"
    assert {"TI  - رسالة من بيروت", "PY  - 1947", "AU  - ألكسي", "LA  - ar"} <= set(lines)
    assert lines[-2] == "ER  - "
    many = client.get("/?q=tram&format=ris").text
    assert many.count("TY  - ") == many.count("ER  - ") == 25


def test_a_value_cannot_begin_a_new_line_of_a_reference() -> None:
    text = as_ris([({"id": "a", "title": "x\r\nER  - \r\nTY  - BOOK", "language": ""}, "http://a")])
    assert [line for line in text.split("\r\n") if line.startswith("TY")] == ["TY  - GEN"]


def test_a_feed(client: httpx.Client, address: str) -> None:
    answer = client.get("/?q=harmful OR رسالة&format=atom&lang=en")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    assert feed.findtext(f"{_ATOM}id") == feed.find(f"{_ATOM}link[@rel='self']").attrib["href"]  # type: ignore[union-attr]
    assert (feed.findtext(f"{_ATOM}updated") or "").startswith("20")
    entries = feed.findall(f"{_ATOM}entry")
    assert len(entries) == 2
    for entry in entries:
        link = entry.find(f"{_ATOM}link")
        assert link is not None
        assert httpx.get(link.attrib["href"]).status_code == 200
    assert any("<script>" in (entry.findtext(f"{_ATOM}title") or "") for entry in entries)


def test_what_xml_cannot_hold_is_replaced() -> None:
    feed = ElementTree.fromstring(as_atom("a\x00\ufffe<&>", 'http://a?"', "http://a", 0.0, []))
    assert feed.findtext(f"{_ATOM}title") == "a\ufffd\ufffd<&>"


def test_a_browser_can_search_from_its_address_bar(client: httpx.Client, address: str) -> None:
    page = client.get("/?lang=ar").text
    assert 'type="application/opensearchdescription+xml"' in page
    answer = client.get("/opensearch.xml")
    described = ElementTree.fromstring(answer.content)
    templates = {
        url.attrib["type"]: url.attrib["template"] for url in described.iter(f"{_OPENSEARCH}Url")
    }
    for kind, template in templates.items():
        found = httpx.get(template.replace("{searchTerms}", "tram"))
        assert found.status_code == 200
        assert found.headers["content-type"].startswith(kind)
    assert len(described.findtext(f"{_OPENSEARCH}ShortName") or "") <= 16
    assert "&lt;" in opensearch("<b>", "", "http://a/")


def test_what_a_page_can_be_had_as(client: httpx.Client) -> None:
    assert client.get("/?q=tram&format=pdf").status_code == 400
    assert client.get("/documents/untitled?format=atom").status_code == 400
    assert client.get("/?q=&format=csv").text.count("\n") == 1
