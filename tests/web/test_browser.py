"""The page in a real browser. Fihris's pages hold no script, so a page of the tests' own shows them
in a frame, measures them there, and writes down what it found."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fihris.web import create_app
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from .chromium import dom, screenshot
from .serving import served

pytestmark = pytest.mark.slow

_FRAME = """<!DOCTYPE html><title>frame</title>
<iframe id="frame" height="800"></iframe><pre id="found"></pre>
<script>
const asked = new URLSearchParams(location.search);
const frame = document.getElementById("frame");
const clicks = asked.getAll("click");
const found = [];
function box(node) {
  const {left, right, top, width} = node.getBoundingClientRect();
  const style = node.ownerDocument.defaultView.getComputedStyle(node);
  return {
    left, right, top, width, text: node.textContent, direction: style.direction,
    background: style.backgroundColor, image: style.backgroundImage, color: style.color,
  };
}
frame.addEventListener("load", () => {
  const page = frame.contentDocument;
  if (page.URL === "about:blank") return;
  const boxes = {};
  for (const selector of asked.getAll("measure"))
    boxes[selector] = [...page.querySelectorAll(selector)].map(box);
  const root = page.documentElement;
  found.push({url: page.URL, boxes, scroll: root.scrollWidth, client: root.clientWidth});
  document.getElementById("found").textContent = JSON.stringify(found);
  const next = clicks.shift();
  if (next) page.querySelector(next).click();
});
frame.width = asked.get("width") || 1000;
frame.src = asked.get("page");
</script>"""


@pytest.fixture(scope="module")
def site(index_path: Path) -> Iterator[str]:
    """A portal with the search page mounted in it, and the page that measures."""
    routes = [
        Route("/frame", lambda _: HTMLResponse(_FRAME)),
        Mount("/search", create_app(index_path)),
    ]
    with served(Starlette(routes=routes)) as address:
        yield address


def shown(site: str, page: str, *, dark: bool = False, **parameters: Any) -> list[dict[str, Any]]:
    """What is found on a page, and on those that clicks lead to."""
    query = urlencode({"page": f"/search{page}", **parameters}, doseq=True)
    written = dom(f"{site}/frame?{query}", dark=dark)
    match = re.search(r'<pre id="found">(.+?)</pre>', written, re.DOTALL)
    assert match, "the page did not load"
    return json.loads(html.unescape(match[1]))


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_page_is_mirrored_in_arabic(site: str, lang: str) -> None:
    measure = [".name", ".interfaces", "#q", "button", ".question"]
    (page,) = shown(site, f"/?lang={lang}", measure=measure)
    boxes = {selector: found[0] for selector, found in page["boxes"].items()}
    begins = "right" if lang == "ar" else "left"
    assert boxes["#q"]["direction"] == ("rtl" if lang == "ar" else "ltr")
    for first, second in ((".name", ".interfaces"), ("#q", "button")):
        if lang == "ar":
            assert boxes[first]["left"] >= boxes[second]["right"]
        else:
            assert boxes[first]["right"] <= boxes[second]["left"]
    assert boxes[".name"][begins] == pytest.approx(boxes["#q"][begins], abs=1)


def test_results_run_in_their_own_direction(site: str) -> None:
    (page,) = shown(site, "/?lang=fr&q=lettre OR رسالة", measure=[".hits h3", "h3 mark"])
    titles = {box["text"]: box for box in page["boxes"][".hits h3"]}
    assert titles["رسالة من بيروت"]["direction"] == "rtl"
    assert titles["La lettre de l’armée"]["direction"] == "ltr"
    marks = {box["text"]: box for box in page["boxes"]["h3 mark"]}
    arabic, french = marks["رسالة"], marks["lettre"]
    assert arabic["right"] == pytest.approx(titles["رسالة من بيروت"]["right"], abs=2)
    assert french["left"] > titles["La lettre de l’armée"]["left"]


@pytest.mark.parametrize("dark", [False, True])
def test_marks_are_seen_light_and_dark(site: str, dark: bool) -> None:
    (page,) = shown(site, "/?q=letter OR رسالة", dark=dark, measure=["mark", "html"])
    (ground,) = page["boxes"]["html"]
    assert ground["background"] == ("rgb(20, 25, 28)" if dark else "rgb(252, 252, 250)")
    mark = "rgb(92, 74, 18)" if dark else "rgb(251, 233, 165)"
    assert len(page["boxes"]["mark"]) >= 4
    for box in page["boxes"]["mark"]:
        assert mark in (box["background"], *re.findall(r"rgb\([^)]*\)", box["image"]))
        assert box["width"] > 10


@pytest.mark.parametrize("width", [320, 700])
@pytest.mark.parametrize(
    "path", ["/?lang=ar", "/?q=harmful", "/?q=tram", "/documents/letters/beirut"]
)
def test_nothing_is_cut_off_on_a_narrow_screen(site: str, path: str, width: int) -> None:
    (page,) = shown(site, path, width=width)
    assert page["scroll"] <= page["client"]


def test_links_work_where_the_page_is_mounted(site: str) -> None:
    clicks = [".examples a", ".hits h3 a", ".back a", ".interfaces a[lang=ar]", "button", ".name"]
    pages = shown(site, "/?lang=fr", click=clicks, measure=["html", "h1"])
    places = [page["url"].removeprefix(site).partition("?")[0] for page in pages]
    document = places[2]
    assert document.startswith("/search/documents/")
    assert places == [
        "/search/",
        "/search/",
        document,
        "/search/",
        "/search/",
        "/search/",
        "/search/",
    ]
    assert [page["boxes"]["html"][0]["direction"] for page in pages] == ["ltr"] * 4 + ["rtl"] * 3
    assert "q=" in pages[5]["url"], "the button sends the query again"
    assert "q=" not in pages[6]["url"]


def test_stored_script_does_not_run(site: str) -> None:
    for page in ("/?q=harmful", "/?q=<script>document.title='run'</script>"):
        (found,) = shown(site, page, measure=["script", "title", "main"])
        assert found["boxes"]["script"] == []
        assert found["boxes"]["title"][0]["text"] != "run"
        assert found["boxes"]["main"][0]["width"] > 300


def test_a_picture_of_each_interface(site: str, tmp_path: Path) -> None:
    pictures = set()
    for lang in ("ar", "fr", "en"):
        target = tmp_path / f"{lang}.png"
        screenshot(f"{site}/search/?q=letter&lang={lang}", target, size=(800, 600))
        pictures.add(target.read_bytes())
    assert len(pictures) == 3
