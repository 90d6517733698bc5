import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from fihris.indexer.detect import Clues, Detector, main_language, script_of
from fihris.indexer.languages import LANGUAGES
from fihris.indexer.languages.english import ENGLISH
from fihris.indexer.languages.french import FRENCH
from fihris.indexer.words import spans
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

pytestmark = pytest.mark.usefixtures("either_way")

ARABIC_TEXT = "عاد الأسرى إلى بلادهم بعد الحرب، وانضم بعضهم إلى جيش التحرير."
FRENCH_TEXT = "Les prisonniers sont revenus dans leur pays après la guerre, et non sans peine."
ENGLISH_TEXT = "The prisoners came back to their country after the war, and some of them wrote."
RUSSIAN_TEXT = "После войны пленные вернулись домой."
GERMAN_TEXT = "Die Gefangenen kamen nach dem Krieg in ihre Heimat zurück und schwiegen."
GREEK_TEXT = "Οι αιχμάλωτοι γύρισαν στην πατρίδα τους μετά τον πόλεμο."


def languages(paragraphs: Sequence[str], declared: str | None = None) -> list[str]:
    return Detector().languages(paragraphs, declared)


def test_each_paragraph_has_its_own_language() -> None:
    texts = [ARABIC_TEXT, FRENCH_TEXT, ENGLISH_TEXT, RUSSIAN_TEXT, GERMAN_TEXT, GREEK_TEXT]
    assert languages(texts) == ["ar", "fr", "en", "ru", "de", ""]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # Without two function words: the model's turn.
        ("Bibliothèque municipale, collection photographique", "fr"),
        ("Photographic collection, newspaper clippings", "en"),
        ("Zeitungsausschnitte, Briefwechsel Vorkriegszeit", "de"),
    ],
)
def test_titles_alone(text: str, code: str) -> None:
    assert languages([text]) == [code]


def test_a_quoted_title_does_not_change_the_language() -> None:
    assert languages(["Les auteurs de The Art of War ne sont pas ceux que nous croyons."]) == ["fr"]


def test_a_paragraph_in_equal_parts_of_two_languages_is_left_open() -> None:
    assert languages(["Les Misérables et Notre-Dame, with notes from the publisher"]) == [""]


def test_short_paragraphs_follow_the_one_before_in_their_script() -> None:
    found = languages(["Vlasov", FRENCH_TEXT, "Vlasov", ARABIC_TEXT, "Vlasov, 1944", "الحرب"])
    assert found == ["fr", "fr", "fr", "ar", "fr", "ar"]


def test_between_two_languages_the_one_before_counts() -> None:
    assert languages([FRENCH_TEXT, "Praha", ENGLISH_TEXT]) == ["fr", "fr", "en"]


def test_paragraphs_without_letters_follow_any_neighbour() -> None:
    assert languages(["* * *", ARABIC_TEXT, "1944–1945", ENGLISH_TEXT, ""]) == [
        "ar",
        "ar",
        "ar",
        "en",
        "en",
    ]


def test_other_scripts_inherit_nothing() -> None:
    assert languages([ENGLISH_TEXT, GREEK_TEXT, "Ἀθῆναι"]) == ["en", "", ""]


def test_what_cannot_be_told_is_left_open() -> None:
    assert languages(["1944", "***", ""]) == ["", "", ""]
    assert languages(["Vlasov"]) == [""]
    assert languages([]) == []


def test_most_letters_decide_on_the_script() -> None:
    assert languages([ARABIC_TEXT + " (Befreiungsarmee)"]) == ["ar"]
    assert languages(["«الجيش» " + ENGLISH_TEXT]) == ["en"]


@pytest.mark.parametrize("declared", ["de", "de-AT", "DE_ch"])
def test_a_declared_language_wins_in_its_script(declared: str) -> None:
    assert languages([ENGLISH_TEXT, ARABIC_TEXT, "Prag"], declared) == ["de", "ar", "de"]


@pytest.mark.parametrize("declared", [None, "", "eo", "nonsense"])
def test_an_unknown_declared_language_is_passed_over(declared: str | None) -> None:
    assert languages([ENGLISH_TEXT], declared) == ["en"]


def test_only_configured_languages_are_found() -> None:
    assert Detector([ENGLISH]).languages([FRENCH_TEXT, ARABIC_TEXT]) == ["en", ""]
    without_german = Detector([FRENCH, ENGLISH])
    assert without_german.languages([GERMAN_TEXT])[0] in ("fr", "en", "")


def test_a_language_that_the_model_does_not_know_is_told_by_its_function_words() -> None:
    klingon = replace(ENGLISH, code="tlh", stop_words=frozenset({"joh", "vaj", "qar"}))
    detector = Detector([FRENCH, ENGLISH, klingon])
    assert detector.languages(["vaj Duj joh", "Newspaper clippings, photographs"]) == ["tlh", "en"]


def test_languages_of_which_the_model_knows_none() -> None:
    one = replace(ENGLISH, code="tlh", stop_words=frozenset({"joh", "vaj"}))
    other = replace(ENGLISH, code="qya", stop_words=frozenset({"ar", "ve"}))
    found = Detector([one, other]).languages(["Newspaper clippings, photographs", "vaj Duj joh"])
    assert found == ["tlh", "tlh"]
    assert Detector([one, other]).languages(["Newspaper clippings, photographs"]) == [""]


def test_the_model_is_not_loaded_without_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)  # importing it would fail
    assert languages([ARABIC_TEXT, FRENCH_TEXT, RUSSIAN_TEXT]) == ["ar", "fr", "ru"]


def test_threads_get_the_same_answers() -> None:
    detector = Detector()
    texts = [ARABIC_TEXT, "Photographic collection, newspaper clippings", GERMAN_TEXT] * 20
    expected = Detector().languages(texts)
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(detector.languages, [texts] * 16))


paragraph = st.one_of(
    st.text(max_size=60),
    st.sampled_from([ARABIC_TEXT, FRENCH_TEXT, ENGLISH_TEXT, RUSSIAN_TEXT, GREEK_TEXT, "\ud800 a"]),
)


@given(st.lists(paragraph, max_size=8))
def test_any_text_gets_a_code_each_and_the_same_again(texts: list[str]) -> None:
    found = languages(texts)
    assert len(found) == len(texts)
    assert set(found) <= {language.code for language in LANGUAGES} | {""}
    assert languages(texts) == found


@given(st.lists(st.tuples(st.lists(paragraph, max_size=5), st.sampled_from([None, "de", "ar"]))))
def test_documents_do_not_depend_on_each_other(
    documents: list[tuple[list[str], str | None]],
) -> None:
    detector = Detector()
    clues = Clues(detector)
    flat = [text for texts, _ in documents for text in texts]
    counts, declared = [len(texts) for texts, _ in documents], [code for _, code in documents]
    told = detector.tell(clues, flat, clues.vocabulary.read(flat), counts, declared)
    alone = [code for texts, code in documents for code in detector.languages(texts, code)]
    assert [LANGUAGES[place].code if place >= 0 else "" for place in told.tolist()] == alone


OWN = {
    language.code: {
        word
        for word in language.stop_words
        if not any(
            word in other.stop_words
            for other in LANGUAGES
            if other.script == language.script and other.code != language.code
        )
    }
    for language in LANGUAGES
}


def told_by_words(text: str) -> str | None:
    """The language as the rules in the module's description tell it, None where they do not."""
    found = [word for word, start, _ in spans(text) if start < 200]
    letters: dict[str, int] = {}
    for word in found:
        script = next((script_of(c) for c in word if c.isalpha()), None)
        if script is not None:
            letters[script] = letters.get(script, 0) + len(word)
    if not letters or sorted(letters.values())[-2:] == [max(letters.values())] * 2:
        return None  # nothing to tell, or as much of one script as of another
    script = max(letters, key=lambda name: letters[name])
    candidates = [language.code for language in LANGUAGES if language.script == script]
    if len(candidates) < 2:
        return "".join(candidates)
    counts = sorted((len(OWN[code] & set(found)), code) for code in candidates)
    (second, _), (first, leading) = counts[-2:]
    return leading if first >= 2 and first >= 2 * second else None


STOP_WORD = st.sampled_from(sorted(word for words in OWN.values() for word in words))


@given(st.lists(st.one_of(STOP_WORD, st.sampled_from(["Prag", "ينسخ", "1944", "θ"])), max_size=60))
def test_function_words_and_scripts_decide_as_the_rules_say(words: list[str]) -> None:
    text = " ".join(words)
    expected = told_by_words(text)
    if expected is not None:
        assert languages([text]) == [expected]


@pytest.mark.parametrize(
    ("word", "script"),
    [
        ("الجيش", "Arabic"),
        ("ﷺ", "Arabic"),
        ("armée", "Latin"),
        ("армия", "Cyrillic"),
        ("3rd", "Latin"),
        ("1944", ""),
        ("١٩٤٤", ""),
        ("στρατός", ""),
        ("軍", ""),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_script_of(word: str, script: str) -> None:
    assert script_of(word) == script


def test_main_language_is_the_one_with_most_text() -> None:
    assert main_language(["fr", "en", "fr", ""], [30, 50, 40, 900]) == ("fr", ["fr", "en"])
    assert main_language(["en", "fr"], [10, 10]) == ("en", ["en", "fr"])
    assert main_language(["", ""], [5, 5]) == ("", [])
    assert main_language([], []) == ("", [])


def test_main_language_needs_a_length_for_each_code() -> None:
    with pytest.raises(ValueError, match="zip"):
        main_language(["fr"], [])
