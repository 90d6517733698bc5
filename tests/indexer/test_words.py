from itertools import pairwise

import pytest
import regex
from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.words import MAX_WORD, keys_of, spans, words
from hypothesis import given
from hypothesis import strategies as st

hard_text = st.text(
    st.one_of(
        st.characters(),
        st.characters(min_codepoint=0x0600, max_codepoint=0x06FF),
        st.characters(min_codepoint=0xFB00, max_codepoint=0xFEFF),
        st.sampled_from("lLdqQuUsSaAeE'’ʼ`_‿- \n\t\u00a0\u00ad\u200b\u200f\ud800٣1ﷺİ漢字ไทย"),
    ),
    max_size=60,
)


@given(hard_text)
def test_spans_are_the_words_with_their_places(text: str) -> None:
    found = spans(text)
    assert [key for key, _, _ in found] == words(text)
    assert all(0 <= start < end <= len(text) for _, start, end in found)
    places = [(start, end) for _, start, end in found]
    assert places == sorted(places)
    # Words of one sign share its place; other places do not overlap.
    distinct = sorted(set(places))
    assert all(end <= start for (_, end), (start, _) in pairwise(distinct))


@given(hard_text)
def test_a_key_can_be_asked_for(text: str) -> None:
    for key in words(text):
        assert casefold_key(key) == key
        assert fold(key)
        assert not regex.search(r"\s|^'|'$|\p{Cs}|_", key)


@given(hard_text)
def test_a_word_never_reaches_across_a_space(text: str) -> None:
    assert [key for stretch in text.split() for key in words(stretch)] == words(text)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("L’Armée de libération", ["armée", "de", "libération"]),
        ("lʼarmée l'armée l＇armée", ["armée", "armée", "armée"]),
        ("jusqu’alors, aujourd’hui", ["alors", "aujourd'hui"]),
        ("O'Brien's rock'n'roll", ["o'brien", "rock'n'roll"]),
        ("Vlasov’s men’s soldiers’", ["vlasov", "men", "soldiers"]),
        ("ʻAbd al-Raḥmān", ["abd", "al", "raḥmān"]),
        ("armiesʼ", ["armies"]),
        ("Rhin-et-Moselle", ["rhin", "et", "moselle"]),
        ("snake_case a＿b c‿d", ["snake", "case", "a", "b", "c", "d"]),
        ("كُتَّابٌ، والجيش؟", ["كُتَّابٌ", "والجيش"]),
        ("بِسْمِ ٱللَّهِ", ["بِسْمِ", "ٱللَّهِ"]),
        ("قالﷺ", ["قالصلى", "الله", "عليه", "وسلم"]),
        ("ﺍﻟﺠﻴﺶ", ["الجيش"]),
        ("1944/45 3e", ["1944", "45", "3e"]),
        ("漢字 ไทย", ["漢", "字", "ไ", "ท", "ย"]),
        (" ـــ َ … ", []),
        ("\ud800abc \udfff", ["abc"]),
        ("", []),
    ],
)
def test_words(text: str, keys: list[str]) -> None:
    assert words(text) == keys


def test_words_of_one_sign_share_its_place() -> None:
    assert spans("عن ﷺ قال") == [
        ("عن", 0, 2),
        ("صلى", 3, 4),
        ("الله", 3, 4),
        ("عليه", 3, 4),
        ("وسلم", 3, 4),
        ("قال", 5, 8),
    ]


def test_a_place_holds_the_word_as_written() -> None:
    text = "Voir « L’ARMÉE\u200f » (co\u00adopérer)."
    assert [(key, text[start:end]) for key, start, end in spans(text)] == [
        ("voir", "Voir"),
        ("armée", "L’ARMÉE"),
        ("coopérer", "co\u00adopérer"),
    ]


def test_keys_of_a_surface() -> None:
    assert keys_of("L’Armée") == ("armée",)
    assert keys_of("ـ") == ()


def test_endless_runs_are_cut() -> None:
    found = words("a" * 10_000)
    assert "".join(found) == "a" * 10_000
    assert all(len(key) <= MAX_WORD for key in found)


def test_100_000_marks_on_one_letter() -> None:
    found = words("x e" + "\u0301" * 100_000 + " ب" + "\u064f\u0651" * 50_000 + " y")
    assert [fold(key) for key in found] == ["x", "e", "ب", "y"]
