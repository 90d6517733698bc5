"""Answers that a client has already: told by their ETag, without a search."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response

from ..search import Searcher
from ..search.snapshot import Snapshot
from .asking import wants_json, wording
from .files import FILES


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()


_HERE = Path(__file__).parent
_PROGRAM = _digest(
    repr(
        [
            version("fihris"),
            *(file.version for file in FILES.values()),
            *(path.read_bytes() for path in sorted(_HERE.glob("templates/*"))),
            *(path.read_bytes() for path in sorted(_HERE.glob("*.py"))),
        ]
    )
)
_commits: WeakKeyDictionary[Snapshot, str] = WeakKeyDictionary()

#: Kept, and asked for again each time: a new commit shows at once.
REVALIDATED = "no-cache"


def etag(request: Request, searcher: Searcher) -> str:
    """What changes when the answer may: with the commit, the program, its settings, the address,
    and what the client's browser prefers. Weak, since the time a search took is part of it."""
    asked = (
        _commit(searcher.snapshot),
        searcher.thesaurus.digest,
        request.app.state.settings,
        request.scope.get("root_path", ""),
        request.headers.get("host", ""),
        request.scope.get("scheme", "http"),
        request.scope["path"],
        request.scope["query_string"],
        wants_json(request),
        wording(request).code,
    )
    return f'W/"{_digest(repr(asked))}"'


def cached(request: Request, searcher: Searcher, answer: Callable[[], Response]) -> Response:
    """The answer with its ETag, or status 304 when the client has it."""
    tag = etag(request, searcher)
    known = request.headers.get("if-none-match", "")
    has_it = tag in (each.strip() for each in known[:4096].split(","))
    response = Response(status_code=304) if has_it else answer()
    if response.status_code in (200, 304):
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = REVALIDATED
        response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _commit(snapshot: Snapshot) -> str:
    """Names what is in a commit, the same in every process."""
    known = _commits.get(snapshot)
    if known is None:
        infos = [repr(part.files.info) for part in snapshot.parts]
        known = _commits[snapshot] = _digest(repr((_PROGRAM, snapshot.generation, infos)))
    return known
