"""Debian's chromium, driven by Playwright."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Only the slow tests need it, and it is large: whoever runs the others does without.
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
_AXE = "axe_playwright_python"


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, without a window."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        raise AssertionError(
            f"{CHROMIUM} is not there, and these tests need it: apt-get install chromium"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page of a new profile. Whatever the browser complains of on the way is an error: scripts
    that fail, and what the Content Security Policy refuses.

    Args:
        options: of Playwright's new_context: color_scheme, viewport, java_script_enabled …
    """
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
    context.set_default_timeout(15_000)
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda told: (
            complaints.append(told.text)
            if told.type == "error" and not re.search(r"status of (400|404|503)", told.text)
            else None
        ),
    )
    try:
        page.goto(address)
        yield page
        assert complaints == []
    finally:
        context.close()


def expect(target: Any) -> Any:
    """Playwright's assertions, which wait until they hold."""
    from playwright.sync_api import expect as expected

    return expected(target)


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and its own best practices."""
    page.evaluate(resources.files(_AXE).joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{each['id']}: {node['html']} {node.get('failureSummary')}"
        for each in found
        for node in each["nodes"]
    ]
