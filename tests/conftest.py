from __future__ import annotations

from random import Random

import pytest
from hypothesis import settings

from .collections import Collection, random_collection

# How long an example takes says more of the machine than of the code.
settings.register_profile("fihris", deadline=None)
settings.load_profile("fihris")


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> list[Collection]:
    """Random collections of one to seven segments with deletions; not to be written to."""
    made = []
    for seed in range(8):
        path = tmp_path_factory.mktemp("collection") / "index"
        made.append(random_collection(path, Random(seed), segments=seed % 7 + 1))
    return made
