"""Whoosh's own tools on an index: what they say is what the documents hold."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from fihris.indexer.words import words
from fihris.search.bm25 import BM25
from whoosh import query as q
from whoosh.matching import ReadTooFar
from whoosh.qparser import MultifieldParser, QueryParser
from whoosh.reading import TermNotFound

from ..collections import Collection, write
from ..collections import random_document as document
from ..search.twin import Entry, entry_of

pytestmark = pytest.mark.parametrize("number", range(4))
EVERY = [*range(0, 8, 2)]


@pytest.fixture
def collection(collections: list[Collection], number: int) -> Collection:
    return collections[EVERY[number]]


@pytest.fixture
def entries(collection: Collection) -> list[Entry]:
    """The documents by their number in the index, deleted ones included."""
    return [entry_of(document, live) for document, live in collection.held()]


def terms_of(entries: list[Entry], name: str) -> list[bytes]:
    return sorted({word.encode() for entry in entries for word in entry.places[name]})


def test_terms(collection: Collection, entries: list[Entry]) -> None:
    reader = collection.index.reader()
    for name in ("text", "title"):
        expected = terms_of(entries, name)
        assert list(reader.lexicon(name)) == expected
        assert [text for field, text in reader.all_terms() if field == name] == expected
        for word in expected[:: len(expected) // 10 + 1]:
            holders = [
                e.places[name][word.decode()] for e in entries if word.decode() in e.places[name]
            ]
            assert (name, word) in reader
            assert reader.doc_frequency(name, word) == len(holders)
            assert reader.frequency(name, word) == sum(map(len, holders))
    assert ("text", b"none") not in reader
    assert ("none", b"army") not in reader
    assert reader.doc_frequency("text", b"none") == 0


def test_values_are_terms_too(collection: Collection, entries: list[Entry]) -> None:
    reader = collection.index.reader()
    ids = sorted({entry.document.id.encode() for entry in entries})
    assert list(reader.lexicon("id")) == ids
    codes = Counter(entry.language for entry in entries)
    assert {code.decode(): reader.doc_frequency("language", code)
            for code in reader.lexicon("language")} == codes  # fmt: skip


def test_terms_from_a_place_and_prefixes(collection: Collection, entries: list[Entry]) -> None:
    reader = collection.index.reader()
    every = terms_of(entries, "text")
    for start in (b"", b"l", "م".encode(), "é".encode(), b"\xff", every[3], every[-1]):
        following = [text for field, text in reader.terms_from("text", start) if field == "text"]
        assert following == [word for word in every if word >= start]
        fitting = [word for word in every if word.startswith(start)]
        assert list(reader.expand_prefix("text", start)) == fitting


def test_cursors(collection: Collection, entries: list[Entry]) -> None:
    """In one segment: Whoosh has none for several."""
    for leaf, offset in collection.index.reader().leaf_readers():
        mine = entries[offset : offset + leaf.doc_count_all()]
        for name in ("text", "title"):
            every = terms_of(mine, name)
            cursor = leaf.cursor(name)
            found = []
            while cursor.is_valid():
                found.append(cursor.text().encode())
                frequency = sum(cursor.text() in entry.places[name] for entry in mine)
                assert cursor.term_info().doc_frequency() == frequency
                cursor.next()
            assert found == every
            assert cursor.text() is cursor.term_info() is None
            assert cursor.first() == (every[0].decode() if every else None)
            for place in ("", "l", "م", "\U0010ffff"):
                behind = [word.decode() for word in every if word >= place.encode()]
                assert cursor.find(place) == (behind[0] if behind else None)


def test_postings(collection: Collection, entries: list[Entry]) -> None:
    reader = collection.index.reader()
    for name in ("text", "title"):
        for word in terms_of(entries, name)[::7]:
            matcher = reader.postings(name, word)
            for number, entry in enumerate(entries):
                places = entry.places[name].get(word.decode())
                # Whoosh leaves out what is deleted.
                if places and entry.live:
                    assert matcher.id() == number
                    assert matcher.weight() == len(places)
                    assert matcher.value_as("positions") == places
                    matcher.next()
            assert not matcher.is_active()
    with pytest.raises(TermNotFound):
        reader.postings("text", b"none")


def test_matchers_move_as_whoosh_wants_it(collection: Collection, number: int) -> None:
    random = Random(number)
    for leaf, _ in collection.index.reader().leaf_readers():
        for _, word in list(leaf.terms_from("text", b""))[::5]:
            docs = list(leaf.postings("text", word).all_ids())
            if not docs:  # all of them deleted
                continue
            matcher = leaf.postings("text", word)
            target = random.randint(0, leaf.doc_count_all())
            matcher.skip_to(target)
            behind = [doc for doc in docs if doc >= target]
            copy = matcher.copy()
            rest = []
            while matcher.is_active():
                rest.append(matcher.id())
                matcher.next()
            assert rest == behind
            assert (copy.id() if copy.is_active() else None) == (behind[0] if behind else None)
            with pytest.raises(ReadTooFar):
                matcher.next()


def test_term_info(collection: Collection, entries: list[Entry]) -> None:
    reader = collection.index.reader()
    for word in terms_of(entries, "text")[::5]:
        holders = [(n, e) for n, e in enumerate(entries) if word.decode() in e.places["text"]]
        counts = [len(e.places["text"][word.decode()]) for _, e in holders]
        lengths = [entry.lengths["text"] for _, entry in holders]
        info = reader.term_info("text", word)
        assert info.doc_frequency() == len(holders)
        assert info.weight() == sum(counts)
        assert info.max_weight() == max(counts)
        assert (info.min_length(), info.max_length()) == (min(lengths), max(lengths))
        assert (info.min_id(), info.max_id()) == (holders[0][0], holders[-1][0])


def test_lengths_and_counts(collection: Collection, entries: list[Entry]) -> None:
    reader = collection.index.reader()
    assert reader.doc_count_all() == len(entries)
    assert reader.doc_count() == len(collection.documents)
    assert list(reader.all_doc_ids()) == [n for n, e in enumerate(entries) if e.live]
    for name in ("text", "title"):
        lengths = [entry.lengths[name] for entry in entries]
        assert [reader.doc_field_length(n, name) for n in range(len(entries))] == lengths
        assert reader.field_length(name) == sum(lengths)
        assert reader.min_field_length(name) == min(lengths)
        assert reader.max_field_length(name) == max(lengths)
    assert reader.field_length("id") == 0
    assert [reader.is_deleted(n) for n in range(len(entries))] == [not e.live for e in entries]
    assert not any(leaf.is_deleted(leaf.doc_count_all()) for leaf, _ in reader.leaf_readers())


def test_stored_fields(collection: Collection, entries: list[Entry]) -> None:
    reader = collection.index.reader()
    for number, entry in enumerate(entries):
        stored = reader.stored_fields(number)
        for name in ("id", "title", "text", "date", "creator", "collection", "source"):
            assert stored.get(name) == getattr(entry.document, name)
        assert stored["language"] == entry.language


def test_most_frequent_terms(collection: Collection, entries: list[Entry]) -> None:
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update({word: len(places) for word, places in entry.places["text"].items()})
    found = collection.index.reader().most_frequent_terms("text", 5)
    assert [frequency for frequency, _ in found] == sorted(counts.values(), reverse=True)[:5]
    assert all(counts[text.decode()] == frequency for frequency, text in found)


def hits(collection: Collection, query: q.Query) -> set[str]:
    with collection.index.searcher(weighting=BM25()) as searcher:
        return {hit["id"] for hit in searcher.search(query, limit=None)}


def test_parsers_cut_queries_as_texts_are_cut(collection: Collection) -> None:
    schema = collection.index.schema
    parsed = QueryParser("text", schema).parse('L’ARMÉE "l\'histoire de"')
    terms = {text for _, text in parsed.iter_all_terms(phrases=True)}
    assert terms == {"armée", "histoire", "de"}
    both = MultifieldParser(["text", "title"], schema).parse("PRISONNIER")
    expected = {
        name
        for name, d in collection.documents.items()
        if "prisonnier" in words(f"{d.title} {d.text}")
    }
    assert hits(collection, both) == expected


def test_documents_by_their_id(collection: Collection) -> None:
    with collection.index.searcher() as searcher:
        for name, document in collection.documents.items():
            assert searcher.document(id=name)["text"] == document.text
            number = searcher.document_number(id=name)
            assert searcher.stored_fields(number)["id"] == name
        assert searcher.document(id="none") is None


def within_one_edit(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) <= 1
    short, long = sorted((one, other), key=len)
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def test_fuzzy_terms_and_ranges(collection: Collection, entries: list[Entry]) -> None:
    live = [(entry.document.id, entry.places["text"]) for entry in entries if entry.live]
    for word in ("prisoners", "nombre", "الجيش"):
        near = {name for name, found in live if any(within_one_edit(w, word) for w in found)}
        assert hits(collection, q.FuzzyTerm("text", word, maxdist=1, prefixlength=0)) == near
    inside = {name for name, found in live if any("g" <= word <= "general" for word in found)}
    assert hits(collection, q.TermRange("text", "g", "general")) == inside


def test_highlights(collection: Collection) -> None:
    with collection.index.searcher(weighting=BM25()) as searcher:
        for hit in searcher.search(q.Term("text", "prisonnier"), limit=None):
            if "prisonnier" in words(hit["text"]):
                assert "prisonnier" in hit.highlights("text").lower()


def test_a_reader_keeps_its_commit(number: int, tmp_path: pytest.TempPathFactory) -> None:
    random = Random(number)
    made = write(tmp_path / "index", [[document(random, "a")], [document(random, "b")]])
    reader = made.index.reader()
    with made.index.writer() as writer:
        writer.delete("a")
        writer.add(document(random, "c"))
    made.index.optimize()
    assert reader.doc_count() == 2
    assert [fields["id"] for fields in reader.all_stored_fields()] == ["a", "b"]
    assert not made.index.is_empty()
    assert [f["id"] for f in made.index.reader().all_stored_fields()] == ["b", "c"]
