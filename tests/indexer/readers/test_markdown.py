import time

import pytest
from fihris.indexer.errors import InputError
from fihris.indexer.readers.markdown import read


def text(source: str) -> str:
    return read(source.encode(), "a.md").text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*one* **two** _three_ ~~four~~ `five`", "one two three four five"),
        ("snake_case and 2 * 3 * 4 stay", "snake_case and 2 * 3 * 4 stay"),
        ("[the letter](http://x.org 'tip'), ![a camp](c.png)", "the letter, a camp"),
        ("[the letter][1]\n\n[1]: http://x.org", "the letter"),
        ("\\*not bold\\* &eacute;t&eacute;", "*not bold* été"),
        ("# One\n\ntext\n\nTwo\n===\nmore", "One\n\ntext\n\nTwo\n\nmore"),
        ("one\ntwo\n\nthree  \nfour<br>five", "one two\n\nthree\nfour\nfive"),
        ("- a\n- b\n\n1. c\n2. d", "a\nb\n\nc\nd"),
        ("> said he\n> twice", "said he twice"),
        (">" * 50 + " deep", "deep"),
        ("| a | b |\n|---|---|\n| *c* | d |\n\nend", "a | b\nc | d\n\nend"),
        ("```py\nx = 1\n\ny = 2\n```\nafter", "x = 1\n\ny = 2\n\nafter"),
        ("one <!-- not this --> two\n\n<!--\nnor this\n-->\n\nthree", "one two\n\nthree"),
        ("<div>\n<p>in <b>HTML</b></p>\n</div>\n\nout", "in HTML\n\nout"),
        ("He fell[^1].\n\n[^1]: Near *Prague*.", "He fell.\n\n[1] Near Prague."),
        ("قال **الضابط** كلمة", "قال الضابط كلمة"),
    ],
)
def test_marks_are_taken_off(source: str, expected: str) -> None:
    assert text(source) == expected


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("intro\n\n# The *camp*\n\n# Other", "The camp"),
        ("## Small\n\ntext", "Small"),
        ("text\n\n## Small", ""),
        ("---\ntitle: From: above\n---\n# Heading", "From: above"),
    ],
)
def test_title(source: str, title: str) -> None:
    assert read(source.encode(), "a.md").title == title


def test_front_matter() -> None:
    source = """---
Title: "Le camp"
lang: fr-FR
# a remark
author:
  - Anna B.
  - 'Ivan C.'
date: 1944-11-14T10:00:00
collection: Lettres
source: box 7
tags: [war, "peace"]
note: >
  on two
  lines
empty:
---
Texte
"""
    parsed = read(source.encode(), "a.md")
    assert parsed.text == "Texte"
    assert (parsed.title, parsed.language, parsed.date) == ("Le camp", "fr", "1944-11-14")
    assert (parsed.creator, parsed.collection, parsed.source) == (
        "Anna B., Ivan C.",
        "Lettres",
        "box 7",
    )
    assert parsed.extra == {"tags": "war, peace", "note": "on two lines"}


@pytest.mark.parametrize(
    "source", ["---\nA rule above, a rule below.\n---\n", "---\nkey: but no end\n", "--- \n\nx: y"]
)
def test_rules_are_not_front_matter(source: str) -> None:
    parsed = read(source.encode(), "a.md")
    assert parsed.extra is None
    assert parsed.text in ("A rule above, a rule below.", "key: but no end", "x: y")


def test_a_long_file_is_read_in_pieces_that_know_all_links() -> None:
    paragraphs = [f"Paragraph *{n}* of the [letter][1]." for n in range(10_000)]
    source = "\n\n".join([*paragraphs, "[1]: http://x.org"])
    assert text(source).split("\n\n") == [f"Paragraph {n} of the letter." for n in range(10_000)]


def test_a_long_line_without_blanks_is_kept() -> None:
    assert text("a" * 200_000).replace("\n\n", "") == "a" * 200_000


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("[" * 20_000, marks=pytest.mark.slow),
        pytest.param("[^a" * 8_000, marks=pytest.mark.slow),
        "*a_ " * 20_000,
        "- " * 5000,
        "`" * 50_000 + "a",
    ],
)
def test_hostile_marks_take_bounded_time(source: str) -> None:
    # Its own time, whatever else the machine does.
    start = time.process_time()
    read(source.encode(), "a.md")
    assert time.process_time() - start < 10


def test_an_empty_file_is_named() -> None:
    with pytest.raises(InputError, match=r"a\.md: is empty"):
        read(b"", "a.md")
