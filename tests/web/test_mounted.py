"""The search page in applications of other frameworks, as docs/examples shows them, for real."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from .browsing import chromium, expect, opened
from .serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
_PORTALS = [
    pytest.param("starlette_portal", "app"),
    # What only these tests need comes with the extra of the slow ones.
    pytest.param("fastapi_portal", "app", marks=pytest.mark.slow),
    pytest.param("django_portal", "application", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


_made: dict[str, Any] = {}


def _portal(name: str, variable: str, index: Path) -> Any:
    """The application of an example, made once: Django allows no more."""
    if name not in _made:
        program = (_EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
        assert '"fihris-index"' in program
        specification = importlib.util.spec_from_loader(name, loader=None)
        assert specification is not None
        module = importlib.util.module_from_spec(specification)
        # Django looks its addresses up by the name of their module.
        sys.modules[name] = module
        exec(program.replace('"fihris-index"', repr(str(index))), module.__dict__)
        _made[name] = getattr(module, variable)
    return _made[name]


@pytest.mark.parametrize("root_path", ["", "/city"])
@pytest.mark.parametrize(("name", "variable"), _PORTALS)
def test_all_links_stay_under_the_path(
    index_path: Path, name: str, variable: str, root_path: str
) -> None:
    # A proxy takes /city off, and the server is told of it.
    with (
        served(_portal(name, variable, index_path), root_path=root_path) as address,
        httpx.Client(base_url=address, follow_redirects=False) as client,
    ):
        home = client.get("/")
        assert home.status_code == 200
        assert "City portal" in home.text
        for path in ("/archive/", "/archive/?q=tram", "/archive/documents/letters/beirut?q=رسالة"):
            page = client.get(path, headers={"Accept": "text/html"})
            assert page.status_code == 200
            assert "default-src 'none'" in page.headers["content-security-policy"]
            tree = HTMLParser(page.text)
            links = {
                node.attributes[name] or ""
                for name in ("href", "src", "action")
                for node in tree.css(f"[{name}]")
            }
            own = [link for link in links if not link.startswith(("#", "http"))]
            assert len(own) > 5
            for link in own:
                assert link.startswith(f"{root_path}/archive/"), link
                answer = client.get(link.removeprefix(root_path))
                assert answer.status_code == 200, link
        described = client.get("/archive/openapi.json").json()
        assert described["servers"] == [{"url": f"{root_path}/archive"}]
        found = client.get("/archive/api/v1/search?q=tram").json()
        assert found["total"] == 25
        missing = client.get("/archive/documents/none")
        assert missing.status_code == 404
        assert f'href="{root_path}/archive/' in missing.text


@pytest.mark.slow
@pytest.mark.parametrize(("name", "variable"), _PORTALS)
def test_from_the_portal_to_a_document(
    browser: Browser, index_path: Path, name: str, variable: str
) -> None:
    with (
        served(_portal(name, variable, index_path)) as address,
        opened(browser, address, locale="en") as page,
    ):
        page.get_by_role("link", name="The archive").click()
        page.get_by_role("combobox").fill("رسالة")
        page.get_by_role("combobox").press("Enter")
        page.locator(".hits h3 a").click()
        expect(page.locator("h1 mark")).to_have_text("رسالة")
        assert page.url.startswith(f"{address}/archive/documents/")
