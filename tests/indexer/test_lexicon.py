from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
import regex
from fihris.indexer import Document
from fihris.indexer.folding import fold
from fihris.indexer.keytables import KeyTables
from fihris.indexer.languages import LANGUAGES, by_code
from fihris.indexer.lexicon import Lexicon, is_prefix
from fihris.indexer.relations import EXACT, FOLDED, stem_namespace, word_keys
from fihris.indexer.words import words

from ..collections import WORDS, typo, write
from ..search.twin import identity, stems_of, trigrams

pytestmark = pytest.mark.usefixtures("either_way")


def key_list(seed: int) -> list[str]:
    random = Random(seed)
    misspelt = [typo(random, word) for word in WORDS]
    keys = sorted({key for word in [*WORDS, *misspelt, "l'berté", "و1945"] for key in words(word)})
    random.shuffle(keys)
    return keys


@pytest.fixture(params=range(3))
def keys(request: pytest.FixtureRequest) -> list[str]:
    return key_list(request.param)


def made(path: Path, keys: list[str]) -> tuple[Lexicon, list[int]]:
    """The lexicon of a segment, and the id of each word."""
    index = write(path / "index", [[Document("a", text=" ".join(keys))]]).index
    (segment,) = index.segments()[1]
    lexicon = segment.files.lexicon
    number_of = {lexicon.word(number): number for number in range(len(lexicon))}
    return lexicon, [number_of[key] for key in keys]


def test_every_word_has_an_id_a_rank_and_a_hash(tmp_path: Path, keys: list[str]) -> None:
    lexicon, ids = made(tmp_path, keys)
    assert len(lexicon) == len(keys)
    assert sorted(ids) == list(range(len(keys)))
    in_order = sorted(keys, key=str.encode)
    assert [lexicon.at(rank).decode() for rank in range(len(keys))] == in_order
    for key, number in zip(keys, ids, strict=True):
        assert lexicon.word(number) == key
        assert lexicon.find(key.encode()) == number
        assert lexicon.id_at(in_order.index(key)) == number
        assert lexicon.identities[number] == identity(key, EXACT)
        assert number in lexicon.having(np.array([identity(key, EXACT)], np.uint64))[0]
    for absent in ("", "a", "armx", "zzz", "\U0010ffff"):
        assert absent in keys or lexicon.find(absent.encode()) == -1
        before = sum(key.encode() < absent.encode() for key in keys)
        assert lexicon.rank_of(absent.encode()) == before


def test_several_words_at_once(tmp_path: Path, keys: list[str]) -> None:
    lexicon, ids = made(tmp_path, keys)
    some = np.array(ids[::3], np.uint32)
    assert lexicon.words_of(some).list() == keys[::3]
    assert lexicon.words_of(some[:0]).list() == []


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_keys_of_some_words(tmp_path: Path, keys: list[str], step: int) -> None:
    lexicon, _ = made(tmp_path, keys)
    some = np.arange(len(lexicon))[5::step]
    spelt = lexicon.words_of(some)
    found, expected = lexicon.keys(some, spelt), word_keys(spelt)
    assert found.folded.list() == expected.folded.list()
    assert found.words.tolist() == expected.words.tolist()
    assert found.rest_words.tolist() == expected.rest_words.tolist()
    for names in (("words", "hashes"), ("rest_words", "rest_hashes", "rest_checks")):
        rows, others = (
            sorted(zip(*(getattr(each, name).tolist() for name in names), strict=True))
            for each in (found, expected)
        )
        assert rows == others
    masks = lexicon.masks[some].astype(np.uint32)
    assert found.main(masks).tolist() == expected.main(masks).tolist()


def test_keys_of_no_words(tmp_path: Path, keys: list[str]) -> None:
    lexicon, _ = made(tmp_path, keys)
    found = lexicon.keys(np.arange(0), [])
    assert [len(found.hashes), len(found.rest_hashes), len(found.classes[0])] == [0, 0, 0]


def test_forms_of_a_word_stand_together(tmp_path: Path, keys: list[str]) -> None:
    """Told of scripts that one language has."""
    lexicon, _ = made(tmp_path, keys)
    for code, script in (("ar", "Arabic"), ("ru", "Cyrillic")):
        language = by_code(code)
        assert language
        forms = [fold(lexicon.word(number)) for number in range(len(lexicon))]
        stems = [
            language.stems([form])[0] if regex.match(rf"\p{{{script}}}", form) else None
            for form in forms
        ]
        runs = [stem for n, stem in enumerate(stems) if stem and stem != stems[n - 1]]
        assert len(runs) == len(set(runs))


def test_masks_tell_the_languages_of_the_passages_of_a_word(tmp_path: Path) -> None:
    documents = [
        Document("fr", "Titre", "nombre commun", language="fr"),
        Document("en", "Nombre", "common number 42", language="en"),
        Document("ar", "", "عدد عدد عدد 42 number", language="ar"),
    ]
    (segment,) = write(tmp_path / "index", [documents]).index.segments()[1]
    lexicon = segment.files.lexicon
    codes = {
        lexicon.word(n): {l.code for bit, l in enumerate(LANGUAGES) if mask >> bit & 1}  # noqa: E741
        for n, mask in enumerate(lexicon.masks.tolist())
    }
    assert codes == {
        "titre": {"fr"},
        "nombre": {"fr", "en"},
        "commun": {"fr"},
        "common": {"en"},
        "number": {"en", "ar"},
        "42": {"en", "ar"},
        "عدد": {"ar"},
    }


def test_having(tmp_path: Path, keys: list[str]) -> None:
    lexicon, ids = made(tmp_path, keys)
    number_of = dict(zip(keys, ids, strict=True))
    french = by_code("fr")
    assert french
    space = stem_namespace(french)
    stems = sorted({stem for key in keys for stem in stems_of(french, key) if key[0] in "aegh"})
    wanted = np.array([identity(stem, space) for stem in stems], np.uint64)
    found, places = lexicon.having(wanted)
    expected = {
        (number_of[key], place)
        for place, stem in enumerate(stems)
        for key in keys
        if regex.match(r"\p{Latin}", fold(key)) and stem in stems_of(french, key)
    }
    assert set(zip(found.tolist(), places.tolist(), strict=True)) == expected
    assert len(found) == len(expected)


def test_having_rest(tmp_path: Path, keys: list[str]) -> None:
    lexicon, ids = made(tmp_path, keys)
    arabic = by_code("ar")
    assert arabic
    (stem,) = arabic.stems(["جيش"])
    wanted = np.array([5, identity(stem, stem_namespace(arabic))], np.uint64)
    found, checks, places = KeyTables([lexicon.rest_table]).having_checked(wanted)
    expected = {
        (number, identity(rest, FOLDED), 1)
        for key, number in zip(keys, ids, strict=True)
        if regex.match(r"\p{Arabic}", fold(key))
        for rest in arabic.rests(fold(key))
        if arabic.stems([rest]) == [stem]
    }
    assert {*zip(found.tolist(), checks.tolist(), places.tolist(), strict=True)} == expected
    assert expected


def test_grams_list_the_words_that_hold_them(tmp_path: Path, keys: list[str]) -> None:
    lexicon, ids = made(tmp_path, keys)
    spelt = {
        number: fold(key)
        for key, number in zip(keys, ids, strict=True)
        if len(fold(key)) >= 3 and not regex.search(r"\d", key)
    }
    file = lexicon.file
    lists: dict[int, list[int]] = {}
    for place, code in enumerate(file["grams.codes"].tolist()):
        start, end = file["grams.starts"][place : place + 2]
        lists[code] = file["grams.words"][start:end].tolist()
    counts = [len(trigrams(spelt[n])) if n in spelt else 0 for n in range(len(keys))]
    assert file["grams.counts"].tolist() == counts
    assert sum(map(len, lists.values())) == sum(counts)
    for number, form in spelt.items():
        for gram in trigrams(form):
            code = 0
            for c in gram:
                code = code << 21 | (ord(c) or 0x1FFFFF)
            assert number in lists[code]
    assert all(words_ == sorted(set(words_)) for words_ in lists.values())


def test_a_prefix_is_letters_and_a_star() -> None:
    assert is_prefix("lib*")
    for pattern in ("lib", "*lib", "l*b", "l*b*", "l?b*", "*lib*", "lib**", "lib?"):
        assert not is_prefix(pattern)


def test_an_empty_lexicon(tmp_path: Path) -> None:
    lexicon, _ = made(tmp_path, [])
    assert len(lexicon) == 0
    assert lexicon.find(b"army") == -1
    assert lexicon.matching("a*").tolist() == lexicon.matching("a*s").tolist() == []
    assert lexicon.having(np.array([1, 2], np.uint64))[0].tolist() == []
