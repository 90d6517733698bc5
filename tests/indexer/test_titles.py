import pytest
from fihris.indexer.titles import guess_title
from hypothesis import given
from hypothesis import strategies as st

BODY = "It was a long winter, and the letters from home came late or did not come at all."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The Winter Camp\n\n" + BODY, "The Winter Camp"),
        ("\n \n  The Winter Camp\r\n" + BODY, "The Winter Camp"),
        ("The Winter Camp\r\rText", "The Winter Camp"),
        ("---\nThe Winter Camp\n", "The Winter Camp"),
        ("رسائل من المعسكر\n\nكان الشتاء طويلا.", "رسائل من المعسكر"),
        ("A short note", "A short note"),
        # Broken at the margin, the first line is no title.
        ("The column was led by\nAnna Orlova, who knew the way. It\nsnowed.",
         "The column was led by Anna Orlova, who knew the way."),
        ("The column left the town at\ndawn. It snowed.",
         "The column left the town at dawn."),
        # The first sentence, when it is short.
        ("Dear Anna! I write to you. " + BODY, "Dear Anna!"),
        ("Dr. A. Orlova wrote it in 1944. " + BODY, "Dr. A. Orlova wrote it in 1944."),
        ("ما هو الفهرس؟ هو كتاب تذكر فيه أسماء الكتب. " * 3, "ما هو الفهرس؟"),
        # A long one is cut: at a clause, at the bracket of a definition, or between words.
        ("Les prisonniers de la ville haute, surpris par l'hiver sans vivres ni couvertures, "
         "furent conduits vers le fleuve par des chemins détournés.",
         "Les prisonniers de la ville haute, surpris par l'hiver sans vivres ni couvertures…"),
        ("خرج الأسرى من المدينة في الصباح، وساروا نحو النهر تحت الثلج والريح؛ "
         "ولم يصل منهم إلا قليل بعد أيام طويلة من السير والجوع والبرد.",
         "خرج الأسرى من المدينة في الصباح، وساروا نحو النهر تحت الثلج والريح…"),
        ("The Northern Column (German: Nordkolonne; Russian: Северная колонна) was a body of "
         "volunteers that marched from the river to the sea in the last winter of the war.",
         "The Northern Column"),
        ("word " * 60, "word " * 19 + "word…"),
        ("x" * 500, "x" * 100 + "…"),
        ("", ""),
        ("\n* * *\n", ""),
    ],
)  # fmt: skip
def test_guess_title(text: str, title: str) -> None:
    assert guess_title(text) == title


@given(st.text(alphabet=st.sampled_from("abA 1.,;(\n\r-—؟،ان«»’…"), max_size=400))
def test_a_title_is_the_start_of_the_text(text: str) -> None:
    title = guess_title(text)
    assert len(title) <= 121
    assert bool(title) == any(c.isalnum() for c in text)
    lines = text.replace("\r", "\n").split("\n")
    first = next((n for n, line in enumerate(lines) if any(c.isalnum() for c in line)), 0)
    rest = " ".join(" ".join(lines[first:]).split())
    assert rest.startswith((title, title.removesuffix("…")))


def test_only_the_start_of_a_long_text_is_looked_at() -> None:
    assert guess_title("-" * 1_000_000 + "\n" + "word " * 1_000_000).startswith("word word")
