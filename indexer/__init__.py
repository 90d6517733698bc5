"""Documents become an index: `Index`, `Document`, and the errors that can be raised."""

from typing import TYPE_CHECKING, Any

from .document import Document
from .errors import (
    DocumentError,
    FihrisError,
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    IndexVersionError,
    InputError,
    StorageError,
)
from .index import Index

if TYPE_CHECKING:
    from .rebuild import rebuild_lexicon
    from .writer import Writer

__all__ = [
    "Document",
    "DocumentError",
    "FihrisError",
    "Index",
    "IndexDamaged",
    "IndexLocked",
    "IndexNotFound",
    "IndexVersionError",
    "InputError",
    "StorageError",
    "Writer",
    "rebuild_lexicon",
]


def __getattr__(name: str) -> Any:
    """What writes is imported when it is asked for: a search does not need it."""
    if name == "Writer":
        from .writer import Writer

        return Writer
    if name == "rebuild_lexicon":
        from .rebuild import rebuild_lexicon

        return rebuild_lexicon
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
