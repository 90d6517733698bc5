"""Answers kept for those who ask the same again soon: the next letter's, or another reader's."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


class Recent:
    """Up to so many answers; when there is no more room, all are forgotten at once. Threads may
    share it: at worst something is found out twice."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, Any] = {}

    def get(self, key: Hashable, find: Callable[[], _Answer]) -> _Answer:
        """The answer known by a key, found out when it is not known; one key, one kind of
        answer."""
        try:
            return self._kept[key]
        except KeyError:
            answer = find()
        if len(self._kept) >= self._most:
            self._kept.clear()
        self._kept[key] = answer
        return answer
