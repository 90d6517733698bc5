from __future__ import annotations

import json
from pathlib import Path

from fihris.indexer import Document
from fihris.search import Searcher

from ..collections import write


def test_json_of_results(tmp_path: Path) -> None:
    document = Document(
        "a", "Red Army", "The army of Prague.", date="1944", extra={"box": 7}, source="boxes/1.txt"
    )
    results = Searcher(write(tmp_path / "index", [[document]]).index).search('armyy "')
    value = results.as_json()
    assert json.loads(json.dumps(value)) == value
    assert list(value) == [
        "query",
        "total",
        "total_similar",
        "partial",
        "suggestion",
        "took",
        "notes",
        "hits",
    ]
    assert value["query"] == 'armyy "'
    assert value["notes"] == ["unbalanced-quote"]
    assert value["took"] > 0
    (hit,) = value["hits"]
    assert hit["id"] == "a"
    assert hit["title_highlights"] == [[4, 8]]
    assert hit["source"] == "boxes/1.txt"
    assert (hit["date"], hit["extra"]) == ("1944", {"box": 7})
    assert hit["snippets"] == [{"text": "The army of Prague.", "highlights": [[4, 8]], "start": 0}]
    assert hit["matched"] == [{"query": "armyy", "word": "army", "layer": "corrected"}]
    assert hit["score"] == round(results.hits[0].score, 6)
