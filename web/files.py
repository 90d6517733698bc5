"""The files that pages load, kept in memory: style sheet, scripts, font, icon."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from zlib import crc32

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response


class File(msgspec.Struct, frozen=True):
    """A file with its media type, and a version that changes with its content."""

    content: bytes
    media_type: str
    version: str


def _file(path: Path) -> File:
    content = path.read_bytes()
    if path.suffix == ".css":
        # What a style sheet loads is named with its version too.
        content = _LOADED.sub(lambda found: _versioned(path.parent, found), content)
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return File(content, media_type, f"{crc32(content):08x}")


def _versioned(folder: Path, found: re.Match[bytes]) -> bytes:
    version = crc32((folder / found[1].decode()).read_bytes())
    return b"url(%s?v=%08x)" % (found[1], version)


_LOADED = re.compile(rb"url\(([\w.-]+)\)")
FILES = {path.name: _file(path) for path in (Path(__file__).parent / "static").iterdir()}


async def embed(_: Request) -> Response:
    """The script of the custom element, under an address that stays: pages of other sites hold it,
    so that it is asked for again whenever it may have changed."""
    file = FILES["embed.js"]
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return Response(file.content, headers=headers, media_type=file.media_type)


async def static(request: Request) -> Response:
    """One of the files; to be kept by the browser when its address names the version."""
    file = FILES.get(request.path_params["name"])
    if file is None:
        raise HTTPException(404)
    lasting = request.query_params.get("v") == file.version
    cache = "public, max-age=31536000, immutable" if lasting else "no-cache"
    return Response(file.content, headers={"Cache-Control": cache}, media_type=file.media_type)
