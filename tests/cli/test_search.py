"""`fihris search`: what is found, how it is printed, and the exit status."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import msgspec
import pytest
from fihris.cli.search import MAX_LIMIT, MAX_OFFSET, NOTES, PARTIAL, total
from fihris.search import Results, Searcher, searcher
from fihris.search.syntax import parse

from ..collections import giant, write
from .command import FIHRIS, Done, call, environment, run, run_on_terminal

ESCAPE = "\x1b"


def ids(done: Done) -> list[str]:
    return [json.loads(line)["id"] for line in done.lines]


def found(index: Path, *arguments: str) -> list[str]:
    return ids(call("search", "--index", index, "--json", *arguments))


def test_words_need_no_quotes(index: Path) -> None:
    assert found(index, "zebras") == ["letter 1"]
    assert sorted(found(index, "zebras", "okapis")) == ["letter 1", "untitled"]
    assert found(index, "zebras okapis") == found(index, "zebras", "okapis")
    assert found(index, '"under German command"') == ["archive/army-en.txt"]


@pytest.mark.parametrize(
    "words",
    [
        ["Vlasov", "-Prague"],
        ["-Prague", "Vlasov"],
        ["--", "-Prague", "Vlasov"],
        ["Vlasov", "--", "-Prague"],
        ["-Prague Vlasov"],
        ["Vlasov", "-(Prague", "Berlin)"],
        ["Vlasov", '-"to Prague"'],
    ],
)
def test_words_may_begin_with_a_dash(words: list[str], index: Path) -> None:
    assert found(index, *words) == ["archive/camp-en.txt"]


def test_options_behind_the_query(index: Path) -> None:
    done = call("search", "Vlasov", "-Prague", "--limit", "1", "--json", "--index", index)
    assert ids(done) == ["archive/camp-en.txt"]


def test_a_slip_in_an_option_is_named(index: Path) -> None:
    done = call("search", "--index", index, "--limt", "zebras")
    assert done.status == 0
    assert "--limt is no option of this command: it was searched as a word\n" in done.err


def test_json_lines(index: Path) -> None:
    done = run("search", "--index", index, "--json", "army", "armée", "--color", "always")
    hits = Searcher(index).search("army armée").hits
    assert [json.loads(line) for line in done.lines] == [hit.as_json() for hit in hits]
    assert len(hits) >= 2
    assert "documents found" in done.err


class Snippet(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    highlights: list[tuple[int, int]]
    start: int


class Match(msgspec.Struct, forbid_unknown_fields=True):
    query: str
    word: str
    layer: str


class Hit(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: str
    title_highlights: list[tuple[int, int]]
    language: str
    score: float
    source: str
    similar: bool
    snippets: list[Snippet]
    matched: list[Match]
    languages: list[str]
    date: str = ""


def test_shape_of_a_hit(index: Path) -> None:
    done = call("search", "--index", index, "--json", "army", "okapi", "جيش", "vlasof")
    assert len(done.lines) >= 4
    for line in done.lines:
        hit = msgspec.json.decode(line, type=Hit)
        assert hit.score > 0
        assert {match.layer for match in hit.matched} <= {
            "exact", "folded", "stem", "root", "similar", "corrected", "synonym",
        }  # fmt: skip
        assert hit.snippets
        for snippet in hit.snippets:
            assert all(0 <= a < b <= len(snippet.text) for a, b in snippet.highlights)


def test_json_holds_no_raw_control_characters(index: Path) -> None:
    done = call("search", "--index", index, "--json", "ocelot")
    assert re.search("[\0-\x09\x0b-\x1f\x7f-\x9f]", done.out) is None
    hit = json.loads(done.out)
    assert ESCAPE in hit["title"] or "\x9b" in hit["title"]


def test_plain_output(index: Path) -> None:
    done = call("search", "--index", index, "zebras")
    score = Searcher(index).search("zebras").hits[0].score
    assert done.out == (
        f" 1. A letter  [en]  {score:.2f}\n    letter 1  (Box 1)\n"
        "    He wrote of zebras and of nothing else.\n\n"
    )
    assert re.fullmatch(r"1 document found \(\d+ ms\)\n", done.err)


def test_why_it_was_found(index: Path) -> None:
    assert "\n    accents or marks: armée\n" in call("search", "--index", index, "armee").out
    assert "\n    other form: prisoners\n" in call("search", "--index", index, "prisoner").out
    corrected = call("search", "--index", index, "prisonners")
    assert "corrected: " in corrected.out
    assert "did you mean: prison" in corrected.err


def test_pages(index: Path) -> None:
    everything = found(index, "the army general")
    assert len(everything) > 2
    assert found(index, "--limit", "1", "--offset", "1", "the army general") == [everything[1]]
    second = call("search", "--index", index, "--limit", "1", "--offset", "1", "the army general")
    assert second.out.startswith(" 2. ")
    assert "; shown: 2 to 2" in second.err
    beyond = call("search", "--index", index, "--offset", "99", "the army general")
    assert (beyond.status, beyond.out) == (0, "")


def test_limits_are_those_of_the_searcher() -> None:
    assert (MAX_LIMIT, MAX_OFFSET) == (searcher.MAX_LIMIT, searcher.MAX_OFFSET)


@pytest.mark.parametrize("language", ["fr", "FR", "français", "fre"])
def test_language(language: str, index: Path) -> None:
    assert found(index, "--language", language, "1944") == ["archive/armee-fr.txt"]


def test_what_is_no_language(index: Path) -> None:
    done = call("search", "--index", index, "--language", "frnch", "1944")
    assert (done.status, done.out) == (2, "")
    assert "--language: 'frnch' is no language; write ar, fr, en" in done.err
    assert call("search", "--index", index, "--language", "zz", "1944").status == 1


@pytest.mark.parametrize("query", ["qqqqzzzz", "", "-", '""', "()", "\N{REPLACEMENT CHARACTER}"])
def test_nothing_found(query: str, index: Path) -> None:
    done = call("search", "--index", index, "--", query)
    assert (done.status, done.out) == (1, "")
    assert re.fullmatch(r"(.+\n)*nothing found \(\d+ ms\)\n", done.err)


def test_only_similar_words() -> None:
    results = Results("x", 0, 1, (), "", 0.25)
    assert total(results, 0) == "nothing found, 1 document with similar words only (250 ms)"
    results = Results("x", 1200, 2, (), "", 0.25)
    assert total(results, 0) == ("1,200 documents found, 2 others with similar words only (250 ms)")


@pytest.mark.parametrize(
    ("note", "query"),
    [
        ("unbalanced-quote", '"zebras'),
        ("unbalanced-parenthesis", "(zebras"),
        ("too-deep", "(" * 3000 + "zebras" + ")" * 3000),
        ("cut", "zebras " * 600),
        ("short-pattern", "zebras a*"),
    ],
)
def test_remarks_on_the_query(note: str, query: str, index: Path) -> None:
    assert note in parse(query).notes
    done = call("search", "--index", index, query)
    assert done.status == 0
    assert f"{NOTES[note]}\n" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--limit", "0", "x"],
        ["--limit", "1001", "x"],
        ["--offset", "-1", "x"],
        ["--color", "blue", "x"],
        ["--format", "trec", "x"],
        ["--run", "mine", "x"],
        ["--topics", "file", "x"],
        ["--topics", "file", "--json"],
        ["--topics", "file", "--language", "fr"],
        ["--topics", "file", "--offset", "1"],
    ],
)
def test_wrong_use(arguments: list[str], index: Path) -> None:
    done = call("search", "--index", index, *arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("Usage: ")


def test_only_the_first_line_is_wanted(index: Path) -> None:
    search = subprocess.Popen(
        [FIHRIS, "search", "--index", index, "the", "army"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    head = subprocess.run(["head", "-1"], stdin=search.stdout, capture_output=True, check=True)
    assert search.stdout is not None
    search.stdout.close()
    _, err = search.communicate(timeout=60)
    assert head.stdout.startswith(b" 1. ")
    assert search.returncode == 0
    assert b"Error" not in err
    assert b"Exception" not in err


def test_colour_and_directions_on_a_terminal(index: Path) -> None:
    done = run_on_terminal("search", "--index", index, "التحرير")
    assert done.status == 0
    assert "\x1b[1;31mالتحرير\x1b[0m" in done.out
    assert done.out.count("\u2068") == done.out.count("\u2069") > 0
    assert "1 document found" in done.out


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_on_a_terminal(env: dict[str, str], index: Path) -> None:
    done = run_on_terminal("search", "--index", index, "التحرير", env=env)
    assert done.status == 0
    assert ESCAPE not in done.out
    assert ("\u2068" in done.out) == ("NO_COLOR" in env)


@pytest.mark.parametrize(
    ("choice", "env", "coloured"),
    [
        ("always", {}, True),
        ("always", {"NO_COLOR": "1"}, True),
        ("auto", {}, False),
        ("never", {}, False),
    ],
)
def test_colour_in_a_pipe(choice: str, env: dict[str, str], coloured: bool, index: Path) -> None:
    done = call("search", "--index", index, "--color", choice, "zebras", **env)
    assert (ESCAPE in done.out) == coloured
    assert "\u2068" not in done.out


def test_never_means_never(index: Path) -> None:
    done = run_on_terminal("search", "--index", index, "--color", "never", "zebras")
    assert ESCAPE not in done.out


@pytest.mark.parametrize("choice", ["never", "always"])
def test_documents_cannot_write_to_the_terminal(choice: str, index: Path) -> None:
    done = run_on_terminal("search", "--index", index, "--color", choice, "ocelot")
    assert done.status == 0
    assert "owned" in done.out
    ours = re.sub("\x1b\\[(0|1|2|1;31)m|\u2068|\u2069|\r\n", "", done.out)
    assert re.search("[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ours) is None


@pytest.fixture
def synonyms(tmp_path: Path) -> Path:
    path = tmp_path / "synonyms.txt"
    path.write_text(f"quaggas, zebras, plains zebra\na,{' b' * 20}, c\n", encoding="utf-8")
    return path


def test_synonyms(index: Path, synonyms: Path) -> None:
    done = call("search", "--index", index, "quaggas", "--thesaurus", synonyms)
    assert "\n    synonym: zebras\n" in done.out
    note = f"{synonyms}: terms passed over: 1 of more than 16 words, the first in {synonyms}:2\n"
    assert done.err.startswith(note)
    done = call("search", "--index", index, "plains zebra", "--thesaurus", synonyms, "--json")
    assert done.status == 0
    assert call("search", "--index", index, "quaggas").status == 1


def test_skos_with_what_stands_above(index: Path, tmp_path: Path) -> None:
    path = tmp_path / "animals.rdf"
    path.write_text(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
            xmlns:skos="http://www.w3.org/2004/02/skos/core#">
          <skos:Concept rdf:about="#quagga"><skos:prefLabel>quaggas</skos:prefLabel>
            <skos:broader><skos:Concept rdf:about="#zebra">
              <skos:prefLabel xml:lang="en">zebras</skos:prefLabel>
            </skos:Concept></skos:broader>
          </skos:Concept>
        </rdf:RDF>""",
        encoding="utf-8",
    )
    arguments = ["search", "--index", index, "quaggas", "--thesaurus", path]
    assert call(*arguments).status == 1
    assert "\n    synonym: zebras\n" in call(*arguments, "--thesaurus-hierarchy").out


def test_the_environment_names_the_thesaurus(index: Path, synonyms: Path, tmp_path: Path) -> None:
    arguments = ["--index", index, "quaggas"]
    assert call("search", *arguments, FIHRIS_THESAURUS=str(synonyms)).status == 0
    topics = tmp_path / "topics.tsv"
    topics.write_text("1\tquaggas\n")
    many = call("search", "--index", index, "--topics", topics, "--thesaurus", synonyms)
    assert many.out.startswith("1 Q0 letter%201 1 ")
    options = ["--index", index, "--thesaurus", synonyms, "quaggas"]
    assert "finds (synonym): zebras 1" in call("analyze", *options).out
    assert "zebras: 1 × 0.5 (synonym)" in call("explain", *options, "letter 1").out


def test_a_bad_thesaurus_is_named(index: Path, synonyms: Path) -> None:
    synonyms.write_text("quaggas, zebras\nalone\n")
    done = call("search", "--index", index, "quaggas", "--thesaurus", synonyms)
    assert (done.status, done.out) == (2, "")
    assert f"fihris: {synonyms}:2: has one term only" in done.err


def test_what_is_too_much_is_said(tmp_path: Path) -> None:
    document, phrase = giant()
    write(tmp_path / "index", [[document]])
    for more in ([], ["--json"]):
        done = call("search", "--index", tmp_path / "index", *more, phrase)
        assert done.status == 0
        assert PARTIAL in done.err
        assert "at least 1 document found (" in done.err
    done = call("explain", "--index", tmp_path / "index", phrase, "giant")
    assert "too much to be looked for everywhere" in done.out
    assert PARTIAL not in call("search", "--index", tmp_path / "index", "filler").err
    topics = ["search", "--index", tmp_path / "index", "--topics", "-"]
    done = call(*topics, stdin=f"1\tfiller\n2\t{phrase}\n")
    assert [line.split()[0] for line in done.lines] == ["1", "2"]
    assert done.err.startswith("fihris: query 2: too much to be looked for everywhere")
    assert len(done.err.splitlines()) == 1
