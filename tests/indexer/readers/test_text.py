import pytest
from fihris.indexer.errors import InputError
from fihris.indexer.readers.text import read


def test_the_text_is_kept_as_given() -> None:
    source = "A letter\r\n\r\n  Dear sister, the camp is large.\r\n"
    parsed = read(b"\xef\xbb\xbf" + source.encode(), "a.txt")
    assert (parsed.title, parsed.text) == ("A letter", source)
    assert parsed.language is None


def test_a_text_of_signs_alone_has_no_title() -> None:
    assert read(b"* * *", "a.txt").title == ""


def test_an_empty_file_is_named() -> None:
    with pytest.raises(InputError, match=r"a\.txt: is empty"):
        read(b"\n", "a.txt")
