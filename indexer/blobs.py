"""Byte strings one after another as one array, and where each begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .arrayfile import Array


def offset_type(total: int) -> np.dtype[Any]:
    """The smallest unsigned type for offsets up to the total."""
    return np.dtype(np.uint32 if total < 2**32 else np.uint64)


def blob_of(encoded: Sequence[bytes]) -> tuple[Array, Array]:
    """Byte strings as one array, and their offsets (one more than strings)."""
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
    blob = np.frombuffer(b"".join(encoded), np.uint8)
    return blob, offsets.astype(offset_type(int(offsets[-1])))
