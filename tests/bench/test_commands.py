"""The commands as they are run, on a small collection.

They need the libraries of `bench`, which `make test` does without.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from fihris.indexer import Index
from fihris.indexer.ingest import index_paths

from .folders import JUDGED, write

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
JUDGED_HERE = ROOT / "tests" / "search" / "judged"


def call(module: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_measures_by_hand(tmp_path: Path) -> None:
    """q1 finds its answer first, q2 finds nothing, q3 finds it behind another."""
    corpus = ['{"id": "d1", "text": "red apples"}', '{"id": "d2", "text": "red red pears"}']
    queries = ["q1\tapples", "q2\tzzzz", "q3\tred"]
    folder = write(tmp_path / "hand", corpus, queries, qrels=[f"q{n} 0 d1 1" for n in (1, 2, 3)])
    done = call("bench.relevance", folder)
    assert done.returncode == 0, done.stderr
    row = cells(done.stdout.splitlines()[2])
    assert row[:2] == ["hand", "3"]
    # (1 + 0 + 1 / log2(3)) / 3, (1 + 0 + 1) / 3, (1 + 0 + 1/2) / 3
    assert row[2:] == ["0.5436", "0.6667", "0.5000"]


def test_a_run_beside_an_earlier_one(tmp_path: Path) -> None:
    results, picture = tmp_path / "results", tmp_path / "difference.svg"
    done = call("bench.relevance", "--results", results, "--save", "whole", JUDGED_HERE)
    assert done.returncode == 0, done.stderr
    less = call("bench.relevance", "--results", results, "--against", "whole", "--ablate", "stem",
                "--plot", picture, JUDGED_HERE)  # fmt: skip
    assert less.returncode == 0, less.stderr
    whole_row, less_row = (cells(each.stdout.splitlines()[2]) for each in (done, less))
    assert float(less_row[2][:6]) < float(whole_row[2])
    assert "(-0." in less_row[2]
    assert "judged" in picture.read_text()
    kept = msgspec.json.decode((results / "relevance-whole.json").read_bytes())
    assert set(kept["judged"]) == {"nDCG@10", "Recall@100", "MRR@10"}
    same = call("bench.relevance", "--results", results, "--against", "whole", JUDGED_HERE)
    assert "(+0.0000, +0.0000 to +0.0000)" in same.stdout


def test_what_each_layer_brings(tmp_path: Path) -> None:
    picture = tmp_path / "layers.svg"
    done = call("bench.relevance.ablation", "--plot", picture, JUDGED_HERE)
    assert done.returncode == 0, done.stderr
    rows = {cells(line)[0]: cells(line)[1] for line in done.stdout.splitlines()[2:]}
    assert float(rows["stem"].split(",")[0]) > 0
    assert "stop_pairs" in picture.read_text()


def test_crossvalidation(tmp_path: Path) -> None:
    other = write(tmp_path / "other")
    picture = tmp_path / "chosen.png"
    done = call("bench.relevance.crossvalidation", "--settings", 2, "--sample", 5, "--plot",
                picture, JUDGED_HERE, other)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [cells(line)[0] for line in done.stdout.splitlines()[2:4]] == ["judged", "other"]
    assert "Best on all of them:" in done.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_what_is_wrong_is_said_in_one_line(tmp_path: Path) -> None:
    folder = write(tmp_path / "bad", qrels=[*JUDGED, "q1"])
    one = write(tmp_path / "one")
    for arguments, said in (
        (["bench.relevance", folder], "qrels.txt, line 4: is not: query id"),
        (["bench.relevance", "--against", "never", one], "make it with --save never"),
        (["bench.relevance", "--save", "a/b", one], "'a/b': is no name for a run"),
        (["bench.relevance", "--plot", tmp_path / "no" / "x.svg", one], "cannot be drawn"),
        (["bench.relevance", "--plot", tmp_path / "x.doc", one], "cannot be drawn"),
        (["bench.relevance.ablation", tmp_path / "none"], "is missing"),
        (["bench.relevance.crossvalidation", one], "are all related"),
    ):
        done = call(*arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_notes_go_to_standard_error(tmp_path: Path) -> None:
    folder = write(tmp_path / "notes", qrels=["q1 0 d1 1", "q1 0 gone 1"])
    done = call("bench.relevance", folder)
    assert done.returncode == 0
    assert "1 judged documents are not in corpus.jsonl" in done.stderr
    assert "2 of 3 queries have no judgement" in done.stderr
    assert "| notes | 1 |" in done.stdout


def test_a_kept_run_that_is_damaged_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "one")
    for content in (b"{", b'{"one": 1}', b"\xff"):
        (tmp_path / "relevance-old.json").write_bytes(content)
        done = call("bench.relevance", "--results", tmp_path, "--against", "old", folder)
        assert done.returncode == 2
        assert "relevance-old.json: is no run that was kept" in done.stderr


def test_the_most_expensive_queries(tmp_path: Path) -> None:
    done = call("bench.corpus", "--documents", 200, tmp_path / "corpus.jsonl")
    assert done.returncode == 0, done.stderr
    done = call("bench.queries", tmp_path / "corpus.jsonl", tmp_path / "queries.tsv")
    assert done.returncode == 0, done.stderr
    index = tmp_path / "index"
    index_paths(Index.create(index), [tmp_path / "corpus.jsonl"], jobs=1)
    done = call("bench.bounds", "--queries", tmp_path / "queries.tsv", index)
    assert done.returncode == 0, done.stderr
    assert "200 documents" in done.stdout
    assert done.stdout.rstrip().endswith("ordinary queries cut: 0")
    assert done.stdout.count("| yes |") == 0


@pytest.mark.parametrize("kind", ["--empty", "--distinct"])
def test_unusual_collections(kind: str) -> None:
    done = call("bench.bounds", kind, 3000)
    assert done.returncode == 0, done.stderr
    words = {"--empty": "3,000 documents, 0 words", "--distinct": "300 documents, 3,000 words"}
    assert words[kind] in done.stdout
