"""Synonyms from a file: what a file may hold, and what they do to a search."""

from __future__ import annotations

from pathlib import Path

import pytest
from fihris.indexer import Document
from fihris.indexer.errors import InputError
from fihris.search import WEIGHTS, Searcher, grouplines, thesaurus
from fihris.search.grouplines import MAX_GROUP, MAX_LINE
from fihris.search.thesaurus import Thesaurus
from msgspec.structs import replace

from ..collections import write

DOCUMENTS = [
    Document("ar", text="كان الجيش في المدينة ومعه جيش آخر", language="ar"),
    Document("en", text="the armies stood before the town", language="en"),
    Document("fr", text="les armées devant la ville, et une armée derrière", language="fr"),
    Document("troops", text="troops of the town", language="en"),
    Document("river", text="the river and its shore", language="en"),
    Document("money", text="all of the money", language="en"),
    Document("soldier", text="a soldier wrote of the bank", language="en"),
]
GROUPS = """# words of war; one group a line
army, armée; جيش ، troops,

bank, money
bank; river
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "synonyms.txt"
    path.write_text(GROUPS, encoding="utf-8")
    return path


@pytest.fixture
def searcher(tmp_path: Path, file: Path) -> Searcher:
    index = write(tmp_path / "index", [DOCUMENTS[:3], DOCUMENTS[3:]]).index
    return Searcher(index, thesaurus=file)


def found(searcher: Searcher, query: str) -> list[str]:
    results = searcher.search(query)
    return sorted(hit.id for hit in results.hits if not hit.similar)


def layers(searcher: Searcher, query: str) -> set[tuple[str, str]]:
    matched = (match for hit in searcher.search(query).hits for match in hit.matched)
    return {(match.word, match.layer) for match in matched}


def test_a_group_finds_its_words_in_all_languages(searcher: Searcher) -> None:
    every = ["ar", "en", "fr", "troops"]
    assert found(searcher, "army") == every
    assert found(searcher, "جيش") == every
    assert found(searcher, "troops") == every
    # By any form of a word of the group: with an article, in the plural, without accents.
    assert found(searcher, "للجيش") == every
    assert found(searcher, "armees") == every
    assert layers(searcher, "army") == {
        ("armies", "stem"),
        ("armée", "synonym"),
        ("armées", "synonym"),
        ("الجيش", "synonym"),
        ("جيش", "synonym"),
        ("troops", "synonym"),
    }
    assert searcher.search("army").suggestion == ""
    assert found(Searcher(searcher._index), "army") == ["en"]


def test_the_word_itself_comes_first(searcher: Searcher) -> None:
    for query, first in (("troops", "troops"), ("armées", "fr"), ("الجيش", "ar")):
        assert searcher.search(query).hits[0].id == first


def test_a_word_of_two_groups_has_the_synonyms_of_both(searcher: Searcher) -> None:
    assert found(searcher, "bank") == ["money", "river", "soldier"]
    assert found(searcher, "money") == ["money", "soldier"]
    assert found(searcher, "river") == ["river", "soldier"]


def test_quotes_and_the_equals_sign_pass_it_by(searcher: Searcher) -> None:
    assert found(searcher, "=bank") == ["soldier"]
    assert found(searcher, '"the bank"') == ["soldier"]
    assert found(searcher, "wrote -bank") == []
    assert found(searcher, "town -army") == []
    assert found(searcher, "town -=troops") == ["en"]
    assert found(searcher, "troop*") == ["troops"]


def test_the_weight(searcher: Searcher) -> None:
    views = searcher.analyze("troops")
    weights = {word: (layer, weight) for word, layer, weight, _ in views[0].variants}
    assert weights["troops"] == ("exact", 1.0)
    # A form of a synonym counts less than the synonym itself would.
    assert weights["armées"] == ("synonym", pytest.approx(0.4, abs=1 / 256))
    without = Searcher(searcher._index, replace(WEIGHTS, synonym=0), searcher.thesaurus)
    assert found(without, "troops") == ["troops"]


def test_what_the_thesaurus_knows_is_no_slip(searcher: Searcher) -> None:
    """Forces is not in the index; force would be a correction of it."""
    index = write(searcher._index.path.parent / "other", [[Document("a", text="farces army")]])
    assert Searcher(index.index).search("forces").suggestion == "farces"
    known = Searcher(index.index, thesaurus=Thesaurus([["forces", "army"]])).search("forces")
    assert known.suggestion == ""
    assert [hit.id for hit in known.hits] == ["a"]
    # Where none of its synonyms is there either, a guess is better than nothing.
    unknown = Searcher(index.index, thesaurus=Thesaurus([["forces", "legion"]])).search("forces")
    assert unknown.suggestion == "farces"


def test_the_score_is_explained(searcher: Searcher) -> None:
    explained = searcher.explain("army", "troops")
    assert explained is not None
    assert "troops: 1 × 0.5 (synonym)" in "\n".join(explained.lines())
    scores = dict(searcher.rank("army"))
    assert explained.value == pytest.approx(scores["troops"], rel=1e-5)


def test_the_same_in_one_segment_and_in_many(tmp_path: Path, searcher: Searcher) -> None:
    ranked = []
    for name, commits in (("one", [DOCUMENTS]), ("many", [[each] for each in DOCUMENTS])):
        index = write(tmp_path / name, commits).index
        other = Searcher(index, thesaurus=searcher.thesaurus)
        queries = ("army", "bank of the river", "الجيش", "money NEAR all", "title:army troops")
        ranked.append([other.rank(query) for query in queries])
    assert all(ranked[0])
    assert ranked[0] == ranked[1]


def test_a_new_commit_keeps_the_thesaurus(searcher: Searcher) -> None:
    with searcher._index.writer() as writer:
        writer.add(Document("new", text="ten troops", language="en"))
    assert searcher.refresh()
    assert "new" in found(searcher, "army")


def test_terms_of_several_words_are_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text("war, guerre\nww2, World War II, l’armée, armee\n", encoding="utf-8")
    read = Thesaurus.read(path)
    assert read.words({"ww2"}, 9) == ["armée", "armee"]
    assert read.words({"armee"}, 9) == ["ww2"]
    assert read.phrases({"ww2"}, 9) == [("world", "war", "ii")]
    assert read.phrases({"war"}, 9) == []
    assert read.of_term(("world", "war", "ii"), 9) == [("ww2",), ("armée",), ("armee",)]
    assert read.of_term(("world", "war"), 9) == []
    assert read.beginning({"world", "war"}) == [("world", "war", "ii")]
    assert [read.holds({form}) for form in ("ii", "ww2", "farce")] == [True, True, False]
    assert [read.holds_in_term({form}) for form in ("ii", "ww2")] == [True, False]


def test_arabic_words_are_known_whatever_is_written_onto_them(tmp_path: Path) -> None:
    """No document holds the word as the thesaurus has it."""
    index = write(tmp_path / "index", [[Document("a", text="a troop of soldiers")]]).index
    searcher = Searcher(index, thesaurus=Thesaurus([["جيش", "troops"], ["قوات مسلحة", "soldiers"]]))
    assert found(searcher, "وبالجيش") == ["a"]
    assert found(searcher, "للقوات المسلحة") == ["a"]
    assert found(searcher, "وزير") == []


def test_a_term_of_very_many_words_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text(f"a b, c, d\na, {' x' * 17}, b\n", encoding="utf-8")
    read = Thesaurus.read(path)
    assert read.notes == [
        f"{path}: terms passed over: 1 of more than 16 words, the first in {path}:2"
    ]
    assert read.words({"a"}, 9) == ["b"]
    assert read.phrases({"a"}, 9) == []


def test_only_so_many_synonyms_count() -> None:
    groups = [["a", f"b{n}", f"c{n}"] for n in range(9)]
    assert Thesaurus(groups).words({"a"}, 3) == ["b0", "c0", "b1"]


def test_the_digest_tells_files_apart(tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in "abc")
    one.write_text("army, troops\n")
    same.write_text("# remark\n\narmy, troops")
    other.write_text("army, soldiers\n")
    digests = [Thesaurus.read(each).digest for each in (one, same, other)]
    assert digests[0] == digests[1] != digests[2]


def test_a_byte_order_mark_and_windows_lines(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_bytes("\ufeffarmy, armée\r\nbank؛ مصرف\r\n".encode())
    assert Thesaurus.read(path).words({"army"}, 9) == ["armée"]
    assert Thesaurus.read(path).words({"bank"}, 9) == ["مصرف"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"army, troops\narm\xe9e, army\n", ":2: is not UTF-8"),
        (b"army, troops\n\nalone\n", ":3: has one term only"),
        (b"army troops\n", ":1: has one term only"),
        (b"army, ---\n", ":1: '---' holds no word"),
        (b"army, " + b"x" * MAX_LINE, ":1: the line is over 16 KiB"),
        (b"a," * (MAX_GROUP + 1), f":1: has {MAX_GROUP + 1} terms"),
    ],
)
def test_a_bad_line_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"synonyms\.txt") as raised:
        Thesaurus.read(path)
    assert said in str(raised.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(InputError, match="cannot be read"):
            Thesaurus.read(path)


def test_an_endless_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="the line is over"):
        Thesaurus.read("/dev/zero")
    path = tmp_path / "synonyms.txt"
    path.write_text("army, troops\n" * 10)
    monkeypatch.setattr(thesaurus, "MAX_TERMS", 12)
    with pytest.raises(InputError, match=":7: is beyond the first 12 terms"):
        Thesaurus.read(path)
    monkeypatch.setattr(grouplines, "MAX_LINES", 5)
    with pytest.raises(InputError, match=":6: is beyond the first 5 lines"):
        Thesaurus.read(path)
