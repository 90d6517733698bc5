"""Answers kept for those who ask the same again soon: the next letter's, or another reader's."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar


class Sized(Protocol):
    """What knows how much memory it takes."""

    @property
    def nbytes(self) -> int:
        """Its size in bytes, about."""
        ...


_Answer = TypeVar("_Answer", bound=Sized)
# What an answer takes beside its own size, with its key; in bytes.
_ENTRY = 640


class Recent:
    """Answers of up to so many bytes: those of two generations, of which the older is forgotten
    when the younger has half of the room. Threads may share it: at worst something is found out
    twice."""

    def __init__(self, room: int) -> None:
        self._room = room // 2
        self._younger: dict[Hashable, Any] = {}
        self._older: dict[Hashable, Any] = {}
        self._size = 0

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
        answer: _Answer = older[key] if key in older else find()
        size = answer.nbytes + _ENTRY
        if size > self._room:
            return answer
        if self._size + size > self._room:
            self._older, self._younger, self._size = self._younger, {}, 0
        self._younger[key] = answer
        self._size += size
        return answer
