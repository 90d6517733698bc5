import os
from pathlib import Path

from fihris.indexer.found import Found, shown


def test_what_cannot_be_printed_is_shown_in_figures() -> None:
    assert shown("رسالة/é.txt") == "رسالة/é.txt"
    assert shown(os.fsdecode(b"caf\xe9.txt")) == "caf\\xe9.txt"
    assert shown("a\nb\x1b[31m\x85") == "a\\x0ab\\x1b[31m\\x85"


def test_where_can_be_printed() -> None:
    path = Path(os.fsdecode(b"letters/caf\xe9.txt"))
    assert Found(path, "letters", "x", 0, 0).where.encode() == b"letters/caf\\xe9.txt"
