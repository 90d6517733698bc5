import pytest
from fihris.indexer.readers.parsed import primary_language, without_time


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("fr", "fr"),
        ("fr-CA", "fr"),
        (" AR_eg ", "ar"),
        ("eng", "en"),
        ("fre", "fr"),
        ("zh-Hant-TW", "zh"),
        ("xyz", None),
        ("x-klingon", None),
        ("French", None),
        ("", None),
        (None, None),
    ],
)
def test_primary_language(tag: str | None, code: str | None) -> None:
    assert primary_language(tag) == code


def test_without_time() -> None:
    assert without_time("1944-11-14T10:00:00+01:00") == "1944-11-14"
    assert without_time(" 1944-11-14 10:00") == "1944-11-14"
    assert without_time("1943/1945") == "1943/1945"
