from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from fihris.indexer import Document
from fihris.search import Searcher
from fihris.web import create_app
from fihris.web.files import FILES
from fihris.web.links import Links
from fihris.web.wording import CATALOGUE, INTERFACES
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node
from starlette.requests import Request

from ..collections import giant
from .conftest import DOCUMENTS, SCRIPT, write
from .serving import served

HARMFUL = DOCUMENTS[3]
_SCOPE = {"type": "http", "path": "/", "query_string": b"", "headers": []}


def page(client: httpx.Client, path: str, status: int = 200, **parameters: str) -> HTMLParser:
    response = client.get(path, params=parameters or None)
    assert response.status_code == status
    return HTMLParser(response.text)


def one(tree: HTMLParser | Node, selector: str) -> Node:
    (found,) = tree.css(selector)
    return found


def href(tree: HTMLParser | Node, selector: str) -> str:
    found = one(tree, selector).attributes["href"]
    assert found
    return found


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, str]]:
    """A search for a phrase that is too much."""
    document, phrase = giant()
    path = tmp_path_factory.mktemp("giant") / "index"
    write(path, [document])
    with served(create_app(path)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client, phrase


@pytest.mark.parametrize("lang", INTERFACES)
def test_what_is_too_much_is_said(large: tuple[httpx.Client, str], lang: str) -> None:
    client, phrase = large
    tree = page(client, "/", q=phrase, lang=lang)
    words = CATALOGUE[lang]
    assert one(tree, ".note").text() == words["note-partial"]
    assert one(tree, "h1").text().startswith(words["at-least.one"].partition("{")[0])
    assert not page(client, "/", q="w1 w2", lang=lang).css(".note")


def test_what_is_too_much_is_said_to_programs(large: tuple[httpx.Client, str]) -> None:
    client, phrase = large
    assert client.get("/api/v1/search", params={"q": phrase}).json()["partial"] is True
    assert client.get("/api/v1/search", params={"q": "w1 w2"}).json()["partial"] is False
    figures = client.get("/metrics").text
    counted = re.search(r"^fihris_partial_answers_total (\S+)$", figures, re.MULTILINE)
    assert counted
    assert float(counted[1]) >= 1


@pytest.mark.parametrize("lang", INTERFACES)
def test_the_empty_page_teaches(client: httpx.Client, lang: str) -> None:
    tree = page(client, "/", lang=lang)
    html = one(tree, "html").attributes
    assert html["lang"] == lang
    assert html["dir"] == ("rtl" if lang == "ar" else "ltr")
    assert "29" in one(tree, "h1").text()
    assert 5 <= len(tree.css(".examples dt")) <= 7
    assert one(tree, "form[role=search] input[type=hidden]").attributes["value"] == lang
    for link in tree.css(".examples dt a"):
        found = page(client, link.attributes["href"] or "")
        assert found.css(".hits li")
        assert one(found, "html").attributes["lang"] == lang


@pytest.mark.parametrize("lang", INTERFACES)
def test_results_in_each_interface(client: httpx.Client, lang: str) -> None:
    words = CATALOGUE[lang]
    tree = page(client, "/", q="armee de liberation", lang=lang)
    assert one(tree, "#q").attributes["value"] == "armee de liberation"
    first = tree.css(".hits > li")[0]
    assert first.attributes["lang"] == "fr"
    assert one(first, "h3 mark").text() == "l’armée"
    assert [mark.text() for mark in first.css(".snippet mark")] == ["L’Armée", "libération"]
    assert {badge.text() for badge in first.css(".badge")} == {words["layer-form"]}
    assert words["language-fr"] in one(first, ".about").text()


def test_the_browsers_language_is_the_default(client: httpx.Client) -> None:
    response = client.get("/", headers={"Accept-Language": "ar-EG,en;q=0.5"})
    assert HTMLParser(response.text).css_first("html").attributes["lang"] == "ar"
    assert response.headers["content-language"] == "ar"
    assert {"Accept", "Accept-Language"} <= set(response.headers["vary"].split(", "))


def test_the_interface_can_be_changed_anywhere(client: httpx.Client) -> None:
    for path in ("/?q=letter&page=1", "/documents/letters/beirut?q=x", "/nothing/here"):
        response = client.get(path)
        link = href(HTMLParser(response.text), ".interfaces a[lang=ar]")
        changed = client.get(link)
        assert changed.status_code == response.status_code
        assert HTMLParser(changed.text).css_first("html").attributes["dir"] == "rtl"


def test_text_is_set_in_its_own_direction(client: httpx.Client) -> None:
    tree = page(client, "/", q="أسابيع", lang="fr")
    snippet = one(tree, ".snippet")
    assert "NKVD" in snippet.text()
    assert snippet.attributes["dir"] == "rtl"
    tree = page(client, "/documents/letters/beirut", lang="en")
    assert [p.attributes["dir"] for p in tree.css(".text p")] == ["rtl", "rtl", "ltr"]


def test_only_documents_of_a_language(client: httpx.Client) -> None:
    tree = page(client, "/", q="letter OR lettre", language="fr")
    assert [li.attributes["lang"] for li in tree.css(".hits > li")] == ["fr"]
    assert one(tree, ".facet .chosen a").attributes["href"] == "/?q=letter+OR+lettre"
    assert one(tree, ".box input[name=language]").attributes["value"] == "fr"


def test_did_you_mean(client: httpx.Client) -> None:
    tree = page(client, "/", q="harmfull", lang="en")
    link = one(tree, ".suggestion a")
    assert link.text() == "harmful"
    assert "q=harmful&" in (link.attributes["href"] or "")
    assert CATALOGUE["en"]["layer-corrected"] in [badge.text() for badge in tree.css(".badge")]


def test_nothing_found_gives_advice(client: httpx.Client) -> None:
    tree = page(client, "/", q="zzzzqqqq", language="fr")
    assert len(tree.css(".advice li")) == 3
    assert href(tree, ".advice a") == "/?q=zzzzqqqq"
    assert not tree.css(".hits")


def test_remarks_on_the_query(client: httpx.Client) -> None:
    tree = page(client, "/", q='"letter', lang="fr")
    assert one(tree, ".note").text() == CATALOGUE["fr"]["note-unbalanced-quote"]


def test_documents_with_similar_words_only_stand_apart(client: httpx.Client) -> None:
    answer = client.get("/", params={"q": "مكتوب", "format": "json"}).json()
    assert answer["total"] == 0
    assert answer["total_similar"] == len(answer["hits"]) == 1
    tree = page(client, "/", q="مكتوب")
    assert one(tree, "h2.rest")
    assert one(tree, ".badge.root")


def test_pages_follow_one_another(client: httpx.Client) -> None:
    tree = page(client, "/", q="tram", lang="fr")
    seen = [a.attributes["href"] for a in tree.css(".hits h3 a")]
    while tree.css("a[rel=next]"):
        assert len(tree.css(".hits > li")) == 10
        tree = page(client, href(tree, "a[rel=next]"))
        assert one(tree, "html").attributes["lang"] == "fr"
        seen += [a.attributes["href"] for a in tree.css(".hits h3 a")]
    assert len(set(seen)) == len(seen) == 25
    assert one(tree, ".pages a[aria-current=page]").text() == "3"


def test_json_is_the_same_as_the_page_and_as_the_library(
    client: httpx.Client, index_path: Path
) -> None:
    for query, number in (("tram", 2), ("armee de liberation", 1), ("", 1), ("zzzz", 1)):
        parameters = {"q": query, "page": str(number)}
        by_address = client.get("/", params={**parameters, "format": "json"})
        by_header = client.get("/", params=parameters, headers={"Accept": "application/json"})
        expected = (
            Searcher(index_path)
            .search(query, limit=10, offset=10 * (number - 1), facets=10)
            .as_json()
        )
        answers = [by_address.json(), by_header.json()]
        for answer in [*answers, expected]:
            answer.pop("took")
        assert answers[0] == answers[1]
        assert answers[0] == {**expected, "page": number, "pages": -(-expected["total"] // 10)}
        assert by_address.headers["content-type"] == "application/json"
        tree = page(client, "/", **parameters)
        links = [a.attributes["href"] or "" for a in tree.css(".hits h3 a")]
        assert [link.split("?")[0] for link in links] == [
            f"/documents/{hit['id']}" for hit in expected["hits"]
        ]


def test_the_json_of_a_page_is_linked(client: httpx.Client) -> None:
    link = href(page(client, "/", q="tram", page="2"), "footer a.json")
    assert client.get(link).json()["page"] == 2


def test_a_document(client: httpx.Client) -> None:
    tree = page(client, "/documents/letters/beirut", q="رسالة liberation", lang="en")
    article = one(tree, "article")
    assert article.attributes["lang"] == "ar"
    assert one(article, "h1 mark").text() == "رسالة"
    assert [mark.text() for mark in article.css(".text mark")] == ["رسالة", "الرسالة", "libération"]
    metadata = {
        div.css_first("dt").text(): div.css_first("dd").text() for div in tree.css("dl div")
    }
    assert metadata == {
        "Language": "Arabic",
        "Date": "1947-03-02",
        "Creator": "ألكسي",
        "Collection": "Letters",
        "Identifier": "letters/beirut",
        "shelfmark": "D 17",
        "pages": "3",
        "keywords": "post; camp",
    }
    assert "q=" in href(tree, ".back a")


def test_a_document_as_json(client: httpx.Client) -> None:
    answer = client.get("/documents/letters/beirut", headers={"Accept": "application/json"}).json()
    assert answer["id"] == "letters/beirut"
    assert answer["text"] == DOCUMENTS[0].text
    assert answer["extra"] == DOCUMENTS[0].extra


@pytest.mark.parametrize("lang", INTERFACES)
def test_a_document_without_a_title(client: httpx.Client, lang: str) -> None:
    tree = page(client, "/documents/untitled", lang=lang)
    assert one(tree, "h1").text() == CATALOGUE[lang]["untitled"]


@pytest.mark.parametrize("path", ["/?q=harmful", "/documents/"])
def test_harmful_text_is_shown_as_text(client: httpx.Client, path: str) -> None:
    document_id = {"id": HARMFUL.id} if path == "/documents/" else None
    response = client.get(path, params=document_id)
    assert response.status_code == 200
    tree = HTMLParser(response.text)
    assert [each.attributes["src"] for each in tree.css("script")] == [
        Links(Request(_SCOPE)).static("search.js")
    ]
    for selector in (
        "script:not([src])",
        "img",
        "b",
        "style",
        "[onerror]",
        "[style]",
        "[href^=javascript]",
    ):
        assert not tree.css(selector), selector
    title = one(tree, ".hits h3" if path.startswith("/?") else "h1")
    assert title.text() == f"Harmful letter {SCRIPT} {{{{ 7 * 7 }}}} desrever"
    assert "A harmful text." in tree.body.text()
    assert "onerror=alert(1)> &amp; " in tree.body.text()


def test_an_id_of_any_kind_can_be_followed(client: httpx.Client) -> None:
    link = href(page(client, "/", q="harmful"), ".hits h3 a")
    answer = client.get(urljoin("/", link) + "&format=json")
    assert answer.json()["id"] == HARMFUL.id


def test_a_query_comes_back_escaped(client: httpx.Client) -> None:
    query = f'"><{SCRIPT} {{{{ 7 * 7 }}}} \u202e \x00 \ud7ff'
    response = client.get("/", params={"q": query, "language": "fr", "lang": '"><b>'})
    assert response.status_code == 200
    tree = HTMLParser(response.text)
    assert not tree.css("script:not([src])")
    assert not tree.css("b")
    assert "49" not in one(tree, "h1").text()
    assert "\u202e" not in one(tree, "h1").text()


@pytest.mark.parametrize(
    "query", ["%ff%fe", "%ed%a0%80", "%00", "((((((", "%22%22", "*", "a" * 60_000]
)
def test_no_query_is_an_error(client: httpx.Client, query: str) -> None:
    assert client.get(f"/?q={query}").status_code == 200


def test_every_field_has_a_label_and_every_page_its_landmarks(client: httpx.Client) -> None:
    for path in ("/", "/?q=letter", "/documents/untitled", "/documents/none"):
        tree = HTMLParser(client.get(path).text)
        labels = {label.attributes["for"] for label in tree.css("label")}
        fields = tree.css("input:not([type=hidden])")
        assert {field.attributes["id"] for field in fields} == labels
        for landmark in ("header", "main", "h1", "head > title"):
            assert one(tree, landmark)
        assert one(tree, ".skip").attributes["href"] == f"#{one(tree, 'main').id}"
        assert all(nav.attributes["aria-label"] for nav in tree.css("nav"))


def test_choices_combine_and_come_off(client: httpx.Client) -> None:
    tree = page(client, "/", q="letter OR lettre OR رسالة OR tram", lang="en")
    everything = one(tree, "h1").text()
    chosen = [
        a.attributes["href"] or ""
        for a in tree.css(".facet li a")
        if a.text().strip().startswith("Arabic")
    ]
    tree = HTMLParser(client.get(chosen[0]).text)
    assert [li.attributes["lang"] for li in tree.css(".hits > li")] == ["ar"]
    counts = {
        a.css_first(".value").text(): a.css_first(".n").text() for a in tree.css(".facet li a")
    }
    assert counts["French"] == "1", "what choosing it as well would add"
    assert counts["Letters"] == "1"
    chips = tree.css(".chips li a")
    assert chips[0].attributes["aria-label"] == "Take off Language: Arabic"
    for link in (chips[0], chips[-1]):
        again = HTMLParser(client.get(link.attributes["href"] or "").text)
        assert one(again, "h1").text() == everything


def test_years_are_a_link_each_and_a_form(client: httpx.Client) -> None:
    tree = page(client, "/", q="رسالة", lang="fr")
    bar = one(tree, ".histogram a")
    assert bar.attributes["aria-label"] == "1947 : un document"
    found = HTMLParser(client.get(bar.attributes["href"] or "").text)
    assert len(found.css(".hits > li")) == 1
    assert one(found, "#from").attributes["value"] == "1947"
    assert one(found, ".histogram .within")
    assert not tree.css(".histogram .within")
    hidden = {i.attributes["name"] for i in tree.css(".range input[type=hidden]")}
    assert hidden == {"q", "lang"}, "the rest of the search is kept"
    nothing = page(client, "/", q="رسالة", to="1900", lang="fr")
    assert (
        one(nothing, ".advice a").attributes["href"] == "/?q=%D8%B1%D8%B3%D8%A7%D9%84%D8%A9&lang=fr"
    )


def test_a_collection_can_be_looked_around_in(client: httpx.Client) -> None:
    tree = page(client, "/", lang="en")
    links = {
        a.css_first(".value").text(): a.attributes["href"] for a in tree.css(".browse .facet li a")
    }
    found = HTMLParser(client.get(links["Letters"] or "").text)
    assert one(found, "h1").text() == "One document"
    assert [h.text() for h in found.css(".hits h3")] == ["رسالة من بيروت"]


def test_hits_in_the_order_of_time(client: httpx.Client) -> None:
    tree = page(client, "/", q="tram OR رسالة", sort="newest", lang="en")
    assert one(tree, ".order a[aria-current]").text() == "Newest first"
    assert tree.css(".hits h3")[0].text() == "رسالة من بيروت"


def test_one_click_to_exactly_this_word(client: httpx.Client) -> None:
    tree = page(client, "/", q="letters", lang="en")
    link = one(tree, ".strictly a")
    assert link.text() == "Search exactly letters"
    exactly = client.get(link.attributes["href"] or "").text
    assert CATALOGUE["en"]["nothing"].split("{")[0] in HTMLParser(exactly).css_first("h1").text()


def test_places_in_a_document_without_a_script(client: httpx.Client) -> None:
    tree = page(client, "/documents/letters/beirut", q="رسالة", lang="en")
    assert one(tree, ".where").text() == "2 places in the text"
    for number in (1, 2, 1):
        link = href(tree, ".steps a[rel=next]")
        assert link.endswith(f"#hit-{number}")
        tree = HTMLParser(client.get(link).text)
        assert one(tree, ".where").text() == f"{number} of 2"
        assert one(tree, "mark.current").id == f"hit-{number}"
    assert href(tree, ".steps a[rel=prev]").endswith("#hit-2")
    within = page(client, "/documents/letters/beirut", q="رسالة", within="liberation", lang="en")
    assert [mark.text() for mark in within.css(".text mark")] == ["libération"]
    assert "q=%D8%B1" in href(within, ".back a"), "the way back is kept"
    assert page(client, "/documents/letters/beirut", q="zzzz").css_first(".steps").text().strip()


def test_a_place_beyond_the_last_one_is_the_last(client: httpx.Client) -> None:
    tree = page(client, "/documents/letters/beirut", q="رسالة", hit="99", lang="en")
    assert one(tree, ".where").text() == "2 of 2"
    page(client, "/documents/letters/beirut", 400, hit="x")
    page(client, "/documents/letters/beirut", 400, at="-1")


def test_the_link_to_a_passage_leads_to_its_page(tmp_path: Path) -> None:
    text = "".join(f"Line {n} of the book has a tram.\n\n" for n in range(9000))
    write(tmp_path / "index", [Document(id="book", title="Book", text=text)])
    with (
        served(create_app(tmp_path / "index")) as address,
        httpx.Client(base_url=address) as client,
    ):
        tree = page(client, "/documents/book", page="2", lang="en")
        passage = tree.css(".text p")[5]
        link = href(passage, ".passage")
        assert "page=" not in link
        target = HTMLParser(client.get(link).text)
        assert target.css_first(link[link.index("#") :]).text() == passage.text()
        assert one(target, ".pages a[aria-current=page]").text() == "2"
        tree = page(client, "/documents/book", q="tram", hit="8000", lang="en")
        assert one(tree, "mark.current").id == "hit-8000"
        assert one(tree, ".where").text() == "8,000 of 9,000"
        assert one(tree, ".pages a[aria-current=page]").text() == "3"


def test_similar_documents_are_linked(tmp_path: Path) -> None:
    about = "Barley flour was sold at the bakery near the garrison"
    documents = [Document(id=f"d{n}", title=f"Bread {n}", text=f"{about}, {n}.") for n in range(3)]
    write(tmp_path / "index", [*documents, Document(id="other", text="A tram.")])
    with (
        served(create_app(tmp_path / "index")) as address,
        httpx.Client(base_url=address) as client,
    ):
        links = page(client, "/documents/d1").css(".alike a")
        assert {a.attributes["href"] for a in links} == {"/documents/d0", "/documents/d2"}


@pytest.mark.parametrize("path", ["/?q=letter OR رسالة&lang=ar", "/?lang=fr"])
def test_the_weight_of_the_first_page(client: httpx.Client, path: str) -> None:
    """As it is sent: 120 KB with the script, 40 without it; the font counts both times."""

    def weight(address: str) -> int:
        with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
            return sum(map(len, answer.iter_raw()))

    tree = HTMLParser(client.get(path).text)
    links = tree.css("link[rel=stylesheet], link[rel=icon]")
    fonts = [f"/static/{name}" for name in FILES if name.endswith(".woff2")]
    plain = sum(map(weight, [path, *(a.attributes["href"] or "" for a in links), *fonts]))
    scripts = [a.attributes["src"] or "" for a in tree.css("script")]
    assert len(links) == 2
    assert len(scripts) == len(fonts) == 1
    assert 30_000 < plain < 40_000
    assert plain + sum(map(weight, scripts)) < 120_000


def test_a_field_with_ten_thousand_values_stays_small_and_leads_to_more(tmp_path: Path) -> None:
    documents = [
        Document(id=f"d{n}", text="A tram.", creator=f"Person {n} <b>", collection=f"Box {n % 50}")
        for n in range(10_000)
    ]
    write(tmp_path / "index", documents)
    with (
        served(create_app(tmp_path / "index")) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        for path in ("/?q=tram", "/"):
            answer = client.get(path, headers={"Accept": "text/html"})
            assert len(answer.content) < 60_000
            facet = HTMLParser(answer.text).css_first("#facet-creator")
            assert len(facet.css("li")) == 10
            assert facet.css_first(".others").text() == "and 9,990 more"
            more = HTMLParser(client.get(href(facet, ".others a")).text)
            creators = one(more, "#facet-creator")
            assert len(creators.css("li")) == 100
            assert not creators.css(".others a")
            assert len(one(more, "#facet-collection").css("li")) == 50
        many = "&".join(f"creator=Person+{n}" for n in range(10_000))
        assert client.get(f"/?q=tram&{many[:60_000]}").status_code == 400


def test_a_sign_of_life(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "documents": 29, "commit": 1}


def test_a_slow_query_does_not_hold_up_the_others(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    quick = Searcher.search

    def slow(self: Searcher, query: str, **options: object) -> object:
        if query == "slow":
            begun.set()
            assert go_on.wait(30)
        return quick(self, query, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Searcher, "search", slow)
    thread = threading.Thread(target=client.get, args=("/?q=slow",))
    thread.start()
    try:
        assert begun.wait(10)
        before = time.monotonic()
        assert client.get("/?q=tram").status_code == 200
        assert thread.is_alive()
        assert time.monotonic() - before < 10
    finally:
        go_on.set()
        thread.join()
