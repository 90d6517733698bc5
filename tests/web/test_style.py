from __future__ import annotations

import re
from itertools import product

import pytest
from fihris.web.files import FILES
from fihris.web.views import _BADGES

_CSS = FILES["style.css"].content.decode()
_COLOUR = re.compile(r"--([\w-]+): #([0-9a-f]{6});")


def _schemes() -> dict[str, dict[str, str]]:
    light, dark, *_ = re.findall(r":root \{(.*?)\}", _CSS, re.DOTALL)
    return {
        "light": dict(_COLOUR.findall(light)),
        "dark": dict(_COLOUR.findall(light)) | dict(_COLOUR.findall(dark)),
    }


def _luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


_PAIRS = [
    *product(("ink", "quiet", "link", "visited"), ("paper", "tint", "field")),
    ("on-accent", "accent"),
    ("on-mark", "mark"),
    ("on-current", "current"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), _PAIRS)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    colours = _schemes()[scheme]
    assert _contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_and_focus_stand_out(scheme: str) -> None:
    colours = _schemes()[scheme]
    assert colours["mark"] != colours["paper"]
    assert _contrast(colours["accent"], colours["paper"]) >= 3


def test_the_page_is_mirrored_by_the_browser() -> None:
    """Left and right are never named, so that nothing stays behind in an Arabic page."""
    assert not re.search(r"\b(left|right)\b", re.sub(r"/\*.*?\*/", "", _CSS, flags=re.DOTALL))


def test_no_other_rule_meets_a_badge() -> None:
    """A rule for all of a class has once made the badge of similar spellings a heading."""
    kinds = set(_BADGES.values())
    assert len(kinds) == 6
    for kind in kinds:
        assert not re.search(rf"(?:^|[\s,]){re.escape('.' + kind)}[\s,{{:]", _CSS), kind
