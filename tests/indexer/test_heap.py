"""What was freed goes back to the system."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from fihris.indexer import heap


def held() -> int:
    """Kilobytes of this process that are no pages of files."""
    found = re.search(r"RssAnon:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


@pytest.mark.skipif(heap._glibc() is None, reason="only glibc keeps holes that it can let go of")
def test_holes_between_arrays_are_let_go_of() -> None:
    arrays = [np.ones(60_000, np.uint8) for _ in range(2000)]
    del arrays[:-1]
    # The last one keeps the heap from shrinking from its end.
    before = held()
    heap.trim()
    assert held() < before - 50_000
    assert arrays[0].all()
