"""Lucene in a Java process of its own, given the words that Fihris finds (`lucene/`).

Maven compiles it and fetches its libraries once.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from . import sizes

_PROJECT = Path(__file__).parent / "lucene"
_TARGET = _PROJECT / "target"


class Lucene:
    """Raises ImportError where there is no Java, no Maven, or the libraries cannot be fetched."""

    def __init__(self) -> None:
        if missing := [tool for tool in ("java", "mvn") if not shutil.which(tool)]:
            raise ImportError(f"{missing[0]} is not installed")
        goals = ["compile", "dependency:copy-dependencies", "-DincludeScope=runtime"]
        sources = _PROJECT.glob("src/main/java/*.java")
        classes = [_TARGET / "classes" / f"{source.stem}.class" for source in sources]
        if all(each.exists() for each in classes) and (_TARGET / "dependency").exists():
            return
        built = subprocess.run(
            ["mvn", "-q", "-B", *goals], cwd=_PROJECT, capture_output=True, text=True
        )
        if built.returncode:
            raise ImportError(f"Maven could not build it: {built.stdout[-500:]}")

    def index(self, source: Path, folder: Path, most: int | None) -> dict[str, int]:
        command = _java("Indexing", source, folder)
        return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)

    def command(self, folder: Path, queries: Path) -> list[str]:
        """The process that answers as `worker` does."""
        return _java("Searching", folder, queries)

    def disk(self, folder: Path) -> dict[str, int]:
        kinds = {
            "stored text": (".fdt", ".fdx", ".fdm"),
            "postings": (".doc", ".pos"),
            "dictionary": (".tim", ".tip", ".tmd"),
        }
        return sizes(folder, kinds, "other")

    @property
    def version(self) -> str:
        """Of the library that was fetched."""
        (core,) = (_TARGET / "dependency").glob("lucene-core-*.jar")
        return core.stem.removeprefix("lucene-core-")


def _java(program: str, *arguments: Path) -> list[str]:
    classes = f"{_TARGET / 'classes'}:{_TARGET / 'dependency'}/*"
    return ["java", "-Xmx2g", "-cp", classes, program, *map(str, arguments)]
