from __future__ import annotations

import numpy as np
from fihris.indexer.blobs import blob_of, offset_type


def test_blobs() -> None:
    blob, offsets = blob_of([b"ab", b"", b"c"])
    assert (blob.tobytes(), offsets.tolist()) == (b"abc", [0, 2, 2, 3])
    assert blob_of([])[1].tolist() == [0]
    assert (offset_type(2**32 - 1), offset_type(2**32)) == (np.uint32, np.uint64)
