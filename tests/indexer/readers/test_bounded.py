import pytest
from fihris.indexer.readers.bounded import bounded


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<P Class=a>x</P>", "<P Class=a>x</P>"),
        ("a<B title='>'>b</B>c", "abc"),
        ("a<script>'<p>'</script >b<svg><path/></svg>c", "abc"),
        ("a<!-- x --!>b<!-->c", "abc"),
        ("<scripture>x", "<scripture>x"),
    ],
)
def test_scripts_comments_and_inline_marks_are_left_out(source: str, expected: str) -> None:
    assert bounded(source) == expected


def test_elements_nest_to_a_bound() -> None:
    source = bounded("<div>" * 501 + "x" + "</div>" * 501 + "<div>y</div>")
    assert source == "<div>" * 500 + "<br>x<br>" + "</div>" * 500 + "<div>y</div>"


def test_paragraphs_left_open_do_not_count_as_nested() -> None:
    assert bounded("<p>x" * 1000) == "<p>x" * 1000


def test_long_attributes_are_left_out() -> None:
    assert bounded(f"<p title='{'x' * 5000}'>y") == "<p>y"
