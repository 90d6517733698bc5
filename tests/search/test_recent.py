from __future__ import annotations

from fihris.search.recent import Recent


def test_what_was_asked_lately_is_not_found_out_again() -> None:
    asked: list[str] = []

    def find(key: str) -> str:
        asked.append(key)
        return key.upper()

    recent = Recent(4)
    # "a" is asked again and again and stays, "b" is forgotten when others come.
    for key in "abacadaeafabaa":
        assert recent.get(key, lambda key=key: find(key)) == key.upper()
    assert asked == list("abcdefb")


def test_no_more_is_kept_than_there_is_room_for() -> None:
    recent = Recent(4)
    for n in range(100):
        assert recent.get(n, lambda n=n: -n) == -n
        assert len(recent) <= 4
    assert recent.get(99, lambda: 0) == -99
