"""What tests of the indexer share."""

from collections.abc import Iterator

import pytest

from .running import children


@pytest.fixture
def others() -> Iterator[set[int]]:
    """The processes that were there before; afterwards no other is left."""
    before = children()
    yield before
    assert children() <= before
