import pytest
from fihris.indexer.folding import casefold_key, fold, folds
from fihris.indexer.strings import Strings
from hypothesis import given, settings
from hypothesis import strategies as st

# Letters that come with several code points, marks, ligatures and signs that steer the layout.
hard_text = st.text(
    st.one_of(
        st.characters(),
        st.characters(min_codepoint=0x0300, max_codepoint=0x036F),
        st.characters(min_codepoint=0x0600, max_codepoint=0x06FF),
        st.characters(min_codepoint=0x08A0, max_codepoint=0x08FF),
        st.characters(min_codepoint=0xFB00, max_codepoint=0xFEFF),
        st.sampled_from("ßſİıŉǅœÆ’ʼʹ`'\u00ad\u200d\u200f\u034f\ud800йЁ㎏ﷺ"),
    ),
    max_size=30,
)


@given(hard_text)
def test_keys_and_folded_forms_stay_as_they_are(text: str) -> None:
    key = casefold_key(text)
    folded = fold(key)
    assert casefold_key(key) == key
    assert fold(folded) == folded
    assert casefold_key(folded) == folded


@given(hard_text)
def test_capitals_and_small_letters_have_one_folded_form(text: str) -> None:
    assert fold(casefold_key(text.casefold())) == fold(casefold_key(text))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Armée", "armée"),
        ("Arme\u0301e", "armée"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁn", "fin"),
        ("ＡＢＣ", "abc"),
        ("L’Armée", "l'armée"),
        ("co\u00adopérer", "coopérer"),
        ("كُتَّابٌ", "كُتَّابٌ"),
        ("ﺍﻟﺠﻴﺶ", "الجيش"),
        ("الجيش\u200f", "الجيش"),
        ("ﷺ", "صلى الله عليه وسلم"),
        ("", ""),
    ],
)
def test_key(text: str, key: str) -> None:
    assert casefold_key(text) == key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Événement", "evenement"),
        ("Œuvre", "oeuvre"),
        ("Łódź", "lodz"),
        ("aujourd’hui", "aujourdhui"),
        ("ещё", "еще"),
        ("Русский", "русский"),
        ("كُتَّابٌ", "كتاب"),
        ("مكتبـــة", "مكتبه"),
        ("أحمد", "احمد"),
        ("آثار", "اثار"),
        ("مؤتمر", "موتمر"),
        ("بيئة", "بييه"),
        ("مصطفى", "مصطفي"),
        ("کتابی", "كتابي"),
        ("١٩٤٥", "1945"),
        ("۱۹۴۵", "1945"),
        ("بِسْمِ", "بسم"),
        ("ٱللَّهِ", "الله"),
        ("ٱلرَّحْمَٰنِ", "الرحمن"),
        ("ٱلْكِتَٰبُ", "الكتاب"),
        ("ذَٰلِكَ", "ذلك"),
        ("हिन्दी", "हिन्दी"),
        ("ـــ", ""),
    ],
)
def test_folded_form(text: str, folded: str) -> None:
    assert fold(casefold_key(text)) == folded


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(["a\u0301", "a\u0301\u0327", "\u0344", "بَُ", "é\u00ad\u0301", "ʹ\u0301"]))
def test_time_does_not_grow_with_the_square_of_the_marks(piece: str) -> None:
    key = casefold_key(piece[0] + piece[1:] * 100_000)
    assert key
    assert fold(key) == fold(fold(key))


def test_lone_surrogates_pass() -> None:
    assert casefold_key("A\ud800É") == "a\ud800é"
    assert fold("a\ud800é") == "a\ud800e"


def check_folds(keys: list[str]) -> None:
    folded, changed = folds(Strings.of(keys))
    assert folded.list() == [fold(key) for key in keys]
    assert changed.tolist() == [fold(key) != key for key in keys]


@given(st.lists(hard_text.map(casefold_key)))
def test_many_keys_fold_like_each_of_them(keys: list[str]) -> None:
    check_folds(keys)


def test_every_letter_folds_alike_alone_and_among_many() -> None:
    check_folds([chr(code) for code in range(0x10000)])
    check_folds(["الرحم\u0670ن", "هٰذا", "هذا", "", "œuvre", "a'b", "oeuvre", "ـ"])


def test_nothing_to_fold() -> None:
    check_folds(["army", ""])
    check_folds([])
