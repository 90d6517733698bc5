"""Byte strings one after another as one array, and where each begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .arrayfile import Array


def offset_type(total: int) -> np.dtype[Any]:
    """The smallest unsigned type for offsets up to the total."""
    return np.dtype(np.uint32 if total < 2**32 else np.uint64)


def offsets_of(lengths: Array) -> Array:
    """Where each of some parts of these lengths begins, and the last one ends."""
    offsets = np.zeros(len(lengths) + 1, offset_type(int(lengths.sum(dtype=np.int64))))
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def blob_of(encoded: Sequence[bytes]) -> tuple[Array, Array]:
    """Byte strings as one array, and their offsets (one more than strings)."""
    blob = np.frombuffer(b"".join(encoded), np.uint8)
    return blob, offsets_of(np.fromiter(map(len, encoded), np.int64, len(encoded)))
