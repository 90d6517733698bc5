"""Takes the pictures in docs/images: python -m docs.screenshots [FOLDER]

Needs Debian's chromium, Playwright (`fihris[browser]`) and fonts-noto-core. With a FOLDER it puts
more of them there, dark and narrow ones too, to be looked at.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from fihris.indexer import Index
from fihris.indexer.ingest import index_paths
from fihris.web import create_app

from tests.web.browsing import chromium, opened
from tests.web.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ROOT = Path(__file__).parent.parent
_QUERIES = {"ar": "جيش التحرير", "fr": "armee de liberation", "en": "Vlasov repatriated"}
_WIDE, _NARROW = (1100, 900), (400, 900)


def main(others: Path | None) -> None:
    """Indexes the seeds, serves them, and takes the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        with Index.create(Path(folder) / "index") as index:
            index_paths(index, [_ROOT / "seeds"])
        with served(create_app(index)) as address, chromium() as browser:
            for lang, query in _QUERIES.items():
                page = f"{address}/?lang={lang}&q={quote(query)}"
                _picture(browser, page, _ROOT / "docs" / "images" / f"search-{lang}.png", _WIDE)
                if others:
                    _others(browser, address, lang, page, others)
            document = f"{address}/documents/seeds/essays/rayak-ar.md?lang=en&hit=2&q="
            _picture(
                browser,
                document + quote("مطار Normandie"),
                _ROOT / "docs" / "images" / "document.png",
                _WIDE,
            )


def _others(browser: Browser, address: str, lang: str, page: str, folder: Path) -> None:
    pages = {
        "empty": f"{address}/?lang={lang}",
        "results": page,
        "chosen": f"{page}&language=fr&language=ar&from=1944&to=1948&sort=newest",
        "document": f"{address}/documents/seeds/letters/chat-fr.md?lang={lang}&q=chat",
        "similar": f"{address}/?lang={lang}&q={quote('مكتبة')}",
        "nothing": f"{address}/?lang={lang}&q=zzzzqqqq&language=fr",
        "problem": f"{address}/documents/none?lang={lang}",
    }
    for name, url in pages.items():
        _picture(browser, url, folder / f"{name}-{lang}.png", _WIDE)
        _picture(browser, url, folder / f"{name}-{lang}-dark.png", _WIDE, "dark")
        _picture(browser, url, folder / f"{name}-{lang}-narrow.png", _NARROW)


def _picture(
    browser: Browser,
    url: str,
    target: Path,
    size: tuple[int, int],
    scheme: Literal["light", "dark"] = "light",
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with opened(browser, url, viewport=viewport, color_scheme=scheme) as page:
        page.evaluate("document.fonts.ready")
        page.screenshot(path=target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
