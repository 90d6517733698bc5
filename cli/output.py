"""What is printed: results on standard output, everything else on standard error.

The texts come from documents that nobody has looked at, so that control characters, with which a
text could take over a terminal or reorder its lines, are taken out.
"""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

# C0 and C1 controls, and the invisible characters that change the direction of what follows them.
# Joiners and the plain direction marks (U+200C to U+200F, U+061C) belong to the spelling.
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile("[ \t-\r\x85\u2028\u2029]+")
_DELETE_AND_C1 = re.compile("[\x7f-\x9f]")
_RIGHT_TO_LEFT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]"
_RIGHT_TO_LEFT_WORDS = re.compile(
    f"{_RIGHT_TO_LEFT}(?:[{_RIGHT_TO_LEFT[1:-1]} ]*{_RIGHT_TO_LEFT})?"
)


class ClosedOutput(Exception):
    """Whoever reads standard output wants no more."""


def prepare() -> None:
    """Makes the streams print whatever they are given, be it not in their encoding.

    One that was closed leads nowhere: a file that took its number would be printed into.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(nowhere, True)
            setattr(sys, name, os.fdopen(nowhere, "r" if name == "stdin" else "w"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def plain(text: str) -> str:
    """The text on one line, without control characters."""
    return _SPACES.sub(" ", _CONTROLS.sub("", text))


def counted(number: int, noun: str) -> str:
    """A number of things: 1 document, 2,000 documents."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def isolated(text: str) -> str:
    """The text set apart, so that its direction does not disturb the rest of a line."""
    return f"\u2068{text}\u2069" if text else ""


def isolated_words(line: str) -> str:
    """A line of figures and words with the words written from right to left set apart."""
    return _RIGHT_TO_LEFT_WORDS.sub(lambda words: isolated(words[0]), line)


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at what is printed, on something that obeys escape sequences."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def wants_colour(choice: str) -> bool:
    """Whether to colour standard output: `choice` is auto, always or never."""
    if choice == "auto":
        return is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    return choice == "always"


def line(text: str = "") -> None:
    """Prints a line of results. Raises ClosedOutput or StorageError."""
    _to_output(f"{text}\n")


def flush() -> None:
    """Brings all results out. Raises as `line` does."""
    _to_output("", flush=True)


def json_line(value: Any) -> None:
    """Prints a JSON value on a line, in UTF-8 whatever the terminal's encoding is."""
    import json  # other output has no use for it

    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.encoding.lower() != "utf-8":
        sys.stdout.reconfigure(encoding="utf-8")
    text = json.dumps(value, ensure_ascii=False)
    line(_DELETE_AND_C1.sub(lambda character: f"\\u{ord(character[0]):04x}", text))


def note(text: str) -> None:
    """Prints a remark or an error on a line of standard error, after the results so far.

    Raises as `line` does.
    """
    flush()
    # Whether anybody reads the remarks must not decide whether the work is done.
    with suppress(OSError):
        print(plain(text), file=sys.stderr, flush=True)


def _to_output(text: str, *, flush: bool = False) -> None:
    try:
        sys.stdout.write(text)
        if flush:
            sys.stdout.flush()
    except OSError as error:
        raise _refused(error) from error


@contextmanager
def printing() -> Iterator[None]:
    """A block in which others print, as click does the help. Raises as `line` does."""
    try:
        yield
    except OSError as error:
        raise _refused(error) from error


def _refused(error: OSError) -> Exception:
    # What is still in the buffer would be tried again, and fail aloud, when Python ends.
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:
        return ClosedOutput()
    from ..indexer.errors import StorageError

    return StorageError(f"standard output: cannot be written ({error.strerror})")
