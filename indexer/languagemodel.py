"""py3langid's statistical model for some languages, cut down once and kept for later processes.

Unpacking the whole model takes .4 seconds and 50 MB, more than all else of a small indexing. What
is left of it for a few languages is kept as plain arrays in the user's cache (XDG_CACHE_HOME, else
~/.cache), under a name that tells the model it is of; mapping those takes a fortieth of a second.
Where there is no such folder, or no room in it, the model is unpacked each time.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .arrayfile import Array, ArrayFile, ArrayWriter
from .errors import FihrisError
from .storage import Folder

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# How models are kept; changes with what is below.
_FORMAT = 1
# The arrays of a model, and the type of their numbers.
_TYPES = {"ptc": "<f2", "pc": "<f4", "nextmove": "<u4", "row": "<u4", "output": "<i4"}


@lru_cache(maxsize=4)
def model(codes: tuple[str, ...]) -> LanguageIdentifier | None:
    """The model cut down to those of some languages that it knows, None without any. The same
    text gets the same answer whether or not it was kept."""
    from py3langid import langid

    path = Path(langid.__file__).parent / langid.MODEL_FILE
    folder = _folder()
    if folder is None:
        return _cut_down(codes)
    status = path.stat()
    of_languages = f"languages-{_FORMAT}-{'-'.join(sorted(codes))}-"
    name = f"{of_languages}{status.st_size:x}-{status.st_mtime_ns:x}"
    kept = _read(folder / name)
    if kept is not None:
        return kept
    cut = _cut_down(codes)
    if cut is not None:
        with suppress(FihrisError, OSError):
            _write(Folder(folder), name, cut)
            for old in folder.glob(f"{of_languages}*"):
                if old.name != name:
                    old.unlink()
    return cut


def _folder() -> Path | None:
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(chosen) if os.path.isabs(chosen) else Path.home() / ".cache") / "fihris"  # noqa: PTH117
    except RuntimeError:  # no home
        return None


def _cut_down(codes: tuple[str, ...]) -> LanguageIdentifier | None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    full = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = set(codes) & set(full.labels)
    if not known:
        return None
    full.set_languages(known)
    # A second one, since the first would hold on to the figures of a hundred languages (28 MB).
    return LanguageIdentifier(
        full.nb_ptc,
        full.nb_pc,
        full.nb_classes,
        full.tk_nextmove,
        full.tk_output,
        norm_probs=True,
        tk_row=full.tk_row,
    )


def _write(folder: Folder, name: str, cut: LanguageIdentifier) -> None:
    """Keeps a model: its arrays as whole numbers of their size, its languages, checksums."""
    values: dict[str, Any] = {
        "ptc": np.ascontiguousarray(cut.nb_ptc).ravel(),
        "pc": cut.nb_pc,
        "nextmove": np.asarray(cut.tk_nextmove),
        "row": np.asarray(cut.tk_row),
        "output": np.asarray(cut.tk_output),
    }
    folder.make()
    unfinished = f"unfinished-{os.getpid()}-{name}"
    with ArrayWriter(folder, unfinished) as writer:
        arrays = [_numbers(values[each].astype(kind)) for each, kind in _TYPES.items()]
        arrays.append(np.frombuffer(" ".join(cut.nb_classes).encode(), np.uint8))
        for each, array in zip((*_TYPES, "classes"), arrays, strict=True):
            writer.add(each, array)
        writer.add("checksums", np.array([zlib.crc32(array.data) for array in arrays], np.uint32))
        writer.close()
    folder.rename(unfinished, name)


def _numbers(array: Array) -> Array:
    return array.view(f"<u{array.dtype.itemsize}")


def _read(path: Path) -> LanguageIdentifier | None:
    """A model that was kept, None when there is none that is intact."""
    from py3langid.langid import LanguageIdentifier

    try:
        file = ArrayFile(path)
        arrays = [file[name] for name in (*_TYPES, "classes")]
        checksums = file["checksums"].tolist()
    except FihrisError:
        return None
    if checksums != [zlib.crc32(array.data) for array in arrays]:
        return None
    views = [array.view(kind) for array, kind in zip(arrays, _TYPES.values(), strict=False)]
    ptc, pc, nextmove, row, output = views
    transitions: Any = nextmove.data
    return LanguageIdentifier(
        ptc.reshape(-1, len(pc)),
        pc,
        bytes(arrays[-1]).decode().split(),
        transitions,
        output.tolist(),
        norm_probs=True,
        tk_row=row.tolist(),
    )
