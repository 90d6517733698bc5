from __future__ import annotations

import pytest
from fihris.search.sentences import begins_sentence, sentence_ends
from hypothesis import given
from hypothesis import strategies as st

# Each text with a bar where one sentence is over and another begins.
TEXTS = [
    "It was over. |They left! |Where to? |Nobody knew… |Later",
    "Major J. Hayes of the U.S. Army’s 80th Division met Lt. Gen. Vlasov. |He spoke.",
    "Dr. Mari K. Eder, Mrs. Smith and Prof. Brown wrote vol. 2, p. 14 (ed. Fischer). |It sold.",
    "On 14.11.1944 it was read. |On 14. November again.",
    "Camps, cities, etc. were empty. |Trucks, etc. |Nobody",
    "“Halt!” he cried. |“Why?” |She ran.",
    "It ended in 1945.[12] |Then came peace.",
    "Il dit : « Jamais. » |Puis M. Dupont et Mme. Roy partirent, av. J.-C. ou après. |Fin.",
    "انتهت الحرب . |ثم عاد الجيش؟ |نعم! |قال د. أحمد كلمة.",
    "جنگ ختم ہوئی۔ |پھر امن آیا۔",
    "A heading\n|The text of it goes on in a line that is longer than forty characters.",
    "This paragraph was broken into lines of about\nsixty characters, as old letters and plain\n"
    "mail are.",
    "A list that has an introduction before its items begin:\n|- the first thing, which is longer\n"
    "|- the second\n|3) the third",
    "A line that is long enough to be one of a broken paragraph\n\n|A new paragraph.",
    "z.B. dies und d.h. jenes. |Ende.",
    "",
]


@pytest.mark.parametrize("marked", TEXTS)
def test_ends(marked: str) -> None:
    text = marked.replace("|", "")
    expected = [place - n for n, place in enumerate(i for i, c in enumerate(marked) if c == "|")]
    assert list(sentence_ends(text, 0, len(text))) == expected
    for place in expected:
        assert begins_sentence(text, place)
    assert begins_sentence(text, 0)


def test_a_place_within_a_sentence_begins_none() -> None:
    text = "Major J. Hayes came. He left."
    assert not begins_sentence(text, text.index("Hayes"))
    assert not begins_sentence(text, text.index("ayes"))
    assert begins_sentence(text, text.index("He left"))


@given(st.text("aA. \n!؟«»1-"), st.integers(0, 20), st.integers(0, 20))
def test_ends_lie_in_the_stretch(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    ends = list(sentence_ends(text, start, end))
    assert ends == sorted(set(ends))
    assert all(start < place <= end for place in ends)


@given(st.text("aA. \n\r!؟«»1-)[]\u00a0", max_size=60), st.integers(0, 60))
def test_a_sentence_begins_where_one_ends(text: str, place: int) -> None:
    place = min(place, len(text))
    expected = place in sentence_ends(text, 0, place)
    if not text[:place].strip():
        expected = True
    assert begins_sentence(text, place) == expected
