"""bm25s: scores computed when it indexes, added up in arrays of all documents when it searches."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from bm25s.tokenization import Tokenized

from ..given import given
from ..queries import Query
from . import sizes


class BM25S:
    """Given the words that Fihris finds. It keeps no positions, gives no totals, and ranks only
    alternatives."""

    def index(self, source: Path, folder: Path, most: int | None) -> dict[str, int]:
        vocabulary: dict[str, int] = {}
        ids: list[str] = []
        documents: list[Any] = []
        for document in given(source):
            ids.append(document.id)
            words = f"{document.title} {document.text}".split()
            numbers = (vocabulary.setdefault(word, len(vocabulary)) for word in words)
            documents.append(array("i", numbers))
        engine = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        engine.index(Tokenized(documents, vocabulary), show_progress=False)
        engine.save(str(folder), show_progress=False)
        np.save(folder / "ids.npy", np.array(ids))
        return {"documents": len(ids), "segments": 1}

    def open(self, folder: Path) -> None:
        self._engine = bm25s.BM25.load(str(folder), mmap=True)
        self._ids = np.load(folder / "ids.npy", mmap_mode="r")

    def prepare(self, query: Query) -> list[list[str]] | None:
        return [list(query.words)] if query.kind in ("single", "or", "heavy or") else None

    def search(self, prepared: list[list[str]], limit: int) -> tuple[None, Any]:
        found = self._engine.retrieve(prepared, k=limit, show_progress=False)
        return None, found.documents[0]

    def ids(self, best: Any) -> list[str]:
        return [str(self._ids[number]) for number in best]

    def disk(self, folder: Path) -> dict[str, int]:
        return sizes(folder, {}, "other")
