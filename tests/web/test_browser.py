"""The pages in a real browser: in three languages, with and without JavaScript, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from fihris.indexer import Document
from fihris.web import create_app
from fihris.web.wording import CATALOGUE, INTERFACES, Wording
from starlette.applications import Starlette
from starlette.routing import Mount

from .browsing import chromium, expect, opened, violations
from .conftest import write
from .serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

_PAGES = {
    "welcome": "/?",
    "results": "/?q=letter OR رسالة OR lettre OR tram&sort=newest",
    "chosen": "/?q=letter OR رسالة&language=ar&from=1940&to=1950",
    "nothing": "/?q=zzzzqqqq&language=fr",
    "document": "/documents/letters/beirut?q=رسالة&hit=2",
    "harmful": "/?q=harmful",
    "problem": "/documents/none?",
    "wrong": "/?q=tram&from=1950&to=1940",
    "beyond": "/?q=tram&page=99",
    "corrected": "/?q=harmfull",
    "pages": "/?q=tram&page=2&facets=100",
    "untitled": "/documents/untitled?",
}

# A line of so many ems holds some ninety letters, and the eye finds the next one.
_LINE = 48


@pytest.fixture(scope="module")
def site(index_path: Path) -> Iterator[str]:
    """Where the search page is mounted in a portal."""
    with served(Starlette(routes=[Mount("/search", create_app(index_path))])) as address:
        yield f"{address}/search"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("lang", INTERFACES)
def test_from_the_first_page_to_a_document_and_back(
    browser: Browser, site: str, lang: str, scripts: bool
) -> None:
    words = CATALOGUE[lang]
    with opened(browser, f"{site}/?lang={lang}", java_script_enabled=scripts) as page:
        page.get_by_label(words["query"]).fill("musées OR رسالة")
        page.get_by_role("button", name=words["search"], exact=True).click()
        expect(page.locator(".hits > li")).to_have_count(2)
        page.locator(".facet a", has_text=Wording(lang).language("ar")).click()
        expect(page.locator(".hits > li")).to_have_count(1)
        assert "language=ar" in page.url
        page.locator(".hits h3 a").click()
        expect(page.locator("h1 mark")).to_have_text("رسالة")
        page.get_by_role("link", name=words["hit-next"]).click()
        page.get_by_role("link", name=words["hit-next"]).click()
        expect(page.locator("mark.current")).to_have_text("الرسالة")
        assert page.url.endswith("#hit-2")
        assert "hit=2" in page.url
        page.locator("#within").fill("liberation")
        page.locator("#within").press("Enter")
        expect(page.locator(".text mark")).to_have_text("libération")
        page.get_by_role("link", name=words["back"]).click()
        expect(page.locator(".hits > li")).to_have_count(1)
        page.locator(".chips a").first.click()
        expect(page.locator(".hits > li")).to_have_count(2)
        expect(page.locator("html")).to_have_attribute("lang", lang)


def test_years_are_chosen_from_the_histogram_and_by_hand(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/?q=رسالة&lang=en") as page:
        page.locator(".histogram a").click()
        assert "from=1947&to=1947" in page.url
        expect(page.locator(".hits > li")).to_have_count(1)
        page.get_by_label(CATALOGUE["en"]["year-from"], exact=True).fill("1950")
        page.get_by_label(CATALOGUE["en"]["year-to"], exact=True).fill("1960")
        page.get_by_role("button", name=CATALOGUE["en"]["apply"]).click()
        expect(page.locator("h1")).to_contain_text(CATALOGUE["en"]["nothing"].split("{")[0])


@pytest.mark.parametrize(
    ("lang", "typed", "whole"), [("en", "harm", "harmful"), ("ar", "بيرو", "بيروت")]
)
def test_suggestions_by_keyboard(
    browser: Browser, site: str, lang: str, typed: str, whole: str
) -> None:
    with opened(browser, f"{site}/?lang={lang}") as page:
        field = page.get_by_role("combobox")
        field.press_sequentially(typed)
        option = page.get_by_role("option").first
        expect(option).to_have_text(whole)
        expect(field).to_have_attribute("aria-expanded", "true")
        # A word and the title of a document.
        expect(page.get_by_role("option")).to_have_count(2)
        told = {"en": "2 suggestions", "ar": CATALOGUE["ar"]["suggestions.two"]}
        expect(page.locator("[role=status]")).to_have_text(told[lang])
        field.press("ArrowDown")
        expect(field).to_have_value(whole)
        expect(option).to_have_attribute("aria-selected", "true")
        expect(field).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
        assert violations(page) == []
        field.press("ArrowDown")
        field.press("ArrowDown")
        expect(field).to_have_value(typed)
        field.press("ArrowUp")
        field.press("Escape")
        expect(field).to_have_value(typed)
        expect(field).to_have_attribute("aria-expanded", "false")
        expect(page.get_by_role("option")).to_have_count(0)
        field.press("ArrowDown")
        expect(option).to_be_visible()
        field.press("ArrowDown")
        field.press("Enter")
        page.wait_for_url(re.compile("q="))
        assert unquote(page.url).split("q=")[1].startswith(whole)


@pytest.mark.parametrize("by_key", [True, False])
def test_a_title_that_is_suggested_leads_to_its_document(
    browser: Browser, site: str, by_key: bool
) -> None:
    with opened(browser, f"{site}/?lang=fr") as page:
        field = page.get_by_role("combobox")
        field.press_sequentially("la lett")
        title = page.get_by_role("option", name="La lettre de l’armée")
        expect(title).to_be_visible()
        if by_key:
            field.press("ArrowUp")
            expect(field).to_have_value("La lettre de l’armée")
            field.press("Enter")
        else:
            title.click()
        page.wait_for_url(re.compile("/documents/"))
        expect(page.locator("h1")).to_contain_text("La lettre de l’armée")
        assert "lang=fr" in page.url


def test_the_whole_way_by_keyboard_alone(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/?lang=en") as page:
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_class("skip")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        _tab_to(page, "#q")
        page.keyboard.type("رسالة")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("q="))
        _tab_to(page, ".hits h3 a")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/documents/"))
        page.keyboard.press("n")
        expect(page.locator("#hit-1")).to_be_focused()


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== document.body"), "focus is never lost"
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_from_place_to_place_by_key_and_button(browser: Browser, site: str) -> None:
    words = CATALOGUE["en"]
    with opened(browser, f"{site}/documents/letters/beirut?q=رسالة&lang=en") as page:
        where = page.locator(".where")
        expect(where).to_have_text("2 places in the text")
        page.keyboard.press("n")
        expect(where).to_have_text("1 of 2")
        assert page.url.endswith("#hit-1")
        page.get_by_role("link", name=words["hit-next"]).click()
        expect(where).to_have_text("2 of 2")
        page.keyboard.press("n")
        expect(where).to_have_text("1 of 2")
        page.keyboard.press("p")
        expect(where).to_have_text("2 of 2")
        page.reload()
        expect(page.locator("mark.current")).to_have_text("الرسالة")
        page.locator("#within").press("n")
        expect(where).to_have_text("2 of 2")


def test_a_passage_and_a_citation_to_take_along(browser: Browser, site: str) -> None:
    words, permissions = CATALOGUE["en"], ["clipboard-read", "clipboard-write"]
    address = f"{site}/documents/letters/beirut?lang=en"
    with opened(browser, address, permissions=permissions) as page:
        page.get_by_role("button", name=words["copy"]).click()
        expect(page.locator(".copy")).to_have_text(words["copied"])
        copied = page.evaluate("navigator.clipboard.readText()")
        for part in ("ألكسي", "رسالة من بيروت", "1947-03-02", f"{site}/documents/letters/beirut"):
            assert part in copied
        link = page.get_by_role("link", name=words["passage"]).nth(1)
        link.focus()
        link.press("Enter")
        page.wait_for_url(re.compile("#c"))
        expect(page.locator(":target")).to_contain_text("NKVD")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", INTERFACES)
@pytest.mark.parametrize("name", _PAGES)
def test_axe_finds_nothing(browser: Browser, site: str, name: str, lang: str, scheme: str) -> None:
    address = f"{site}{_PAGES[name]}&lang={lang}"
    with opened(browser, address, color_scheme=scheme) as page:
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", INTERFACES)
def test_axe_finds_nothing_while_the_index_is_away(
    browser: Browser, tmp_path: Path, lang: str, scheme: str
) -> None:
    with (
        served(create_app(tmp_path / "none")) as address,
        opened(browser, f"{address}/?lang={lang}", color_scheme=scheme) as page,
    ):
        expect(page.locator("h1")).to_have_text(CATALOGUE[lang]["problem-503"])
        assert violations(page) == []


def test_exactly_this_word_is_one_click(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/?lang=en&q=letters") as page:
        expect(page.locator(".badge.form").first).to_be_visible()
        page.locator(".strictly a", has_text="letters").click()
        assert unquote(page.url).endswith('q="letters"&lang=en')
        expect(page.locator("h1")).to_contain_text("No document found")


def test_a_document_with_many_places_is_one_hit_that_leads_to_them(
    browser: Browser, tmp_path: Path
) -> None:
    text = "\n\n".join(f"Line {n}: the tram came late again." for n in range(40))
    write(tmp_path / "index", [Document(id="book", title="Book", text=text, language="en")])
    with (
        served(create_app(tmp_path / "index")) as address,
        opened(browser, f"{address}/?lang=en&q=tram") as page,
    ):
        expect(page.locator(".hits > li")).to_have_count(1)
        assert page.locator(".snippet").count() <= 3
        page.get_by_role("link", name="40 places in the text").click()
        expect(page.locator(".where")).to_have_text("1 of 40")
        expect(page.locator("mark.current")).to_have_count(1)


@pytest.mark.parametrize("lang", ["ar", "fr"])
@pytest.mark.parametrize("name", _PAGES)
def test_nothing_is_cut_off_at_four_times_the_size(
    browser: Browser, site: str, name: str, lang: str
) -> None:
    # 1280 pixels at 400 % are 320.
    viewport = {"width": 320, "height": 640}
    with opened(browser, f"{site}{_PAGES[name]}&lang={lang}", viewport=viewport) as page:
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("name", ["results", "document"])
def test_lines_can_be_read_on_a_wide_screen(
    browser: Browser, site: str, name: str, lang: str
) -> None:
    viewport = {"width": 2560, "height": 1440}
    with opened(browser, f"{site}{_PAGES[name]}&lang={lang}", viewport=viewport) as page:
        widths = page.evaluate(
            """[...document.querySelectorAll(".text p, .snippet")].map(each =>
                each.getBoundingClientRect().width / parseFloat(getComputedStyle(each).fontSize))"""
        )
        assert widths
        assert max(widths) <= _LINE
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_page_is_mirrored_in_arabic(browser: Browser, site: str, lang: str) -> None:
    def box(page: Page, selector: str) -> dict[str, float]:
        found = page.locator(selector).first.bounding_box()
        assert found is not None
        return {"left": found["x"], "right": found["x"] + found["width"]}

    with opened(browser, f"{site}/?q=musées OR رسالة&lang={lang}") as page:
        for first, second in (
            (".name", ".interfaces"),
            ("#q", ".row button"),
            (".hits", ".refine"),
        ):
            one, other = box(page, first), box(page, second)
            if lang == "ar":
                assert one["left"] >= other["right"]
            else:
                assert one["right"] <= other["left"]
        titles = page.locator(".hits h3")
        directions = titles.evaluate_all("all => all.map(e => getComputedStyle(e).direction)")
        assert sorted(directions) == ["ltr", "rtl"]


@pytest.mark.parametrize("lang", INTERFACES)
@pytest.mark.parametrize("name", ["welcome", "results", "document"])
def test_nothing_moves_while_a_page_loads_and_nothing_comes_from_elsewhere(
    browser: Browser, site: str, name: str, lang: str
) -> None:
    asked: list[str] = []
    with opened(browser, "about:blank") as page:
        page.on("request", lambda request: asked.append(request.url))
        page.add_init_script(
            "window.shift = 0; new PerformanceObserver((list) => {"
            "for (const each of list.getEntries()) window.shift += each.value;"
            "}).observe({type: 'layout-shift', buffered: true});"
        )
        # Not at a place of the text, so that the browser does not hide what moves by scrolling.
        path = _PAGES[name].replace("&hit=2", "")
        page.goto(f"{site}{path}&lang={lang}", wait_until="networkidle")
        assert page.evaluate("window.shift") < 0.005
        if name != "welcome":
            # Texts in Arabic have their font though the reader has never been here.
            assert _set_in_our_font(page, "h1[dir=rtl], h3[dir=rtl]") > 0.7
            text = ".snippet[dir=rtl]" if name == "results" else ".text p[dir=rtl]"
            assert _set_in_our_font(page, text) > 0.7
    assert len(asked) >= 3
    assert all(url.startswith(site) for url in asked)
    # Not loaded for nothing: the welcome page shows no text of a document.
    assert any(".woff2" in url for url in asked) == (name != "welcome" or lang == "ar")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", ["/?q=tram", "/documents/lettre-fr?q=lettre", "/documents/none?"])
def test_pages_without_arabic_load_no_font_for_it(
    browser: Browser, site: str, path: str, lang: str
) -> None:
    asked: list[str] = []
    with opened(browser, "about:blank") as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site}{path}&lang={lang}", wait_until="networkidle")
        assert page.locator("link[rel=preload]").count() == 0
    assert any("style.css" in url for url in asked)
    assert not any(".woff2" in url for url in asked)


def _set_in_our_font(page: Page, selector: str) -> float:
    """The share of the letters of an element, spaces included, that a font of the page draws."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    ours = sum(each["glyphCount"] for each in used if each["isCustomFont"])
    return ours / sum(each["glyphCount"] for each in used)


def test_reduced_motion_and_paper(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/documents/letters/beirut?q=رسالة") as page:
        motion = "getComputedStyle(document.documentElement).scrollBehavior"
        assert page.evaluate(motion) == "smooth"
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(motion) == "auto"
        page.emulate_media(media="print")
        expect(page.locator(".text p").first).to_be_visible()
        for hidden in (".tools", ".interfaces", ".passage", "footer"):
            expect(page.locator(hidden).first).to_be_hidden()


def test_stored_and_reflected_script_do_not_run(browser: Browser, site: str) -> None:
    harmful = "<script>document.title='run'</script>"
    for path in (
        "/?q=harmful",
        f"/?q={harmful}",
        f"/?q=tram&creator={harmful}",
        f"/documents/none?q={harmful}",
        "/documents/?id=../a b/%22<script>alert(1)</script>",
    ):
        with opened(browser, f"{site}{path}") as page:
            assert page.title() != "run"
            assert page.locator("script:not([src])").count() == 0
