"""Answers kept for those who ask the same again soon: the next letter's, or another reader's."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


class Recent:
    """Up to so many answers: those of two generations, of which the older is forgotten when the
    younger is full. Threads may share it: at worst something is found out twice."""

    def __init__(self, most: int) -> None:
        self._most = most // 2
        self._younger: dict[Hashable, Any] = {}
        self._older: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self._younger) + len(self._older)

    def get(self, key: Hashable, find: Callable[[], _Answer]) -> _Answer:
        """The answer known by a key, found out when it is not known; one key, one kind of
        answer."""
        try:
            return self._younger[key]
        except KeyError:
            pass
        older = self._older
        answer = older[key] if key in older else find()
        if len(self._younger) >= self._most:
            self._older, self._younger = self._younger, {}
        self._younger[key] = answer
        return answer
