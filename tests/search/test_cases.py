"""The readable cases of `tests/cases/seeds.yaml`, each against the demonstration collection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import regex
import yaml
from fihris.indexer import Index
from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.ingest import index_paths
from fihris.search import Hit, Results, Searcher, Snippet

ROOT = Path(__file__).parents[2]
CASES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/cases/seeds.yaml").read_text("utf-8"))
KEYS = {"query", "why", "first", "finds", "not", "only", "total", "marks", "suggests", "layer"}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    index = Index.create(tmp_path_factory.mktemp("cases") / "index")
    summary = index_paths(index, [ROOT / "seeds"])
    assert not summary.errors
    return Searcher(index)


def marked(snippet: Snippet) -> list[str]:
    """The marked stretches, those that only blanks and signs part taken together."""
    stretches: list[tuple[int, int]] = []
    for start, end in snippet.highlights:
        if stretches and not regex.search(r"\w", snippet.text[stretches[-1][1] : start]):
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    return [snippet.text[start:end] for start, end in stretches]


def check(case: dict[str, Any], results: Results) -> list[str]:
    """What of a case does not hold."""
    ids = [hit.id for hit in results.hits]
    counted = [hit.id for hit in results.hits if not hit.similar]
    wrong = []
    if "first" in case and ids[:1] != [case["first"]]:
        wrong.append(f"the first hit is {ids[:1]}, not {case['first']}")
    wrong += [f"{i} is not among the first 20" for i in case.get("finds", []) if i not in ids[:20]]
    wrong += [f"{i} was found" for i in case.get("not", []) if i in ids]
    if "only" in case and sorted(counted) != sorted(case["only"]):
        wrong.append(
            f"not found: {sorted(set(case['only']) - set(counted))}; "
            f"found besides: {sorted(set(counted) - set(case['only']))}"
        )
    if "total" in case and results.total != case["total"]:
        wrong.append(f"the total is {results.total}, not {case['total']}")
    stretches = [m for hit in results.hits for snippet in hit.snippets for m in marked(snippet)]
    wrong += [
        f"“{text}” is not marked"
        for text in case.get("marks", [])
        if not any(text in stretch for stretch in stretches)
    ]
    if "suggests" in case:
        offered = fold(casefold_key(results.suggestion))
        if fold(casefold_key(case["suggests"])) != offered:
            wrong.append(f"it suggests “{results.suggestion}”")
    if "layer" in case:
        wanted = (casefold_key(case["layer"]["word"]), case["layer"]["layer"])
        if wanted not in {(m.word, m.layer) for hit in results.hits for m in hit.matched}:
            wrong.append(f"no hit by {wanted}: {_matches(results.hits)}")
    return wrong


def _matches(hits: tuple[Hit, ...]) -> str:
    return ", ".join(sorted({f"{m.word} ({m.layer})" for hit in hits for m in hit.matched}))


@pytest.mark.parametrize("case", CASES, ids=[case["query"] for case in CASES])
def test_case(case: dict[str, Any], searcher: Searcher) -> None:
    assert set(case) <= KEYS
    wrong = check(case, searcher.search(case["query"], limit=100))
    assert not wrong, f"{case['query']} ({case['why']}): " + "; ".join(wrong)
