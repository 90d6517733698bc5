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
    "--run-all-compositor-stages-before-draw",
)
_SECONDS = 90


def dom(url: str, *, dark: bool = False) -> str:
    """The page as the browser holds it some seconds (of its own clock) after loading, as HTML."""
    return _run(url, "--dump-dom", "--virtual-time-budget=10000", _scheme(dark))


def screenshot(url: str, target: Path, *, size: tuple[int, int], dark: bool = False) -> None:
    """A picture (PNG) of the page in a window of a size in pixels."""
    _run(
        url,
        f"--screenshot={target}",
        f"--window-size={size[0]},{size[1]}",
        _scheme(dark),
    )
    assert target.stat().st_size


def _scheme(dark: bool) -> str:
    return f"--blink-settings=preferredColorScheme={0 if dark else 1}"


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
