import pytest
from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.languages.arabic import ARABIC
from hypothesis import given
from hypothesis import strategies as st


def stem(word: str) -> str:
    return ARABIC.stems([casefold_key(word)])[0]


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("أخبار", "الأخبار"),
        ("الجيش", "جيش"),
        ("والجيش", "الجيش"),
        ("بالجيش", "للجيش"),
        ("وبالقانون", "القانون"),
        ("مدرسة", "مدرستها"),
        ("المدرسة", "مدرسته"),
        ("كتاب", "كتابهم"),
        ("كتاباً", "الكتاب"),
        ("الروسي", "الروسية"),
        ("روسي", "الروسيين"),
        ("مهندسون", "المهندسين"),
        ("معركة", "معركتان"),
        ("حكومة", "الحكومات"),
        ("لبنان", "اللبنانيين"),
        ("فلسطين", "الفلسطينيون"),
        ("ألمانيا", "الألمانية"),
        ("ألمانيا", "والألماني"),
        ("كَتَبَ", "كتب"),
        ("مكتبـــة", "مكتبه"),
        ("الزمان", "زمان"),
        ("والزمان", "زمان"),
        ("والده", "والدها"),
        ("والدته", "والد"),
        ("بالغ", "بالغين"),
        ("ﺍﻟﺠﻴﺶ", "جيش"),
    ],
)
def test_forms_of_a_word_share_a_stem(word: str, other: str) -> None:
    assert stem(word) == stem(other)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("وزير", "زير"),
        ("وثيقة", "ثقة"),
        ("كتاب", "تاب"),
        ("بلاد", "لاد"),
        ("والدها", "دها"),
        ("بالغين", "غين"),
        ("جيش", "عيش"),
        ("لبنان", "بنان"),
        ("لبنان", "لبن"),
        ("إيران", "اير"),
        ("ألمانيا", "مانيا"),
    ],
)
def test_letters_of_the_word_are_not_taken_for_particles(word: str, other: str) -> None:
    assert stem(word) != stem(other)


@pytest.mark.parametrize(
    ("word", "rest"),
    [
        ("وأغراضها", "اغراضها"),
        ("وبالوزير", "بالوزير"),
        ("وبالوزير", "الوزير"),
        ("وبالوزير", "وزير"),
        ("للجيش", "جيش"),
        ("فسيكتب", "يكتب"),
        ("وزير", "زير"),
        ("والدين", "الدين"),
        ("كمدينة", "مدينه"),
    ],
)
def test_rests_name_what_the_lexicon_may_confirm(word: str, rest: str) -> None:
    assert rest in ARABIC.rests(fold(word))


def test_a_rest_leads_to_the_stem() -> None:
    rest = ARABIC.rests(fold("وأغراضها"))[0]
    assert stem(rest) == stem("أغراض")


@pytest.mark.parametrize("word", ["ولد", "سلام", "جيش", "ال", "و", "", "army", "١٩٤٥"])
def test_words_without_a_rest(word: str) -> None:
    assert list(ARABIC.rests(fold(word))) == []


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("كاتب", "كتب"),
        ("مكتوب", "كتب"),
        ("المكتبة", "كتب"),
        ("كتاب", "كتب"),
        ("جيوش", "جيش"),
        ("الجيش", "جيش"),
        ("استعمال", "عمل"),
        ("المستعمل", "عمل"),
        ("تحرير", "حرر"),
        ("انتصار", "نصر"),
        ("مجتمع", "جمع"),
        ("متقاتل", "قتل"),
        ("مدارس", "درس"),
        ("زلزال", "زلزل"),
        ("متزلزل", "زلزل"),
        ("ووجدها", "وجد"),
        ("في", ""),
        ("", ""),
        ("استراتيجيتكموها", ""),
    ],
)
def test_root(word: str, root: str) -> None:
    assert ARABIC.root(fold(word)) == root


def test_stop_words_are_known_as_written_with_and() -> None:
    for word in ("في", "وفي", "إلى", "هذه", "وهو", "فإن", "و"):
        assert fold(word) in ARABIC.stop_words
    for word in ("جيش", "حرب", "وزير", "ولد"):
        assert word not in ARABIC.stop_words


arabic_words = st.text(st.sampled_from("ابتجدرسعفكلمنهوىيةءأإآؤئ"), max_size=15)


@given(st.lists(arabic_words))
def test_stems_are_parts_of_their_words_of_three_letters_or_more(words: list[str]) -> None:
    for word, found in zip(words, ARABIC.stems(words), strict=True):
        assert found in fold(word)
        assert len(found) >= min(3, len(fold(word)))


@given(arabic_words)
def test_rests_end_the_word_the_longest_first(word: str) -> None:
    folded = fold(word)
    rests = list(ARABIC.rests(folded))
    assert all(folded.endswith(rest) and 3 <= len(rest) < len(folded) for rest in rests)
    assert rests == sorted(set(rests), key=len, reverse=True)


@given(arabic_words)
def test_a_root_has_three_or_four_letters_of_the_word_in_order(word: str) -> None:
    folded = fold(word)
    root = ARABIC.root(folded)
    assert len(root) in (0, 3, 4)
    letters = iter(folded)
    assert all(letter in letters for letter in root)
