"""Debian's chromium without a window: what it makes of a page."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
)
_SECONDS = 90


def dom(url: str) -> str:
    """The page as the browser holds it, written as HTML."""
    return _run(url, "--dump-dom")


def screenshot(url: str, target: Path, *, size: tuple[int, int], dark: bool = False) -> None:
    """A picture (PNG) of the page in a window of a size in pixels."""
    scheme = 0 if dark else 1
    _run(
        url,
        f"--screenshot={target}",
        f"--window-size={size[0]},{size[1]}",
        f"--blink-settings=preferredColorScheme={scheme}",
    )
    assert target.stat().st_size


def _run(url: str, *flags: str) -> str:
    if not CHROMIUM.exists():
        raise AssertionError(
            f"{CHROMIUM} is not there, and these tests need it: apt-get install chromium"
        )
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        done = subprocess.run(
            [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}", *flags, url],
            capture_output=True,
            check=True,
            timeout=_SECONDS,
            text=True,
        )
    return done.stdout
