"""Values of earlier runs, kept by name."""

from __future__ import annotations

from pathlib import Path

import msgspec
from fihris.indexer.errors import InputError

from .running import Values

FOLDER = Path(__file__).parents[1] / "results"


def save(folder: Path, name: str, values: Values) -> None:
    """Keeps the values of a run. Raises InputError when they cannot be written."""
    path = _path(folder, name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(values))
    except OSError as error:
        raise InputError(str(path), f"cannot be written ({error.strerror})") from error


def load(folder: Path, name: str) -> Values:
    """The values of an earlier run. Raises InputError."""
    path = _path(folder, name)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Values)
    except OSError as error:
        raise InputError(
            str(path), f"cannot be read ({error.strerror})", f"make it with --save {name}"
        ) from error
    except msgspec.MsgspecError as error:
        raise InputError(
            str(path), f"is no run that was kept: {error}", f"make it with --save {name}"
        ) from error


def _path(folder: Path, name: str) -> Path:
    if not name or "/" in name or "\0" in name:
        raise InputError(f"{name!r}", "is no name for a run", "take letters, digits and hyphens")
    return folder / f"relevance-{name}.json"
