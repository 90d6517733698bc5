"""An array that grows at its end."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrayfile import Array


class Growing:
    """Grows by a quarter when it is full, so that adding costs the same however long it is."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self._room = np.empty(256, dtype)
        self._length = 0
        # Whether somebody may still look at what is there, which must not move then.
        self._shown = False

    def __len__(self) -> int:
        return self._length

    def extend(self, values: Any) -> None:
        """Adds values at the end."""
        values = np.asarray(values, self._room.dtype)
        end = self._length + len(values)
        if end > len(self._room):
            size = max(end, len(self._room) * 5 // 4)
            if self._shown:
                room = np.empty(size, self._room.dtype)
                room[: self._length] = self._room[: self._length]
                self._room, self._shown = room, False
            else:
                # Where it is large the system moves its pages, and it is never there twice.
                self._room.resize(size, refcheck=False)
        self._room[self._length : end] = values
        self._length = end

    @property
    def array(self) -> Array:
        """All values so far; good until the next are added."""
        self._shown = True
        return self._room[: self._length]
