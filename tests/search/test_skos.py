"""Thesauri in SKOS: what is read, and what is refused with its file and line."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest
from fihris.indexer.errors import InputError
from fihris.search import grouplines, rdfxml, skos
from fihris.search.thesaurus import Thesaurus

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:skos="http://www.w3.org/2004/02/skos/core#" xml:lang="en">
"""
BODY = """
<skos:Concept rdf:about="#army">
  <skos:prefLabel>army</skos:prefLabel>
  <skos:altLabel>armed
     forces</skos:altLabel>
  <skos:prefLabel xml:lang="fr">armée</skos:prefLabel>
  <skos:prefLabel xml:lang="ar">جيش</skos:prefLabel>
  <skos:hiddenLabel xml:lang="en-GB">amry</skos:hiddenLabel>
  <skos:prefLabel xml:lang="ja">軍</skos:prefLabel>
  <skos:definition>fights &amp; marches</skos:definition>
  <skos:broader rdf:resource="#organisation"/>
  <skos:related rdf:resource="#war"/>
</skos:Concept>
<rdf:Description rdf:about="#organisation">
  <rdf:type rdf:resource="http://www.w3.org/2004/02/skos/core#Concept"/>
  <skos:prefLabel>organisation</skos:prefLabel>
  <skos:narrower>
    <skos:Concept rdf:nodeID="n" skos:prefLabel="club">
      <skos:altLabel>society</skos:altLabel>
    </skos:Concept>
  </skos:narrower>
</rdf:Description>
<rdf:Description rdf:about="#organisation"><skos:altLabel>body</skos:altLabel></rdf:Description>
<skos:Concept rdf:about="#war"><skos:prefLabel>war</skos:prefLabel></skos:Concept>
"""
TAIL = "</rdf:RDF>"


def write(path: Path, body: str, head: str = HEAD, tail: str = TAIL) -> Path:
    path.write_text(head + body + tail, encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "army.rdf", BODY)


def test_the_labels_of_a_concept_are_a_group(file: Path) -> None:
    read = Thesaurus.read(file)
    assert read.words({"army"}, 9) == ["armée", "جيش", "amry"]
    assert read.phrases({"army"}, 9) == [("armed", "forces")]
    assert read.of_term(("armed", "forces"), 9)[0] == ("army",)
    assert read.words({"club"}, 9) == ["society"]
    # What is said of a concept in two places belongs together.
    assert read.words({"organisation"}, 9) == ["body"]
    assert read.words({"war"}, 9) == []
    assert read.notes == [f"{file}: terms passed over: 1 in languages that are not known"]


def test_broader_and_narrower_only_when_asked(file: Path) -> None:
    read = Thesaurus.read(file, hierarchy=True)
    assert read.words({"army"}, 9) == ["armée", "جيش", "amry", "organisation", "body"]
    assert read.words({"organisation"}, 9)[:2] == ["body", "army"]
    assert "society" in read.words({"organisation"}, 9)
    # One step, and what is merely related is none.
    assert "club" not in read.words({"army"}, 9)
    assert read.words({"war"}, 9) == []
    assert Thesaurus.read(file).digest != read.digest


def test_circles_are_no_harm(tmp_path: Path) -> None:
    body = "".join(
        f'<skos:Concept rdf:about="#c{n}"><skos:prefLabel>w{n}</skos:prefLabel>'
        f'<skos:broader rdf:resource="#c{(n + 1) % 3}"/><skos:broader rdf:resource="#c{n}"/>'
        f'<skos:narrower rdf:resource="#gone"/></skos:Concept>'
        for n in range(3)
    )
    read = Thesaurus.read(write(tmp_path / "circle.xml", body), hierarchy=True)
    assert read.words({"w0"}, 9) == ["w1", "w2"]


def test_addresses_are_relative_to_the_base(tmp_path: Path) -> None:
    body = """<rdf:Description xml:base="http://a/b" rdf:ID="x">
        <skos:prefLabel>one</skos:prefLabel></rdf:Description>
      <rdf:Description rdf:about="http://a/b#x"><skos:altLabel>two</skos:altLabel></rdf:Description>"""
    assert Thesaurus.read(write(tmp_path / "base.rdf", body)).words({"one"}, 9) == ["two"]


def test_other_encodings_that_xml_declares(tmp_path: Path) -> None:
    text = HEAD.replace("UTF-8", "iso-8859-1") + BODY.replace("جيش", "").replace("軍", "") + TAIL
    path = tmp_path / "latin.rdf"
    path.write_bytes(text.encode("iso-8859-1"))
    assert "armée" in Thesaurus.read(path).words({"army"}, 9)


XL = HEAD.replace("<rdf:RDF", '<rdf:RDF xmlns:skosxl="http://www.w3.org/2008/05/skos-xl#"')
XL_BODY = """
<skosxl:Label rdf:about="#before"><skosxl:literalForm>forces</skosxl:literalForm></skosxl:Label>
<skos:Concept rdf:about="#army">
  <skosxl:prefLabel>
    <skosxl:Label><skosxl:literalForm xml:lang="fr">armée</skosxl:literalForm></skosxl:Label>
  </skosxl:prefLabel>
  <skosxl:altLabel rdf:resource="#before"/>
  <skosxl:altLabel rdf:resource="#behind"/>
  <skosxl:altLabel rdf:resource="#gone"/>
  <skosxl:hiddenLabel rdf:parseType="Resource">
    <skosxl:literalForm>amry</skosxl:literalForm>
    <skosxl:literalForm xml:lang="ja">軍</skosxl:literalForm>
  </skosxl:hiddenLabel>
  <skos:altLabel>army</skos:altLabel>
</skos:Concept>
<skosxl:Label rdf:about="#behind"><skosxl:literalForm>jaysh</skosxl:literalForm></skosxl:Label>
<skosxl:Label rdf:about="#nobodys"><skosxl:literalForm>lost</skosxl:literalForm></skosxl:Label>
"""


def test_labels_that_are_resources(tmp_path: Path) -> None:
    file = write(tmp_path / "xl.rdf", XL_BODY, head=XL)
    read = Thesaurus.read(file)
    assert read.words({"army"}, 9) == ["armée", "forces", "jaysh", "amry"]
    assert not read.holds({"lost"})
    assert read.notes == [f"{file}: terms passed over: 1 in languages that are not known"]


def test_too_many_labels_that_are_resources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skos, "MAX_STATEMENTS", 5)
    with pytest.raises(InputError, match="beyond the first 5 labels"):
        Thesaurus.read(write(tmp_path / "xl.rdf", XL_BODY, head=XL))


DEEP = "<skos:a><skos:b>" * rdfxml.MAX_DEPTH
BOMB = """<?xml version="1.0"?>
<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<r>&b;</r>"""
NETWORK = """<?xml version="1.0"?>
<!DOCTYPE r SYSTEM "http://127.0.0.1:9/none.dtd">
<r>&far;</r>"""
FILE = """<?xml version="1.0"?>
<!DOCTYPE r [
<!ENTITY a SYSTEM "file:///etc/passwd">]>
<r>&a;</r>"""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ":1: is no XML: no element found"),
        (HEAD + "<skos:Concept>\n</skos:Other>", ":5: is no XML: mismatched tag"),
        (HEAD + BODY, "is no XML: no element found"),
        ("army, armée", ":1: is no XML: syntax error"),
        (HEAD + DEEP, "has elements inside one another 64 deep"),
        (BOMB, ":2: has an entity of its own, 'a'"),
        (FILE, ":3: has an entity of its own, 'a'"),
        (NETWORK, ":3: has an entity of its own, 'far'"),
        (HEAD + TAIL, "broken.rdf: holds no label of a SKOS concept"),
        (
            HEAD + f"<skos:Concept><skos:prefLabel>{'x' * 20_000}",
            ":4: a text is over 16,384 characters",
        ),
        (HEAD.replace("UTF-8", "klingon") + TAIL, ":1: is "),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "broken.rdf"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        Thesaurus.read(path)
    assert said in str(raised.value)


def test_what_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.rdf"
    path.write_bytes((HEAD + BODY + TAIL).encode("utf-8").replace("é".encode(), b"\xe9"))
    with pytest.raises(InputError, match=r"latin\.rdf:9: is no XML: not well-formed"):
        Thesaurus.read(path)


def test_files_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "large.rdf", BODY + "\n" * 500)
    for module, name, limit, said in (
        (rdfxml, "MAX_LINES", 100, r"large\.rdf:\d+: is beyond the first 100 lines"),
        (rdfxml, "MAX_BYTES", 1000, r"large\.rdf:\d+: is beyond the first 0 MiB"),
        (skos, "MAX_STATEMENTS", 4, r"large\.rdf:5: is beyond the first 4 labels"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, limit)
            with pytest.raises(InputError, match=said):
                Thesaurus.read(path)


def test_a_concept_of_very_many_labels(tmp_path: Path) -> None:
    labels = "".join(f"<skos:altLabel>w{n}</skos:altLabel>" for n in range(60))
    path = write(tmp_path / "many.rdf", f"<skos:Concept>{labels}</skos:Concept>")
    read = Thesaurus.read(path)
    assert len(read.words({"w0"}, 99)) == grouplines.MAX_GROUP - 1
    assert read.notes == [f"{path}: terms passed over: 10 beyond 50 of their concept"]


@pytest.mark.slow
def test_endless_tags_and_endless_lines_are_refused_in_bounded_time_and_memory(
    tmp_path: Path,
) -> None:
    tag, lines = tmp_path / "tag.rdf", tmp_path / "lines.rdf"
    tag.write_text(f"{HEAD}<skos:Concept a='{'x' * 50_000_000}'/>{TAIL}", encoding="utf-8")
    with lines.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for _ in range(1000):
            file.write("<skos:Concept>\n</skos:Concept>\n" * 5000)
    for path, said in ((tag, "a tag is over 1 MiB"), (lines, "is beyond the first 5,000,000 line")):
        tracemalloc.start()
        begin = time.process_time()
        with pytest.raises(InputError, match=said):
            Thesaurus.read(path)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
        tracemalloc.stop()
        assert time.process_time() - begin < 300


# Turtle

TURTLE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<#army> a skos:Concept ; skos:prefLabel "army"@en, "armée"@fr ; skos:altLabel "armed forces"@en ;
  skos:prefLabel "軍"@ja ; skos:broader <#body> .
[] skos:prefLabel "alone" ; skos:altLabel "single" .
<#body> skos:prefLabel "body" .
"""


@pytest.mark.slow
def test_turtle(tmp_path: Path) -> None:
    path = tmp_path / "army.ttl"
    path.write_text("@base <http://a/> .\n" + TURTLE, encoding="utf-8")
    read = Thesaurus.read(path)
    assert read.words({"army"}, 9) == ["armée"]
    assert read.phrases({"army"}, 9) == [("armed", "forces")]
    assert read.words({"alone"}, 9) == ["single"]
    assert Thesaurus.read(path, hierarchy=True).words({"army"}, 9) == ["armée", "body"]


@pytest.mark.slow
def test_bad_turtle_is_named(tmp_path: Path) -> None:
    path = tmp_path / "army.ttl"
    for content in (TURTLE + '\n<x> skos:prefLabel "open .', TURTLE.replace("armée", "arm\udce9e")):
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
        with pytest.raises(InputError, match=r"army\.ttl:\d: is no Turtle"):
            Thesaurus.read(path)


@pytest.mark.slow
def test_labels_that_are_resources_in_turtle(tmp_path: Path) -> None:
    file = tmp_path / "xl.ttl"
    text = """
        @prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
        <a:army> skosxl:prefLabel <a:label>, [ skosxl:literalForm "armée"@fr ] .
        <a:label> skosxl:literalForm "army"@en .
    """
    file.write_text(text, encoding="utf-8")
    assert Thesaurus.read(file).words({"army"}, 9) == ["armée"]


def test_turtle_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyoxigraph", None)
    path = tmp_path / "army.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    with pytest.raises(InputError, match=r"install fihris\[turtle\]"):
        Thesaurus.read(path)
