"""Facets, selections and the order of time against plain loops over the stored documents."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fihris.indexer import Document, Index
from fihris.indexer.ingest import index_paths
from fihris.search import Searcher, Selection
from fihris.search.selection import FIELDS
from hypothesis import example, given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("either_way")

_LANGUAGES = ["ar", "fr", "en"]
_VALUES = {
    "collection": [None, "Letters", "Essays", "رسائل"],
    "creator": [None, "Ruth", "ruth", "Hélène", "ألكسي"],
    "source": [None, "tape", "paper"],
    "date": [None, "1944", "1943/1946", "1944-11-14", "1951", "undated", "1939-09", "195X"],
}
_WORDS = ["tram", "letter", "lettre", "رسالة", "army"]


def _document(n: int, chance: random.Random) -> Document:
    return Document(
        id=f"d{n:02}",
        text=" ".join(chance.choices(_WORDS, k=4)),
        language=chance.choice(_LANGUAGES),
        **{name: chance.choice(values) for name, values in _VALUES.items()},  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Searcher, list[Document]]:
    """Three segments with replaced and deleted documents."""
    chance = random.Random(5)
    path = tmp_path_factory.mktemp("facets") / "index"
    known: dict[str, Document] = {}
    with Index.create(path) as index:
        for numbers in (range(40), range(30, 60), range(55, 80)):
            with index.writer() as writer:
                for n in numbers:
                    known[f"d{n:02}"] = _document(n, chance)
                    writer.add(known[f"d{n:02}"])
        with index.writer() as writer:
            for n in (3, 33, 77):
                writer.delete(f"d{n:02}")
                del known[f"d{n:02}"]
    return Searcher(path), list(known.values())


def _years(date: str | None) -> range:
    """The years of the dates that stand in _VALUES, written out."""
    return {
        "1944": range(1944, 1945),
        "1943/1946": range(1943, 1947),
        "1944-11-14": range(1944, 1945),
        "1951": range(1951, 1952),
        "1939-09": range(1939, 1940),
        "195X": range(1950, 1960),
    }.get(date or "", range(0))


def _fits(document: Document, selection: Selection, but: str = "") -> bool:
    for name in FIELDS:
        chosen = getattr(selection, name)
        # These documents came from no file.
        if name != but and chosen and getattr(document, name, None) not in chosen:
            return False
    if but == "date" or (selection.first is None and selection.last is None):
        return True
    low, high = selection.first or -9999, selection.last or 9999
    return any(low <= year <= high for year in _years(document.date))


def _some(values: list[Any]) -> st.SearchStrategy[tuple[str, ...]]:
    known = [value for value in values if value]
    return st.lists(st.sampled_from([*known, "unknown"]), unique=True, max_size=2).map(tuple)


_YEAR = st.none() | st.integers(1935, 1962)
_SELECTIONS = st.builds(
    Selection,
    language=_some(_LANGUAGES),
    collection=_some(_VALUES["collection"]),
    creator=_some(_VALUES["creator"]),
    source=_some(_VALUES["source"]),
    first=_YEAR,
    last=_YEAR,
)


@example(selection=Selection(first=1951, last=1950), word="")
@given(selection=_SELECTIONS, word=st.sampled_from([*_WORDS, ""]))
def test_as_a_plain_loop_counts(
    made: tuple[Searcher, list[Document]], selection: Selection, word: str
) -> None:
    searcher, documents = made
    query = f"={word}" if word else ""
    if not word and not selection:
        assert searcher.search("", facets=5).total == 0
        return
    found = searcher.search(query, limit=100, selection=selection, facets=100)
    matching = [each for each in documents if word in each.text.split() or not word]
    fitting = [each for each in matching if _fits(each, selection)]
    assert {hit.id for hit in found.hits} == {each.id for each in fitting}
    assert found.total == len(fitting)
    assert found.facets is not None
    for facet in found.facets.fields:
        open_to = [each for each in matching if _fits(each, selection, facet.field)]
        expected = Counter(getattr(each, facet.field, None) for each in open_to)
        del expected[None]
        shown = {each.value: each.count for each in facet.counts if each.count}
        assert shown == expected
        chosen = getattr(selection, facet.field)
        assert {each.value for each in facet.counts if each.chosen} == set(chosen)
        assert facet.others == 0
    open_to = [each for each in matching if _fits(each, selection, "date")]
    for bar in found.facets.years:
        touching = [d for d in open_to if set(_years(d.date)) & set(range(bar.first, bar.last + 1))]
        assert bar.count == len(touching)
    covered = {year for bar in found.facets.years for year in range(bar.first, bar.last + 1)}
    assert covered >= {year for each in open_to for year in _years(each.date)}
    assert len(found.facets.years) <= 40


def test_a_count_is_what_choosing_gives(made: tuple[Searcher, list[Document]]) -> None:
    searcher, _ = made
    facets = searcher.search("letter", facets=10).facets
    assert facets is not None
    for facet in facets.fields:
        for each in facet.counts:
            chosen = Selection(**{facet.field: (each.value,)})
            assert searcher.search("letter", selection=chosen).total == each.count > 0
    for bar in facets.years:
        chosen = Selection(first=bar.first, last=bar.last)
        assert searcher.search("letter", selection=chosen).total == bar.count


def test_the_most_frequent_values_and_those_that_are_chosen(
    made: tuple[Searcher, list[Document]],
) -> None:
    searcher, _ = made
    chosen = Selection(creator=("ألكسي",))
    everyone = searcher.search("letter", facets=10).facets
    few = searcher.search("letter", facets=2, selection=chosen).facets
    assert few is not None
    assert everyone is not None
    creators = next(facet for facet in few.fields if facet.field == "creator")
    whole = next(facet for facet in everyone.fields if facet.field == "creator")
    counts = [each.count for each in whole.counts]
    assert counts == sorted(counts, reverse=True)
    assert creators.counts[0].value == "ألكسي"
    assert creators.others == len(whole.counts) - len(creators.counts)


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("query", ["=letter", "letter OR lettre -tram", ""])
def test_the_order_of_time(made: tuple[Searcher, list[Document]], order: Any, query: str) -> None:
    searcher, documents = made
    selection = Selection(language=("ar", "fr", "en"))
    by_score = searcher.search(query, limit=100, selection=selection)
    wanted = {hit.id for hit in by_score.hits if not hit.similar}
    begins = {"1943/1946": "1943", "195X": "1950"}
    dated = [(begins.get(d.date or "", d.date or ""), d.id) for d in documents if _years(d.date)]
    undated = sorted(d.id for d in documents if not _years(d.date))
    dated.sort(key=lambda each: each[1])
    dated.sort(key=lambda each: each[0], reverse=order == "newest")
    expected = [each for each in [id_ for _, id_ in dated] + undated if each in wanted]
    found = searcher.search(query, limit=100, selection=selection, order=order)
    assert [hit.id for hit in found.hits] == expected
    assert (found.total, found.total_similar) == (by_score.total, 0)
    pages = [
        hit.id
        for offset in range(0, found.total, 7)
        for hit in searcher.search(
            query, limit=7, offset=offset, selection=selection, order=order
        ).hits
    ]
    assert pages == expected


def test_the_kinds_of_files_that_documents_came_from(tmp_path: Path) -> None:
    """Counted over segments, deletions and all formats; a document of no file has none."""
    folder = tmp_path / "letters"
    folder.mkdir()
    texts = {"a.txt": 1, "b.TXT": 1, "plain.text": 1, "c.md": 1, "d.markdown": 1, "e.htm": 1}
    for name in texts:
        (folder / name).write_text("<p>A tram ran here.</p>", encoding="utf-8")
    lines = [json.dumps({"id": f"record {n}", "text": "A tram."}) for n in range(5)]
    (folder / "f.ndjson").write_text("\n".join(lines), encoding="utf-8")
    with Index.create(tmp_path / "index") as index:
        index_paths(index, [folder])
        with index.writer() as writer:
            writer.add(Document(id="of no file", text="A tram."))
            writer.delete("record 3")
    searcher = Searcher(tmp_path / "index")
    facets = searcher.search("tram", facets=10).facets
    assert facets is not None
    (kinds,) = [each for each in facets.fields if each.field == "type"]
    counts = {each.value: each.count for each in kinds.counts}
    assert counts == {"jsonl": 4, "txt": 3, "md": 2, "html": 1}
    for kind, count in counts.items():
        assert searcher.search("tram", selection=Selection(type=(kind,))).total == count
    assert searcher.search("tram", selection=Selection(type=("pdf",))).total == 0
    assert searcher.search("", selection=Selection(type=("md", "html"))).total == 3


def test_ten_thousand_values(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index, index.writer() as writer:
        for n in range(10_000):
            writer.add(Document(id=f"d{n}", text="tram", creator=f"creator {n:05}"))
    found = Searcher(index).search("tram", facets=1000)
    assert found.facets is not None
    creators = found.facets.fields[2]
    assert len(creators.counts) == 100
    assert creators.others == 9_900
    assert creators.counts[0].value == "creator 00000"


def test_a_wide_span_has_wide_bars(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index, index.writer() as writer:
        for date in ("-0044-03-15", "0622", "1517", "2003"):
            writer.add(Document(id=date, text="tram", date=date))
    facets = Searcher(index).search("tram", facets=1).facets
    assert facets is not None
    assert 20 < len(facets.years) <= 40
    assert sum(bar.count for bar in facets.years) == 4
    edges = [bar.first for bar in facets.years[1:]]
    assert edges == [bar.last + 1 for bar in facets.years[:-1]]
