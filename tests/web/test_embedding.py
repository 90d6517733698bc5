"""The search box for other sites and the frame, as their examples show them, in a real browser."""

from __future__ import annotations

import gzip
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest
from fihris.web import create_app
from fihris.web.files import FILES
from fihris.web.settings import Settings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from ..collections import giant
from .browsing import chromium, expect, opened, violations
from .conftest import write
from .serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_DOCS = Path(__file__).parents[2] / "docs"
_DOC = (_DOCS / "embedding-element.md").read_text(encoding="utf-8")
_PAGE = """<!DOCTYPE html><html lang="en"><head><title>Portal</title>
<script src="{search}/embed.js" defer></script></head><body><main><h1>Portal</h1>{body}</main>
</body></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


class Portal:
    """A site of another origin with one page under a strict policy: an example, or a body alone."""

    def __init__(self) -> None:
        self.body = self.search = self.example = ""

    def page(self, _: Request) -> HTMLResponse:
        search = self.search
        policy = (
            f"default-src 'none'; script-src {search}; connect-src {search}; frame-src {search}"
        )
        content = _PAGE.format(search=search, body=self.body.replace("SEARCH", search))
        if self.example:
            content = (_DOCS / "examples" / self.example).read_text(encoding="utf-8")
            content = content.replace("https://search.example", search)
            policy += f"; form-action {search}"
        return HTMLResponse(content, headers={"Content-Security-Policy": policy})


@pytest.fixture(scope="module")
def portal(index_path: Path) -> Iterator[tuple[Portal, str]]:
    made = Portal()
    with served(Starlette(routes=[Route("/", made.page)])) as address:
        settings = Settings(allowed_origins=(address,), frame_ancestors=(address,))
        with served(create_app(index_path, settings)) as search:
            made.search = search
            yield made, address


@pytest.fixture
def example(portal: tuple[Portal, str]) -> Iterator[tuple[Portal, str]]:
    yield portal
    portal[0].example = ""


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True, False])
def test_the_example_of_a_box(browser: Browser, example: tuple[Portal, str], scripts: bool) -> None:
    made, address = example
    made.example = "element.html"
    with opened(browser, address, java_script_enabled=scripts) as page:
        if scripts:
            page.get_by_role("combobox").fill("رسالة")
            page.get_by_role("combobox").press("Enter")
            expect(page.locator("li.hit")).to_have_count(1)
            assert violations(page) == []
        else:
            page.locator("[name=q]").fill("رسالة")
            page.locator("[name=q]").press("Enter")
            expect(page.locator(".hits > li")).to_have_count(1)
            expect(page.locator("html")).to_have_attribute("lang", "ar")


@pytest.mark.slow
def test_the_example_of_a_frame(browser: Browser, example: tuple[Portal, str]) -> None:
    made, address = example
    made.example = "frame.html"
    with opened(browser, address) as page:
        inside = page.frame_locator("iframe")
        inside.locator("#q").fill("musées")
        inside.locator("#q").press("Enter")
        expect(inside.locator(".hits > li")).to_have_count(1)
        inside.locator(".hits h3 a").click()
        expect(inside.locator("html")).to_have_attribute("lang", "fr")
        expect(inside.locator("h1")).to_contain_text("La lettre")


@pytest.mark.slow
def test_the_example_of_a_form(browser: Browser, example: tuple[Portal, str]) -> None:
    made, address = example
    made.example = "form.html"
    with opened(browser, address) as page:
        page.get_by_label("Search").fill("letter")
        page.get_by_role("button").click()
        expect(page.locator(".hits > li").first).to_be_visible()
        assert page.url.startswith(f"{made.search}/?")


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("element", ["element.html"]),
        ("frame", ["frame.html"]),
        ("mounted", ["starlette_portal.py", "fastapi_portal.py", "django_portal.py"]),
        ("http", ["search.sh", "form.html"]),
    ],
)
def test_the_pages_show_the_examples_as_they_are(page: str, names: list[str]) -> None:
    shown = (_DOCS / f"embedding-{page}.md").read_text(encoding="utf-8")
    overview = (_DOCS / "embedding.md").read_text(encoding="utf-8")
    assert f"(embedding-{page}.md)" in overview
    for name in names:
        example = (_DOCS / "examples" / name).read_text(encoding="utf-8")
        assert f"\n{example}```\n" in shown
        assert f"(examples/{name})" in shown
        assert f"(examples/{name})" in overview


def test_the_lines_for_curl_get_what_they_say(address: str) -> None:
    program = (_DOCS / "examples" / "search.sh").read_text(encoding="utf-8")
    program = program.replace("https://search.example", address)
    program = program.replace("seeds/essays/rayak-ar.md", "letters/beirut")
    done = subprocess.run(
        ["sh", "-e"], input=program, capture_output=True, text=True, timeout=60, check=True
    )
    found, document = msgspec.json.decode("[" + done.stdout.replace("}{", "},{") + "]")
    assert found["query"] == "جيش التحرير"
    assert document["id"] == "letters/beirut"


@pytest.mark.slow
def test_two_boxes_under_a_strict_policy(browser: Browser, portal: tuple[Portal, str]) -> None:
    made, address = portal
    made.body = (
        '<fihris-search src="SEARCH/" lang="ar" limit="3"></fihris-search>'
        '<fihris-search lang="fr" language="fr"></fihris-search>'
    )
    with opened(browser, address) as page:
        arabic, french = page.locator("fihris-search").nth(0), page.locator("fihris-search").nth(1)
        arabic.get_by_role("combobox").fill("رسالة")
        arabic.get_by_role("combobox").press("Enter")
        hit = arabic.locator("li.hit")
        expect(hit).to_have_count(1)
        expect(hit.locator("a mark")).to_have_text("رسالة")
        expect(arabic.get_by_role("status")).to_have_text("وثيقة واحدة")
        assert arabic.locator("form").evaluate("e => getComputedStyle(e).direction") == "rtl"
        box, button = (arabic.locator(name).bounding_box() for name in ("input", "button"))
        assert box is not None
        assert button is not None
        assert button["x"] < box["x"]
        expect(french.locator("li.hit")).to_have_count(0)
        french.get_by_role("combobox").fill("letter OR lettre")
        french.get_by_role("button").click()
        expect(french.locator("li.hit")).to_have_count(1)
        assert violations(page) == []
        hit.locator("a").click()
        page.wait_for_url(re.compile("/documents/letters/beirut"))


@pytest.mark.slow
def test_a_box_by_keyboard(browser: Browser, portal: tuple[Portal, str]) -> None:
    made, address = portal
    made.body = "<fihris-search></fihris-search>"
    with opened(browser, address) as page:
        page.keyboard.press("Tab")
        page.keyboard.type("harm")
        field = page.get_by_role("combobox")
        expect(page.get_by_role("option").first).to_have_text("harmful")
        page.keyboard.press("ArrowDown")
        expect(field).to_have_value("harmful")
        page.keyboard.press("Enter")
        expect(page.locator("li.hit")).to_have_count(1)
        # The document wants to do harm in each of its fields.
        expect(page.locator("li.hit script, li.hit b, li.hit img")).to_have_count(0)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/documents/\?id="))
        expect(page.locator("h1")).to_contain_text("Harmful letter")
    with opened(browser, address) as page:
        # A title that is suggested leads to its document.
        page.get_by_role("combobox").press_sequentially("la lett")
        expect(page.get_by_role("option", name="La lettre de l’armée")).to_be_visible()
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("combobox")).to_have_value("La lettre de l’armée")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/documents/lettre-fr"))
    with opened(browser, address) as page:
        page.get_by_role("combobox").fill("harmfull")
        page.get_by_role("combobox").press("Enter")
        page.get_by_role("status").get_by_role("link", name="harmful").click()
        expect(page.get_by_role("combobox")).to_have_value("harmful")
        page.get_by_role("link", name="All results").click()
        expect(page.locator(".hits > li")).to_have_count(1)


@pytest.mark.slow
def test_a_box_says_what_is_too_much(browser: Browser, tmp_path: Path) -> None:
    document, phrase = giant()
    write(tmp_path / "index", [document])
    made = Portal()
    with served(Starlette(routes=[Route("/", made.page)])) as address:
        settings = Settings(allowed_origins=(address,))
        with served(create_app(tmp_path / "index", settings)) as made.search:
            for lang, said in (("en", "At least 1"), ("fr", "Au moins 1"), ("ar", "على الأقل")):
                made.body = f'<fihris-search lang="{lang}"></fihris-search>'
                with opened(browser, address) as page:
                    box = page.locator("fihris-search")
                    box.evaluate("(box, query) => box.search(query)", phrase)
                    expect(box.get_by_role("status")).to_contain_text(said)
                    box.evaluate("(box, query) => box.search(query)", "w1 w2")
                    expect(box.get_by_role("status")).not_to_contain_text(said)


@pytest.mark.slow
def test_a_frame_where_it_is_allowed(browser: Browser, portal: tuple[Portal, str]) -> None:
    made, address = portal
    made.body = '<iframe src="SEARCH/?lang=fr&amp;q=musées" title="Recherche"></iframe>'
    with opened(browser, address) as page:
        inside = page.frame_locator("iframe")
        expect(inside.locator(".hits > li")).to_have_count(1)
    elsewhere = address.replace("127.0.0.1", "localhost")
    context = browser.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    expect(page.frame_locator("iframe").locator(".hits")).to_have_count(0)
    context.close()


def test_the_script_is_small_and_needs_nothing_inline() -> None:
    content = FILES["embed.js"].content
    assert len(gzip.compress(content)) < 15 * 1024
    text = content.decode()
    for refused in ("innerHTML", "eval(", "new Function", ".style.", "<style", "document.write"):
        assert refused not in text


def test_it_is_served_to_other_sites(client: httpx.Client) -> None:
    answer = client.get("/embed.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_documentation_names_all_variables_parts_and_attributes() -> None:
    script = FILES["embed.js"].content.decode()
    variables = set(re.findall(r"var\((--fihris-[\w-]+)", script))
    parts = set(re.findall(r'part: "(\w+)"', script))
    attributes = set(re.findall(r'[gh][ea][ts]Attribute\("(\w+)"', script)) | {"dark"}
    for name in variables | parts | attributes:
        assert f"`{name}`" in _DOC, name
