from __future__ import annotations

from random import Random

import pytest

from .collections import Collection, random_collection


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> list[Collection]:
    """Random collections of one to seven segments with deletions; not to be written to."""
    made = []
    for seed in range(8):
        path = tmp_path_factory.mktemp("collection") / "index"
        made.append(random_collection(path, Random(seed), segments=seed % 7 + 1))
    return made
