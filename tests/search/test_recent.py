from __future__ import annotations

import numpy as np
from fihris.search.recent import Recent


def _answer(kilobytes: int = 1) -> np.ndarray:
    return np.zeros(kilobytes << 10, np.uint8)


def test_what_was_asked_lately_is_not_found_out_again() -> None:
    asked: list[str] = []

    def find(key: str) -> np.ndarray:
        asked.append(key)
        return _answer() + ord(key)

    recent = Recent(6 << 10)
    # "a" is asked again and again and stays, "b" is forgotten when others come.
    for key in "abacadaeafabaa":
        assert recent.get(key, lambda key=key: find(key))[0] == ord(key)
    assert asked == list("abcdefb")


def test_no_more_is_kept_than_there_is_room_for() -> None:
    recent, sizes = Recent(100 << 10), [1, 3, 17, 5, 45, 2]
    for n in range(300):
        kilobytes = sizes[n % len(sizes)]
        assert len(recent.get(n, lambda size=kilobytes: _answer(size))) == kilobytes << 10
        generations = (recent._younger, recent._older)
        assert sum(each.nbytes for kept in generations for each in kept.values()) <= 100 << 10
    assert len(recent) > 3
    assert len(recent.get(299, lambda: _answer(7))) == 2 << 10


def test_answers_of_next_to_nothing_take_room_too() -> None:
    recent = Recent(100 << 10)
    for n in range(1000):
        recent.get(n, lambda: _answer(0))
    assert len(recent) <= 200


def test_what_is_too_large_is_given_and_not_kept() -> None:
    recent = Recent(10 << 10)
    recent.get("small", _answer)
    for _ in range(2):
        assert len(recent.get("large", lambda: _answer(6))) == 6 << 10
    assert len(recent) == 1
