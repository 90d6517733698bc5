"""Giving freed memory back to the system between steps that need much of it."""

from __future__ import annotations

from functools import cache
from typing import Any

#: So much must be free before it is given back, in bytes: asking for it again costs time.
IDLE = 16 << 20


def trim() -> None:
    """Lets go of the pages that nothing stands on any more, where they are many.

    glibc takes arrays of up to 32 MB from one heap, and gives back only what is free at its end:
    of a large merge a third of all memory was holes between arrays still in use. Elsewhere,
    nothing.
    """
    libc = _glibc()
    if libc and libc.mallinfo2().fordblks > IDLE:
        libc.malloc_trim(0)


@cache
def _glibc() -> Any:
    """The C library where it is glibc 2.33 or newer."""
    # Only here, since a search imports this module and frees nothing.
    import ctypes

    class Figures(ctypes.Structure):
        """`struct mallinfo2` (mallinfo(3)): `fordblks` bytes are free in the heap."""

        _fields_ = [
            (name, ctypes.c_size_t)
            for name in (
                "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
            ).split()
        ]

    try:
        libc = ctypes.CDLL(None)
        libc.mallinfo2.restype = Figures
        libc.malloc_trim.argtypes = [ctypes.c_size_t]
    except (AttributeError, OSError, TypeError):
        return None
    return libc
