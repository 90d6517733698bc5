from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from fihris.indexer import compiled

WHAT = "from fihris.indexer.compiled import kernels; print(kernels is not None)"


@pytest.mark.parametrize(("value", "expected"), [("0", "False"), ("1", "True")])
def test_the_environment_chooses(value: str, expected: str) -> None:
    if not compiled.kernels:
        pytest.skip("no compiler was at hand when Fihris was installed")
    environment = os.environ | {"FIHRIS_COMPILED": value}
    run = subprocess.run([sys.executable, "-c", WHAT], env=environment, stdout=subprocess.PIPE)
    assert run.stdout.decode().strip() == expected


class TestArrays:
    """Kernels take hold of arrays only when these are what they say."""

    @pytest.fixture(autouse=True)
    def _kernels(self) -> None:
        if not compiled.kernels:
            pytest.skip("no compiler was at hand when Fihris was installed")

    def gather(self, *arrays: object) -> None:
        assert compiled.kernels
        compiled.kernels.gather(*arrays)  # pyright: ignore

    def test_types_and_number(self) -> None:
        values, places = np.arange(4, dtype=np.uint16), np.zeros(1, np.int64)
        out, which = np.zeros(0, np.uint16), np.zeros(0, np.int64)
        self.gather(values, places, places, out, which)
        for wrong in (
            (values, places, places, out),
            (values, places, places, out, which, which),
            (values, places.astype(np.int32), places, out, which),
            (values, places.astype(float), places, out, which),
            (values.reshape(2, 2), places, places, out, which),
            (values, places, places, out, b""),
            (None, places, places, out, which),
        ):
            with pytest.raises((TypeError, BufferError)):
                self.gather(*wrong)

    @pytest.mark.parametrize(
        ("start", "end", "room"), [(-1, 1, 2), (3, 5, 2), (3, 2, 0), (0, 2, 1), (0, 1, 2)]
    )
    def test_borders(self, start: int, end: int, room: int) -> None:
        with pytest.raises(IndexError):
            self.gather(
                np.arange(4, dtype=np.uint16),
                np.array([start]),
                np.array([end]),
                np.zeros(room, np.uint16),
                np.zeros(room, np.int64),
            )
