"""Putting a text together from the pieces of a marked-up document."""

from __future__ import annotations

#: What may stand between two pieces, the weakest first: where several meet, the strongest wins.
NOTHING, SPACE, CELL, LINE, PARAGRAPH = range(5)
_WRITTEN = ("", " ", " | ", "\n", "\n\n")


class Flow:
    """Collects pieces of text and writes one gap between two, however many were asked for."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._gap = NOTHING

    def gap(self, gap: int) -> None:
        """Ask for a gap before the next piece; none is written at the start or the end."""
        self._gap = max(self._gap, gap)

    def add(self, text: str) -> None:
        """Add a piece as it stands."""
        if self._pieces:
            self._pieces.append(_WRITTEN[self._gap])
        self._pieces.append(text)
        self._gap = NOTHING

    def add_collapsed(self, text: str) -> None:
        """Add a piece with its white space put as single spaces."""
        words = text.split()
        if text[:1].isspace():
            self.gap(SPACE)
        if words:
            self.add(" ".join(words))
            if text[-1].isspace():
                self.gap(SPACE)

    def text(self) -> str:
        """All pieces with their gaps."""
        return "".join(self._pieces)
