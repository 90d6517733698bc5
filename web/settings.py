"""What an operator may set: in a TOML file, in the environment, or in a program."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from ..indexer.errors import FihrisError

#: A setting of the environment is this and its name in capitals.
PREFIX = "FIHRIS_"
# Variables of this prefix that are no settings of pages.
_OTHERS = [f"{PREFIX}{name}" for name in ("INDEX", "SETTINGS", "LIMITS", "DEBUG", "COMPILED")]
# So alike is what differs from a setting by a slip.
_NEARLY = 0.85
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_ANCESTOR = re.compile(r"'self'|'none'|\*|https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?")


class SettingsError(FihrisError):
    """A setting that cannot be understood: says which, where, and what to write."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings, with what holds when nothing is said.

    Attributes:
        name: of the archive, shown at the top of each page; "" for Fihris's own.
        frame_ancestors: which sites may show the pages in a frame, as in the directive of the
            Content Security Policy of that name.
        allowed_origins: sites whose scripts may read the API, such as https://portal.example.
        requests_per_minute: of one client to everything but static files; 0: as many as it likes.
        burst: so many of them may come at once.
        metrics: whether /metrics is served.
        log_requests: a line in the log for each request, and not for those alone that failed.
        log_queries: with its query text.
        log_clients: with the client's address.
        thesaurus: a file of synonyms (docs/languages.md); "": none.
        thesaurus_hierarchy: whether broader and narrower concepts of it are synonyms too.
    """

    name: str = ""
    frame_ancestors: tuple[str, ...] = ("'self'",)
    allowed_origins: tuple[str, ...] = ()
    requests_per_minute: int = 0
    burst: int = 60
    metrics: bool = True
    log_requests: bool = True
    log_queries: bool = False
    log_clients: bool = False
    thesaurus: str = ""
    thesaurus_hierarchy: bool = False

    def __post_init__(self) -> None:
        for name, allowed in (("frame_ancestors", _ANCESTOR), ("allowed_origins", _ORIGIN)):
            for value in getattr(self, name):
                if not allowed.fullmatch(value):
                    raise ValueError(f"{name}: {value!r} is no site; write https://portal.example")
        for name in ("requests_per_minute", "burst"):
            if not 0 <= getattr(self, name) <= 1_000_000:
                raise ValueError(f"{name}: give a number from 0 to 1000000")
        if len(self.name) > 100 or not self.name.isprintable():
            raise ValueError("name: at most 100 characters on one line")


def load(
    path: str | os.PathLike[str] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """The settings of a file, then of the environment, which has the last word.

    Args:
        path: a TOML file; by default the one that FIHRIS_SETTINGS names, if any.
        environment: os.environ by default. Lists are parted by spaces.

    Raises SettingsError.
    """
    environment = os.environ if environment is None else environment
    path = path or environment.get(f"{PREFIX}SETTINGS") or None
    values: dict[str, Any] = {} if path is None else _read(Path(path))
    settings = _converted(values, str(path))
    known = {f"{PREFIX}{field.name.upper()}": field for field in msgspec.structs.fields(Settings)}
    _check(environment, known)
    for key, field in known.items():
        if (text := environment.get(key)) is not None:
            value = text.split() if isinstance(field.default, tuple) else text
            whole = msgspec.structs.asdict(settings) | {field.name: value}
            settings = _converted(whole, key)
    return settings


def _check(environment: Mapping[str, str], known: Iterable[str]) -> None:
    """Refuses variables that are nearly a setting. What others make of the same prefix is left
    alone: Kubernetes gives a service of our name variables such as FIHRIS_SERVICE_HOST."""
    known = {*known, *_OTHERS}
    for key in environment:
        if key.startswith(PREFIX) and key not in known:
            for meant in get_close_matches(key, known, 1, _NEARLY):
                raise SettingsError(f"{key}: there is no such setting; {meant} was meant, perhaps")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error


def _converted(values: dict[str, Any], where: str) -> Settings:
    try:
        # What the environment gives is text; in a file a number may as well stand in quotes.
        return msgspec.convert(values, Settings, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise SettingsError(f"{where}: {error}; docs/operations.md lists the settings") from error
