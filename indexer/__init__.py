"""Documents become an index: `Index`, `Document`, and the errors that can be raised."""

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
