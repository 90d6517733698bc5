"""Pictures of means and differences, each a point with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from fihris.indexer.errors import InputError
from matplotlib.figure import Figure

from .statistics import Mean

_BLUE, _GREY, _RED = "#1f5a94", "#8a8a8a", "#b3382c"
_COLUMNS = 3
# The same figures give the same file, and text stays text.
_STYLE = {"svg.hashsalt": "fihris", "svg.fonttype": "none", "font.size": 9}


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a picture: in which panel, in which line, and where."""

    panel: str
    line: str
    mean: Mean


def draw(points: Sequence[Point], path: Path, title: str, *, differences: bool) -> None:
    """Draws panels, three in a row, that share their lines.

    Args:
        path: its suffix tells the format: .svg, .png, .pdf.
        differences: of two runs: a line at 0, and colours for what is surely above or below it.

    Raises InputError when the picture cannot be written.
    """
    panels = list(dict.fromkeys(point.panel for point in points))
    lines = list(dict.fromkeys(point.line for point in points))
    with mpl.rc_context(_STYLE):
        columns = min(len(panels), _COLUMNS)
        rows = -(-len(panels) // columns)
        figure = Figure(
            figsize=(1.4 + 2.1 * columns, 0.5 + rows * (0.5 + 0.2 * len(lines))),
            layout="constrained",
        )
        axes = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
        for axis in axes[len(panels) :]:
            axis.remove()
        for panel, axis in zip(panels, axes, strict=False):
            axis.set_title(panel, fontsize=9)
            axis.set_yticks(range(len(lines)), lines)
            axis.set_ylim(len(lines) - 0.5, -0.5)
            axis.grid(axis="x", color="#dddddd", linewidth=0.6)
            axis.spines[["top", "right", "left"]].set_visible(False)
            axis.tick_params(axis="y", length=0)
            axis.locator_params(axis="x", nbins=4)
            if differences:
                axis.axvline(0, color="black", linewidth=0.8)
            for point in points:
                if point.panel == panel:
                    _place(axis, lines.index(point.line), point.mean, differences=differences)
        figure.suptitle(title, fontsize=10)
        try:
            figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
        except (OSError, ValueError) as error:
            raise InputError(str(path), f"cannot be drawn: {error}", "try .svg or .png") from error


def _place(axis: mpl.axes.Axes, row: int, mean: Mean, *, differences: bool) -> None:
    colour = _BLUE
    if differences and mean.low <= 0 <= mean.high:
        colour = _GREY
    elif differences and mean.high < 0:
        colour = _RED
    axis.plot([mean.low, mean.high], [row, row], color=colour, linewidth=1.4)
    axis.plot(mean.value, row, "o", color=colour, markersize=3.5)
