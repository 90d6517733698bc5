"""The named errors of Fihris: each says what was wrong, where, and what to do about it."""

from __future__ import annotations

import errno
import os

_RESTORE = "restore the index from a copy, or index the documents again"
_NOT_PERMITTED = (errno.EACCES, errno.EPERM)


class FihrisError(Exception):
    """Base of every error that Fihris raises on purpose."""


class InputError(FihrisError):
    """Something given to be indexed or searched cannot be used.

    Args:
        where: the file, the file and line, or the record, as a person would name it.
        what: what is wrong with it.
        advice: what to do about it; may be empty.
    """

    def __init__(self, where: str, what: str, advice: str = "") -> None:
        self.where, self.what, self.advice = where, what, advice
        super().__init__(f"{where}: {what}" + (f"; {advice}" if advice else ""))

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str, str]]:
        # Worker processes hand these errors back, so that they must survive the trip.
        return type(self), (self.where, self.what, self.advice)


class DocumentError(InputError):
    """A document breaks a rule of the index: no id, a field of the wrong type, too long."""


class IndexNotFound(FihrisError):
    """There is no index in the folder."""


class IndexVersionError(FihrisError):
    """The index was written by a version of Fihris that this one cannot read."""


class IndexDamaged(FihrisError):
    """A file of the index is missing, cut short or altered.

    Args:
        where: the file.
        what: what is wrong with it.
        advice: what to do about it.
    """

    def __init__(self, where: str | os.PathLike[str], what: str, advice: str = _RESTORE) -> None:
        self.where, self.what, self.advice = os.fspath(where), what, advice
        super().__init__(self.where, what, advice)

    @classmethod
    def unreadable(cls, where: str | os.PathLike[str], error: OSError) -> IndexDamaged:
        """The error that says of a file why it cannot be read."""
        # Nothing is lost where only the rights are wrong.
        advice = "run as a user who may read it" if error.errno in _NOT_PERMITTED else _RESTORE
        return cls(where, f"cannot be read ({error.strerror})", advice)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.advice}"


class IndexLocked(FihrisError):
    """Another process is writing to the index."""


class StorageError(FihrisError):
    """The disk refused: it is full, read-only, or failing. The last commit still stands."""


class WriterClosed(FihrisError):
    """A writer was used after it had committed or been cancelled."""
