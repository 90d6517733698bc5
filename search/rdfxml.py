"""Statements of an RDF/XML file, read piece by piece.

Expat reads no file but the one it is given, and entities are refused, so that neither a network nor
a bomb of entities is reached. What is understood is what vocabularies are written in: nodes with
rdf:about, rdf:ID or rdf:nodeID, nested or not, properties with text, rdf:resource or
rdf:parseType="Resource", xml:lang and xml:base (https://www.w3.org/TR/rdf-syntax-grammar/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin
from xml.parsers import expat

import msgspec

from ..indexer.errors import InputError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "http://www.w3.org/XML/1998/namespace"
# Between the namespace and the name of an element; no address holds a space.
_JOINED = " "

#: What a file may hold, so that it is read in bounded time and memory.
MAX_BYTES = 512 << 20
MAX_LINES = 5_000_000
MAX_DEPTH = 64
#: Of one tag, in bytes, and of one text, in characters.
MAX_TAG = 1 << 20
MAX_TEXT = 1 << 14
_PIECE = 1 << 16


class Statement(NamedTuple):
    """What is said of a subject.

    Attributes:
        where: the file and line where the subject begins.
        subject: its address, or a name of its own.
        property: the property's address.
        value: a text, or the address of another subject.
        language: of a text, "" where none is told; None of an address.
    """

    where: str
    subject: str
    property: str
    value: str
    language: str | None


class _Element(msgspec.Struct):
    """An element that is open.

    Attributes:
        subject: of a node, else "".
        property: of a property, else "".
        where: it begins.
        language, base: that hold inside.
        text: of a property, so far.
    """

    where: str
    language: str
    base: str
    subject: str = ""
    property: str = ""
    text: list[str] = msgspec.field(default_factory=list)


def statements(path: Path) -> Iterator[Statement]:
    """The statements of a file, in its order.

    Raises InputError, naming file and line, and OSError.
    """
    reader = _Reader(path)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            reader.feed(piece)
            yield from reader.taken()
    reader.feed(b"")
    yield from reader.taken()


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path, self._fed, self._length = path, 0, 0
        self._open: list[_Element] = []
        self._found: list[Statement] = []
        self._unnamed = 0
        self._parser = expat.ParserCreate(namespace_separator=_JOINED)
        # Else a text comes in as many pieces as it has lines and references.
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._entity
        self._parser.SkippedEntityHandler = self._entity

    def feed(self, piece: bytes) -> None:
        """Reads on; nothing is left to come after an empty piece."""
        self._fed += len(piece)
        if self._fed > MAX_BYTES:
            raise self._bad(f"is beyond the first {MAX_BYTES >> 20} MiB", "leave languages out")
        try:
            self._parser.Parse(piece, not piece)
        except expat.ExpatError as error:
            said = expat.ErrorString(error.code)
            where = f"{self._path}:{error.lineno}"
            raise InputError(where, f"is no XML: {said}", "check the file") from None
        except (LookupError, ValueError) as error:
            raise self._bad(f"is in an encoding that is not known: {error}", "use UTF-8") from None
        if self._fed - self._parser.CurrentByteIndex > MAX_TAG + _PIECE:
            raise self._bad(f"a tag is over {MAX_TAG >> 20} MiB", "check the file")
        if self._parser.CurrentLineNumber > MAX_LINES:
            raise self._bad(f"is beyond the first {MAX_LINES:,} lines", "leave languages out")

    def taken(self) -> Iterator[Statement]:
        """What was found since it was asked last."""
        found, self._found = self._found, []
        yield from found

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        above = self._open[-1] if self._open else None
        if len(self._open) >= MAX_DEPTH:
            raise self._bad(f"has elements inside one another {MAX_DEPTH} deep", "check the file")
        element = _Element(
            f"{self._path}:{self._parser.CurrentLineNumber}",
            attributes.get(f"{_XML} lang", above.language if above else ""),
            attributes.get(f"{_XML} base", above.base if above else ""),
        )
        self._open.append(element)
        if above is not None and above.subject:
            self._start_property(element, above, name, attributes)
        elif name != f"{RDF} RDF":
            self._start_node(element, above, name, attributes)

    def _start_node(
        self, element: _Element, above: _Element | None, name: str, attributes: Mapping[str, str]
    ) -> None:
        element.subject = self._subject(element, attributes)
        if name != f"{RDF} Description":
            self._say(element, f"{RDF}type", name.replace(_JOINED, ""), None)
        for attribute, value in attributes.items():
            space = attribute.partition(_JOINED)[0]
            if _JOINED in attribute and space not in (RDF, _XML):
                self._say(element, attribute.replace(_JOINED, ""), value, element.language)
        if above is not None and above.property:
            owner = self._open[-3]
            self._say(owner, above.property, element.subject, None)

    def _start_property(
        self, element: _Element, above: _Element, name: str, attributes: Mapping[str, str]
    ) -> None:
        element.property = name.replace(_JOINED, "")
        for attribute in (f"{RDF} resource", f"{RDF} nodeID"):
            if (value := attributes.get(attribute)) is not None:
                named = "_:" + value if attribute.endswith("nodeID") else _at(element.base, value)
                self._say(above, element.property, named, None)
        if attributes.get(f"{RDF} parseType") == "Resource":
            # A node without a tag of its own: what is inside is said of it.
            element.subject = self._subject(element, {})
            self._say(above, element.property, element.subject, None)

    def _subject(self, element: _Element, attributes: Mapping[str, str]) -> str:
        if (about := attributes.get(f"{RDF} about")) is not None:
            return _at(element.base, about)
        if (name := attributes.get(f"{RDF} ID")) is not None:
            return _at(element.base, f"#{name}")
        if (name := attributes.get(f"{RDF} nodeID")) is not None:
            return f"_:{name}"
        self._unnamed += 1
        return f"_: {self._unnamed}"

    def _end(self, _: str) -> None:
        element = self._open.pop()
        text = "".join(element.text).strip()
        if element.property and text:
            self._say(self._open[-1], element.property, text, element.language)

    def _characters(self, text: str) -> None:
        if not self._open or not self._open[-1].property:
            return
        element = self._open[-1]
        if sum(map(len, element.text)) + len(text) > MAX_TEXT:
            raise self._bad(f"a text is over {MAX_TEXT:,} characters", "check the file")
        element.text.append(text)

    def _say(self, owner: _Element, name: str, value: str, language: str | None) -> None:
        self._found.append(Statement(owner.where, owner.subject, name, value, language))

    def _entity(self, name: str, *_: object) -> None:
        raise self._bad(
            f"has an entity of its own, {name[:40]!r}, which is not read", "write it out"
        )

    def _bad(self, what: str, advice: str) -> InputError:
        return InputError(f"{self._path}:{self._parser.CurrentLineNumber}", what, advice)


def _at(base: str, address: str) -> str:
    return urljoin(base, address) if base else address
