"""Takes the pictures in docs/images: python -m docs.screenshots [FOLDER]

Needs Debian's chromium and, for the Arabic, fonts-noto-core. With a FOLDER it puts more of them
there, dark and narrow ones too, to be looked at.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from fihris.indexer import Index
from fihris.indexer.ingest import index_paths
from fihris.web import create_app

from tests.web.chromium import screenshot
from tests.web.serving import served

_ROOT = Path(__file__).parent.parent
_QUERIES = {"ar": "جيش التحرير", "fr": "armee de liberation", "en": "Vlasov repatriated"}
_WIDE, _NARROW = (1000, 900), (400, 900)


def main(others: Path | None) -> None:
    """Indexes the seeds, serves them, and takes the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        with Index.create(Path(folder) / "index") as index:
            index_paths(index, [_ROOT / "seeds"])
        with served(create_app(index)) as address:
            for lang, query in _QUERIES.items():
                page = f"{address}/?lang={lang}&q={quote(query)}"
                target = _ROOT / "docs" / "images" / f"search-{lang}.png"
                screenshot(page, target, size=_WIDE)
                if others:
                    _others(address, lang, page, others)


def _others(address: str, lang: str, page: str, folder: Path) -> None:
    document = (
        f"{address}/documents/seeds/essays/rayak-ar.md?lang={lang}&q={quote('مطار Normandie')}"
    )
    pages = {
        "empty": f"{address}/?lang={lang}",
        "results": page,
        "document": document,
        "similar": f"{address}/?lang={lang}&q={quote('مكتبة')}",
        "nothing": f"{address}/?lang={lang}&q=zzzzqqqq&language=fr",
        "problem": f"{address}/documents/none?lang={lang}",
    }
    for name, url in pages.items():
        screenshot(url, folder / f"{name}-{lang}.png", size=_WIDE)
        screenshot(url, folder / f"{name}-{lang}-dark.png", size=_WIDE, dark=True)
        screenshot(url, folder / f"{name}-{lang}-narrow.png", size=_NARROW)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
