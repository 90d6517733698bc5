"""Thesauri in SKOS (https://www.w3.org/TR/skos-reference/): the labels of a concept are a group.

A label is a text, or with SKOS-XL (appendix B there) a resource of its own that has a text.

RDF/XML is read as it is (`rdfxml`); Turtle with pyoxigraph, where it is installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import msgspec

from ..indexer.errors import InputError
from ..indexer.languages import LANGUAGES
from ..indexer.words import words
from . import rdfxml
from .grouplines import MAX_GROUP
from .rdfxml import Statement

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_XL = "http://www.w3.org/2008/05/skos-xl#"
_KINDS = ("pref", "alt", "hidden")
_LABELS = {f"{_SKOS}{name}Label" for name in _KINDS}
_XL_LABELS, _XL_TEXT = {f"{_XL}{name}Label" for name in _KINDS}, f"{_XL}literalForm"
_BROADER, _NARROWER = f"{_SKOS}broader", f"{_SKOS}narrower"
_KNOWN = {language.code for language in LANGUAGES}

_READ = {*_LABELS, *_XL_LABELS, _XL_TEXT, _BROADER, _NARROWER}

#: What a file may hold: labels in known languages (a resource and its text are two), and steps
#: between concepts.
MAX_STATEMENTS = 1_000_000


class _Concept(msgspec.Struct):
    where: str
    labels: dict[str, None] = msgspec.field(default_factory=dict)


class Skos:
    """A file of concepts.

    Attributes:
        foreign: labels in languages that are not known, which were passed over.
        beyond: labels of concepts beyond the first `MAX_GROUP`, which were passed over.
    """

    def __init__(self, path: Path, *, turtle: bool) -> None:
        self._path = path
        self._read = _turtle if turtle else rdfxml.statements
        self.foreign = self.beyond = 0

    def groups(self, *, hierarchy: bool) -> Iterator[tuple[str, list[str]]]:
        """Where each concept stands, and its labels: preferred, alternative and hidden ones, in the
        languages that are known or not told.

        Raises InputError, naming file and line, and OSError.

        Args:
            hierarchy: a concept and the one above it make a group more.
        """
        concepts: dict[str, _Concept] = {}
        steps: dict[tuple[str, str], None] = {}
        # A label that is a resource may stand before what tells its text, or behind it.
        resources: list[Statement] = []
        texts: dict[str, list[Statement]] = {}
        count = 0
        for each in self._read(self._path):
            if each.language is not None and each.property in _LABELS:
                count += self._add(concepts, each)
            elif each.language is None and each.property in _XL_LABELS:
                resources.append(each)
                count += 1
            elif each.language is not None and each.property == _XL_TEXT:
                if self._is_known(each):
                    texts.setdefault(each.subject, []).append(each)
                    count += 1
            elif hierarchy and each.property in (_BROADER, _NARROWER):
                up = each.property == _BROADER
                steps[(each.subject, each.value) if up else (each.value, each.subject)] = None
                count += 1
            if count > MAX_STATEMENTS:
                raise InputError(
                    each.where, f"is beyond the first {MAX_STATEMENTS:,} labels", "leave some out"
                )
        for label in resources:
            for text in texts.get(label.value, ()):
                self._add(concepts, text._replace(where=label.where, subject=label.subject))
        if not concepts:
            raise InputError(
                str(self._path), "holds no label of a SKOS concept", "check that it is SKOS"
            )
        for concept in concepts.values():
            yield concept.where, list(concept.labels)
        for narrower, broader in steps:
            # A circle of steps is no harm, since nobody goes farther than one.
            if narrower != broader and narrower in concepts and broader in concepts:
                one, other = concepts[narrower], concepts[broader]
                yield one.where, [*one.labels, *other.labels]

    def _add(self, concepts: dict[str, _Concept], label: Statement) -> int:
        if not self._is_known(label) or not words(label.value):
            return 0
        concept = concepts.setdefault(label.subject, _Concept(label.where))
        if len(concept.labels) >= MAX_GROUP:
            self.beyond += 1
            return 0
        concept.labels[label.value] = None
        return 1

    def _is_known(self, label: Statement) -> bool:
        """Whether a label is in a language that is known or not told."""
        code = (label.language or "").lower().partition("-")[0]
        known = not code or code in _KNOWN
        self.foreign += not known
        return known


def _turtle(path: Path) -> Iterator[Statement]:
    try:
        oxigraph = import_module("pyoxigraph")
    except ImportError:
        raise InputError(
            str(path),
            "is Turtle, which needs the library pyoxigraph",
            "install fihris[turtle], or save the thesaurus as RDF/XML",
        ) from None
    with path.open("rb") as file:
        try:
            for triple in oxigraph.parse(input=file, format=oxigraph.RdfFormat.TURTLE):
                value = triple.object
                language = None
                if isinstance(value, oxigraph.Literal):
                    language = value.language or ""
                if triple.predicate.value in _READ:
                    yield Statement(
                        str(path),
                        str(triple.subject),
                        triple.predicate.value,
                        value.value if language is not None else str(value),
                        language,
                    )
        except SyntaxError as error:
            raise InputError(
                f"{path}:{error.lineno}", f"is no Turtle: {error.msg}", "check the file"
            ) from None
